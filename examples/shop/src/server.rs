//! The server side: the settings, the router, and functions for the server functions.

use crate::access::{OWNS_ORDER, TABLE};
use crate::app::{App, shell};
use crate::database::{Database, DatabaseError, Person};
use crate::goods::Good;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::config::settings::{DefaultValue, Setting};
use axum_bff::config::{OwnSettings, Source};
use axum_bff::{Account, ApplicationError, Bff, Builder, Identity, Session, SignIn};
use leptos::config::get_configuration;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::problem::Problem;
use leptos_bff::server::{pages, provide_request, refuse, session};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::PathBuf;

/// The state of the shop's own routes.
#[derive(Clone, FromRef)]
struct Shop {
    options: LeptosOptions,
    database: Database,
}

/// The shop's own settings. They have the same sources as the settings of `axum-bff`: `SHOP_DATABASE`, or `database`
/// under `[shop]` in the file of `--config`.
#[derive(Debug)]
pub struct ShopSettings {
    database: PathBuf,
}

impl OwnSettings for ShopSettings {
    const PREFIX: &'static str = "SHOP_";
    const SETTINGS: &'static [Setting] = &[Setting::new(
        "SHOP_DATABASE",
        DefaultValue::Value("shop.sqlite"),
        "The file of the database.",
    )];

    fn read(source: &mut Source) -> Option<Self> {
        let database = source.text("SHOP_DATABASE");
        Some(Self {
            database: database?.into(),
        })
    }
}

/// The shop with the database of its settings.
///
/// # Errors
///
/// A setting is wrong, or the database cannot be opened.
pub async fn application(builder: Builder, settings: ShopSettings) -> Result<(Bff, Router), ApplicationError> {
    with_database(builder, Database::open(&settings.database)?).await
}

/// The shop with this database.
///
/// # Errors
///
/// A setting is wrong.
pub async fn with_database(builder: Builder, database: Database) -> Result<(Bff, Router), ApplicationError> {
    let options = get_configuration(None)?.leptos_options;
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let problem = render_app_async_with_context(provide_request, document.clone());
    let (people, orders) = (database.clone(), database.clone());
    let builder = builder
        .access(TABLE)
        .on_sign_in(move |sign_in| account(people.clone(), sign_in))
        .check(OWNS_ORDER, move |Path(id): Path<String>, session: Session| {
            owns_order(orders.clone(), id, session)
        });
    let bff = builder.problem_page(problem).works_below_a_path().build().await?;
    let shop = Shop { options, database };
    let provide = {
        let database = shop.database.clone();
        move || {
            provide_request();
            provide_context(database.clone());
        }
    };
    let router = Router::new()
        .route("/rest/goods", get(goods))
        .leptos_routes_with_context(&shop, pages(App), provide, document)
        .with_state(shop);
    Ok((bff, router))
}

/// The claims about a person's email address.
#[derive(Deserialize)]
struct Address {
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
}

/// The shop's roles for a person who signs in. An address that the provider has not verified may belong to anybody.
async fn account(database: Database, sign_in: SignIn) -> Result<Account, ApplicationError> {
    let Address { email, email_verified } = sign_in.claims_as()?;
    let is_staff = match email.filter(|_| email_verified) {
        Some(email) => database.is_staff(email).await?,
        None => false,
    };
    let account = Account::new();
    Ok(if is_staff { account.role("staff") } else { account })
}

/// Whether an order belongs to the person. The answer is also no for an order that does not exist and for an id that is
/// no number, so that nobody learns which numbers exist.
async fn owns_order(database: Database, id: String, session: Session) -> Result<bool, ApplicationError> {
    match id.parse() {
        Ok(id) => Ok(database.owns_order(named(session.identity()), id).await?),
        Err(_) => Ok(false),
    }
}

/// All goods as JSON, for other programs.
async fn goods(State(database): State<Database>) -> Result<Json<Vec<Good>>, StatusCode> {
    let goods = database.goods().await;
    goods.map(Json).map_err(|error| status(&error))
}

/// The database, for a server function.
pub(crate) fn database() -> Database {
    expect_context()
}

/// The signed-in person, for a server function.
pub(crate) fn person() -> Result<Person, Problem> {
    Ok(named(session::<IgnoredAny>()?.identity()))
}

fn named(identity: &Identity) -> Person {
    Person {
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
    }
}

/// The problem that the browser gets for a failure of the database.
pub(crate) fn failed(error: DatabaseError) -> Problem {
    refuse(status(&error))
}

fn status(error: &DatabaseError) -> StatusCode {
    match error {
        DatabaseError::NotThere => StatusCode::NOT_FOUND,
        DatabaseError::Sqlite(_) | DatabaseError::Stopped(_) => {
            tracing::error!(code = "database_failed", %error, "the database failed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
