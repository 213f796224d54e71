//! Every route and every layer, in order.
//!
//! ```text
//! outer                    an id, a line in the log; headers; every failure inside becomes a page or a problem document
//! ├ back-channel logout    called by the provider's server, with a signed token; bounds of its own
//! ├ routes for machines    called by other servers, which the application authenticates; timeout
//! └ csrf                   a change has to come from our own pages
//!   ├ session              one read
//!   │ └ relay              signed in, from our own pages; its own time-outs and limits
//!   ├ administration       no prefetch, timeout, body limit, session; each refusal is told
//!   └ no prefetch, timeout, body limit
//!     ├ auth routes        each reads the session itself
//!     └ session            one read
//!       ├ unknown paths    404 for everybody
//!       └ access           the table: default deny
//!         └ pages, server functions, the application's own routes
//! ```
//!
//! Static files, our public keys and the health routes stand outside all of it: they read no session. Back-channel
//! logout is outside `csrf` by its place in the router, not by an exception list.
//!
//! Each route has all of its layers in one, so that axum boxes a request once around them. Innermost stands `shared`: see
//! there.

use crate::bff::Bff;
use crate::error::Error;
use crate::response::see_other;
use crate::routes::has_default_fallback;
use crate::{administration, apis, auth, health, middleware as layer, paths, sign_in_failed, static_files};
use axum::Router;
use axum::extract::{RawQuery, Request};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{Route, get, post};
use std::convert::Infallible;
use tower::{Layer, Service, ServiceBuilder};

/// The layers, from the outside to the inside. Macros, because their types name the service inside.
macro_rules! outer {
    ($bff:expr) => {
        ServiceBuilder::new()
            .layer(layer::around(layer::outer($bff.clone())))
            .layer(layer::shared())
    };
}
macro_rules! ours {
    ($bff:expr) => {
        ServiceBuilder::new()
            .layer(outer!($bff))
            .layer(layer::around(layer::check(layer::csrf($bff.public_url.clone()))))
            .layer(layer::around(layer::check(layer::refuse_prefetch)))
            .layer(layer::around(layer::timeout($bff.clone())))
            .layer(layer::around(layer::body_limit($bff.clone())))
    };
}
macro_rules! session {
    ($bff:expr) => {
        ServiceBuilder::new()
            .layer(layer::around(layer::with_session($bff.clone())))
            .layer(layer::shared())
    };
}

impl Bff {
    /// The whole application: `application` behind [`Bff::layer`], and [`Bff::routes`] beside it.
    ///
    /// A router that is given here already has its state ([`Router::with_state`]). A path without a route is 404 for
    /// everybody, signed in or not, unless a line of the access table names it. If the router has a fallback of its own, the fallback answers in place of that, and
    /// needs a session as every route does that the access table does not list.
    pub fn router(&self, application: Router) -> Router {
        let leads_nowhere = has_default_fallback(&application);
        // Of two routers without a fallback of their own, axum keeps that of the second: a fallback of the application has to
        // stand behind the layer.
        let whole = self.routes().merge(application.layer(self.layer()));
        self.below(if leads_nowhere {
            whole.merge(self.unknown_paths())
        } else {
            whole
        })
    }

    /// The answer to a path that no route has. It shows who is signed in. A rule of the table holds there too, so that other
    /// people do not learn which paths below it have a route.
    fn unknown_paths(&self) -> Router {
        let bff = self.clone();
        let nothing = async move |request: Request| -> Result<StatusCode, Error> {
            let (parts, _) = request.into_parts();
            let path = parts.uri.path();
            if let Some(line) = bff.access.line(path) {
                layer::admitted(&bff, (line, bff.access.rule(path)), &parts).await?;
            }
            Ok(StatusCode::NOT_FOUND)
        };
        Router::new()
            .fallback(nothing)
            .layer(ServiceBuilder::new().layer(ours!(self)).layer(session!(self)))
    }

    /// The same routes below the path of `BFF_PUBLIC_URL`, if it has one
    /// ([`Builder::works_below_a_path`](crate::Builder::works_below_a_path)): for an application that puts [`Bff::layer`]
    /// and [`Bff::routes`] together itself. The health routes are at the root too, for requests past the proxy.
    pub fn below(&self, whole: Router) -> Router {
        let public_url = &self.public_url;
        if public_url.path().is_empty() {
            return whole;
        }
        let whole = ServiceBuilder::new()
            .layer(from_fn_with_state(public_url.clone(), layer::below))
            .service(whole);
        // Without its slash the home page would be of another folder: a relative address in it would lead past the path.
        let home = public_url.seen("/");
        let to_home = get(async move |RawQuery(query): RawQuery| match query {
            Some(query) => see_other(&format!("{home}?{query}")),
            None => see_other(&home),
        });
        Router::new()
            .route(public_url.path(), to_home)
            .fallback(async || StatusCode::NOT_FOUND)
            .layer(outer!(self))
            .merge(health::routes().with_state(self.clone()))
            .nest_service(&public_url.seen("/"), whole)
    }

    /// The API for an administrator. A refusal by any of the layers inside is told to the stream of events.
    fn administered(&self) -> Router<Self> {
        let told = administration::refusals_told(self.clone());
        administration::api::routes().layer(
            ServiceBuilder::new()
                .layer(outer!(self))
                .layer(layer::around(told))
                .layer(layer::around(layer::check(layer::csrf(self.public_url.clone()))))
                .layer(layer::around(layer::check(layer::refuse_prefetch)))
                .layer(layer::around(layer::timeout(self.clone())))
                .layer(layer::around(layer::body_limit(self.clone())))
                .layer(session!(self)),
        )
    }

    /// The layer around each route of the application: the log, headers, CSRF, the session, the rules of access, and the
    /// answer to a failure. A route outside of it is open to everybody, and to every site.
    pub fn layer(
        &self,
    ) -> impl Layer<
        Route,
        Service: Service<
            Request,
            Response = impl IntoResponse + 'static,
            Error = impl Into<Infallible> + 'static,
            Future: Send + 'static,
        > + Clone
                     + Send
                     + Sync
                     + 'static,
    > + Clone
    + Send
    + Sync
    + 'static {
        ServiceBuilder::new()
            .layer(ours!(self))
            .layer(layer::around(layer::with_session(self.clone())))
            .layer(layer::around(layer::access(self.clone())))
            .map_response(layer::form_response(self.public_url.clone()))
            .layer(layer::shared())
    }

    /// The routes of the sign-in, the relay and the health checks, and the files of `BFF_SITE`. The application is merged
    /// into them, as [`Bff::router`] does it: the other way round an unknown path would be answered outside of
    /// [`Bff::layer`].
    pub fn routes(&self) -> Router {
        let ours = Router::new()
            .route(
                paths::SESSION,
                post(auth::extend_session).layer(session!(self)).get(auth::session),
            )
            .route(paths::SIGN_IN_FAILED, get(sign_in_failed::page).layer(session!(self)))
            .route(paths::LOGIN, get(auth::login))
            .route(paths::CALLBACK, get(auth::callback).head(auth::refuse_head))
            .route(paths::LOGOUT, post(auth::logout))
            .route(paths::LOGOUT_AT_PROVIDER, get(auth::at_provider))
            .route(paths::DISMISS, post(auth::dismiss))
            .route(paths::PAGE_FAILED, post(auth::page_failed))
            .route(paths::EVENTS, get(auth::events))
            .route(
                paths::FRONTCHANNEL_LOGOUT,
                get(auth::frontchannel_logout).head(auth::refuse_head),
            )
            .layer(ServiceBuilder::new().layer(ours!(self)).layer(layer::shared()));
        let from_the_provider = Router::new()
            .route(paths::BACKCHANNEL_LOGOUT, post(auth::backchannel_logout))
            .layer(outer!(self));
        // Bodies pass through in both directions, with bounds of their own.
        let apis = apis::routes().layer(
            ServiceBuilder::new()
                .layer(outer!(self))
                .layer(layer::around(layer::check(layer::csrf(self.public_url.clone()))))
                .layer(session!(self)),
        );
        // Without a fallback of their own: axum would take it for every unknown path of the application, outside of its layer.
        // And strangers may send half a body: without a bound in time it would keep its connection for ever.
        let for_machines = self.for_machines.clone().reset_fallback().with_state(()).layer(
            ServiceBuilder::new()
                .layer(outer!(self))
                .layer(layer::around(layer::timeout(self.clone())))
                .layer(layer::shared()),
        );
        let mut dynamic = ours.merge(from_the_provider).merge(for_machines).merge(apis);
        if self.administration.is_some() {
            dynamic = dynamic.merge(self.administered());
        }
        let static_files =
            static_files::routes(self.site()).layer(from_fn_with_state(self.clone(), layer::static_headers));
        dynamic
            .merge(static_files)
            .route(paths::JWKS, get(auth::jwks))
            .merge(health::routes())
            .with_state(self.clone())
    }
}
