//! `doctor`: checks the settings, the provider and Redis, and lists the faults to mend before anybody signs in
//! ([`doctor`](fn@crate::doctor)).
//!
//! It changes nothing: it begins no session, listens on no address, writes nothing to Redis, and sends the provider
//! only requests that it has to refuse. It prints no secret. The facts come from the relying party and the session
//! store ([`RelyingParty::diagnose`], [`diagnose_redis`](bff_session::store::diagnose_redis)); this module puts them
//! into words.

mod access;
mod audit;
mod choices;
mod client;
mod provider;
mod redis;
mod report;
mod settings;

pub use report::Report;

use crate::bff::Bff;
use crate::config::{Config, WrongSettings};
use crate::routes::RouteList;
use bff_clock::SystemClock;
use oidc_relying_party::RelyingParty;
use std::sync::Arc;

impl From<WrongSettings> for Report {
    /// The faults in the settings. Without settings nothing else can be checked.
    fn from(wrong: WrongSettings) -> Self {
        let mut report = Self::default();
        settings::are_wrong(&mut report, &wrong.0);
        report
    }
}

impl Report {
    /// Checks everything. `config` has the real settings; `application` was built with others.
    pub(crate) async fn of(config: Config, application: &Bff, routes: &RouteList) -> Self {
        let mut report = Self::default();
        look_at(config, application, routes, &mut report).await;
        report
    }
}

async fn look_at(config: Config, application: &Bff, routes: &RouteList, report: &mut Report) {
    settings::check(report, &config);
    audit::check(report, &config.audit);
    access::check(report, &config, &application.access, routes);
    access::routes(report, application, routes);
    access::administration(report, application.administration);
    access::calls(report, &config, &application.calls);
    redis::check(report, &config.session.store).await;
    match RelyingParty::new(config.registration, Arc::new(SystemClock)) {
        Ok(relying_party) => {
            let diagnosis = relying_party.diagnose().await;
            provider::check(report, &diagnosis);
            choices::check(report, &diagnosis);
            client::check(report, &diagnosis, &config.http.public_url);
        }
        Err(error) => {
            report.section("The provider");
            report.wrong(
                "settings",
                error.to_string(),
                "correct the setting; `bff --help` describes every setting",
            );
        }
    }
}
