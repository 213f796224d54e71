//! Looks at an application and does not serve it: for `routes` and `doctor`.

use crate::bff::Bff;
use crate::builder::Builder;
use crate::config::Config;
use crate::doctor::Report;
use crate::error::ApplicationError;
use crate::routes::RouteList;
use axum::Router;

/// The list that `bff routes` prints: a line for each page, server function and route, with its access rule. For a program
/// that does not call [`run`](crate::run).
///
/// `application` is a function as [`run`](crate::run) takes it. It is called with settings that reach no provider and no
/// store ([`Config::in_memory`]).
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_bff::{ApplicationError, Bff, Builder, access, access::Table};
///
/// const TABLE: Table = access! { "/" => Public };
///
/// async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
///     let router = Router::new().route("/", get(async || "Hello")).route("/me", get(async || "you"));
///     Ok((builder.access(TABLE).build().await?, router))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), ApplicationError> {
/// let list = axum_bff::routes(application).await?;
/// assert_eq!(list.lines().count(), 2);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// That of `application`.
pub async fn routes<F, R>(application: F) -> Result<String, ApplicationError>
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let (bff, routes) = in_memory(application, "").await?;
    Ok(routes.table(&bff.access))
}

/// The report that `bff doctor` prints: checks of the settings, the provider and Redis. For a program that does not call
/// [`run`](crate::run). It changes nothing, prints nothing, and holds no secret.
///
/// `application` is a function as [`run`](crate::run) takes it. It is called with settings that reach no provider and no
/// store ([`Config::in_memory`]); `config` has the real ones.
///
/// ```no_run
/// # use axum::Router;
/// # use axum_bff::{Bff, Builder};
/// use axum_bff::{ApplicationError, config::Config, doctor::Report};
/// use std::process::ExitCode;
///
/// # async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
/// #     Ok((builder.build().await?, Router::new()))
/// # }
/// async fn doctor() -> Result<ExitCode, ApplicationError> {
///     let report = match Config::from_environment() {
///         Ok(config) => axum_bff::doctor(config, application).await?,
///         Err(wrong) => Report::from(wrong),
///     };
///     print!("{report}");
///     Ok(if report.sign_in_can_work() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
/// }
/// ```
///
/// # Errors
///
/// That of `application`.
pub async fn doctor<F, R>(config: Config, application: F) -> Result<Report, ApplicationError>
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let (bff, routes) = in_memory(application, config.http.public_url.path()).await?;
    Ok(Box::pin(Report::of(config, &bff, &routes)).await)
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
