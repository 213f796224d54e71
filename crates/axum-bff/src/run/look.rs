//! The subcommands that look at an application and do not serve it: `bff routes` and `bff doctor`.

use super::said;
use crate::bff::Bff;
use crate::builder::Builder;
use crate::config::Config;
use crate::error::ApplicationError;
use crate::routes::RouteList;
use axum::Router;
use std::io::Write;
use std::process::ExitCode;

/// `bff routes`.
pub(super) async fn list<F, R>(application: F) -> Result<(), ApplicationError>
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let (bff, routes) = in_memory(application, "").await?;
    std::io::stdout().write_all(routes.table(&bff.access).as_bytes())?;
    Ok(())
}

/// `bff doctor`.
pub(super) async fn examine<F, R>(config: Config, application: F) -> ExitCode
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    match in_memory(application, config.http.public_url.path()).await {
        Ok((bff, routes)) => Box::pin(crate::doctor::run(config, &bff, &routes)).await,
        Err(error) => said(Err(error)),
    }
}

/// The application with settings that reach no provider and no store, and name no API. It fails as at its start if it does not
/// work below `path`.
async fn in_memory<F, R>(application: F, path: &str) -> Result<(Bff, RouteList), ApplicationError>
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let public_url = format!("https://app.example.com{path}");
    let config = Config::in_memory(&[("BFF_PUBLIC_URL", &public_url)])?;
    let (bff, router) = application(Bff::builder().settings(config).looked_at()).await?;
    Ok((bff, RouteList::of(&router)))
}

#[cfg(test)]
mod tests {
    use super::in_memory;
    use crate::relay::ApiName;
    use crate::{ApplicationError, Bff, Builder};
    use axum::Router;
    use axum::routing::get;

    struct Orders;

    impl ApiName for Orders {
        const NAME: &'static str = "orders";
    }

    async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
        let bff = builder.calls::<Orders>().build().await?;
        Ok((bff, Router::new().route("/orders", get(async || "orders"))))
    }

    #[tokio::test]
    async fn an_application_that_calls_an_api_is_looked_at_without_the_settings_of_it() {
        let (bff, routes) = in_memory(application, "").await.expect("it is looked at");
        assert!(routes.paths().eq(["/orders"]), "{routes:?}");
        assert_eq!(bff.calls, ["orders"]);
    }

    #[tokio::test]
    async fn an_application_that_does_not_work_below_a_path_is_refused_as_at_its_start() {
        let refused = in_memory(application, "/shop")
            .await
            .expect_err("it says nothing of a path");
        let words = refused.to_string();
        assert!(words.contains("BFF_PUBLIC_URL") && words.contains("/shop"), "{words}");
    }
}
