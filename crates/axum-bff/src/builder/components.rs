//! The components of a backend-for-frontend, made from settings in the order in which one needs the other.

use super::administration::administrators;
use super::{BuildError, Builder};
use crate::access_tokens::{AccessTokens, OnRefresh};
use crate::audit::Audit;
use crate::bff::{Components, Listening};
use crate::bounds::Bounds;
use crate::claims::ClaimsPolicy;
use crate::config::{SettingWarning, StoreSettings};
use crate::event_streams::EventStreams;
use crate::events::Events;
use crate::metrics::{self, EventCounters, Metrics, RefreshMetrics};
use crate::page_policy::PagePolicy;
use crate::rate::Rate;
use crate::relay::{Relay, TokenSource};
use crate::reload::Reload;
use crate::revocation::Revocations;
use crate::tasks::Tasks;
use crate::trace_context;
use bff_clock::Clock;
use bff_session::Sessions;
use bff_session::store::{MemoryStore, RedisStore, Store};
use oidc_relying_party::RelyingParty;
use std::sync::Arc;

impl Builder {
    pub(super) async fn components(self) -> Result<Components, BuildError> {
        let access = self.access.access();
        let checks = self.checks.of_table(&access).map_err(BuildError::Checks)?;
        let (config, clock) = (*self.config.ok_or(BuildError::NoSettings)?, self.clock);
        let path = config.http.public_url.path();
        if !path.is_empty() && !self.works_below_a_path {
            return Err(BuildError::Path(path.to_owned()));
        }
        let claims = Arc::new(config.claims.with_rules_of(self.access));
        if !self.is_looked_at {
            each_is_seen(&claims)?;
        }
        say_risks(&config.warnings);
        let metrics = config.metrics.map_or_else(Metrics::default, |_| Metrics::on());
        let (store, redis) = store(&config.session.store, self.memory, &clock, &metrics).await?;
        let keys = Arc::new(config.session.keys);
        let audit = Audit::start(config.audit, &keys, &clock)?;
        let events = Events::new(self.event_hook, clock.clone())
            .counted(EventCounters::new(&metrics))
            .audited(audit);
        let mut sessions = Sessions::new(store, keys.clone(), config.session.lifetime, clock.clone())
            .with_at_most(config.session.each);
        if events.are_heard() || metrics.are_on() {
            let events = events.clone();
            sessions = sessions.with_observer(move |observed| events.observe(observed));
        }
        let mut registration = config.registration;
        registration.post_logout_redirect_uri = config.http.public_url.join(self.paths.signed_out);
        registration.further_headers = Some(trace_context::add_current_to);
        let relying_party = RelyingParty::with_recorder(registration, clock.clone(), metrics.recorder())?;
        let revocations = Revocations::new(&relying_party);
        let access_tokens = AccessTokens::new(
            sessions.clone(),
            relying_party.clone(),
            OnRefresh {
                claims: claims.clone(),
                hooks: self.hooks.clone(),
                revocations: revocations.clone(),
                events: events.clone(),
                metrics: RefreshMetrics::new(&metrics),
            },
            clock.clone(),
        );
        let tokens = TokenSource {
            access_tokens: access_tokens.clone(),
            relying_party: relying_party.clone(),
            clock: clock.clone(),
        };
        let relay = Relay::new(config.apis, sessions.clone(), tokens, metrics.recorder())?;
        if !self.is_looked_at {
            each_is_named(&self.calls, &relay)?;
        }
        Ok(Components {
            access,
            administration: administrators(self.administration)?,
            checks,
            paths: self.paths,
            problem_page: self.problem_page,
            access_tokens,
            relying_party,
            redis,
            revocations,
            tasks: Tasks::default(),
            relay,
            calls: self.calls,
            event_streams: EventStreams::default().counted(metrics::open_event_streams(metrics.recorder())),
            frontchannel_logouts: Rate::of_strangers(clock.clone()),
            callbacks: Rate::of_strangers(clock.clone()),
            page_failures: Rate::of_strangers(clock.clone()),
            sessions,
            keys,
            clock,
            public_url: Arc::new(config.http.public_url),
            cookies: config.http.cookies,
            trusted_proxies: Arc::new(config.http.trusted_proxies),
            hooks: self.hooks,
            events,
            metrics,
            at_start: config.at_start,
            claims,
            for_machines: self.for_machines,
            bounds: Bounds {
                usual_answer: config.http.answer_timeout,
                ..self.bounds
            },
            redis_authorities: config.session.redis_authorities,
            redis_certificate: config.session.redis_certificate,
            reload: Reload::new(config.origin),
            http: Listening {
                listen: config.http.listen,
                certificate: config.http.certificate,
                metrics: config.metrics,
                connections: config.http.connections,
                grace: config.http.shutdown_grace,
                site: config.http.site,
                page_policy: PagePolicy::of(&config.http.page_sources),
            },
        })
    }
}

/// A rule about a claim that no page sees would mean something else than it says.
fn each_is_seen(claims: &ClaimsPolicy) -> Result<(), BuildError> {
    let unseen = claims.unseen();
    if unseen.is_empty() {
        Ok(())
    } else {
        Err(BuildError::Claims(unseen))
    }
}

fn each_is_named(calls: &[&'static str], relay: &Relay) -> Result<(), BuildError> {
    for name in calls {
        relay.named(name).map_err(BuildError::UnknownApi)?;
    }
    Ok(())
}

pub(crate) fn say_risks(warnings: &[SettingWarning]) {
    for SettingWarning { name, problem } in warnings {
        tracing::warn!(code = "setting_risky", setting = name, "{problem}");
    }
}

async fn store(
    settings: &StoreSettings,
    memory: Option<MemoryStore>,
    clock: &Arc<dyn Clock>,
    metrics: &Metrics,
) -> Result<(Arc<dyn Store>, Option<RedisStore>), BuildError> {
    match settings {
        StoreSettings::Memory => {
            let memory = memory.unwrap_or_else(|| MemoryStore::new(clock.clone()));
            Ok((Arc::new(memory), None))
        }
        StoreSettings::Redis(settings) => {
            let redis = RedisStore::connect(settings, clock.clone()).await;
            let redis = redis.map_err(BuildError::Redis)?.with_recorder(metrics.recorder());
            Ok((Arc::new(redis.clone()), Some(redis)))
        }
    }
}
