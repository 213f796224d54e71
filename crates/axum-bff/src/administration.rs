//! The sessions of everybody, for the people who operate an application: listed, shown, and ended.

pub(crate) mod api;
mod shown;
mod told;

pub use shown::{AdministeredSession, AdministeredSessions};
pub(crate) use told::{Administrator, refusals_told};

use crate::bff::Bff;
use crate::error::Failure;
use crate::events::AdministrativeAct;
use crate::session::Session;
use axum::http::StatusCode;
use bff_contract::problem::Code;
use bff_session::store::StoreError;
use bff_session::{Cursor, EndedSession, IndexKey, ListedSessions, LiveSession, Scope};
use std::time::Duration;

/// A page has at most so many sessions.
pub(crate) const LONGEST_PAGE: usize = 200;

/// So many sessions are ended between two waits for the revocation of their tokens: fewer than may wait to be revoked.
const BATCH: usize = 1000;

/// How long the end of all sessions waits, once, for a provider that does not take the tokens.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which sessions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// Those of everybody.
    All,
    /// Those of the person with this `sub` at the issuer of the settings.
    Subject(String),
    /// Those that belong to this session of the provider (`sid`).
    Sid(String),
    /// The one of this name ([`AdministeredSession::name`]).
    Name(String),
}

/// Why sessions were not listed or ended.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// The cursor is none that a list has given.
    #[error("the place in the list is none that a list has given")]
    Cursor,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure for AdministrationError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Cursor => StatusCode::BAD_REQUEST,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn problem_code(&self) -> Code {
        match self {
            Self::Cursor => Code::BadRequest,
            Self::Store(_) => Code::SessionStoreUnavailable,
        }
    }
}

/// Lists, shows and ends the sessions of everybody: [`Bff::administration`].
///
/// It asks for no role. The code that calls it lets in whom it should: the HTTP API has a rule
/// ([`Builder::administration`](crate::Builder::administration)), and a page or a server function has a line in the access
/// table.
///
/// ```
/// use axum_bff::administration::{AdministrationError, Selected};
/// use axum_bff::{Bff, Session};
///
/// async fn dismissed(session: Session, subject: String) -> Result<usize, AdministrationError> {
///     session.administration().end(Selected::Subject(subject)).await
/// }
///
/// async fn newest(bff: &Bff) -> Result<(), AdministrationError> {
///     let page = bff.administration().list(&Selected::All, None, 50).await?;
///     for session in page.sessions {
///         println!("{}: {} since {}", session.name, session.subject, session.signed_in_at);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Administration {
    bff: Bff,
    by: Option<Administrator>,
}

impl Bff {
    /// The sessions of everybody, for code of the application that serves no request. The events of its acts name no
    /// administrator.
    #[must_use]
    pub fn administration(&self) -> Administration {
        Administration {
            bff: self.clone(),
            by: None,
        }
    }
}

impl<C> Session<C> {
    /// The sessions of everybody, administered by the person of this session: the events of each act name this person.
    #[must_use]
    pub fn administration(&self) -> Administration {
        Administration {
            bff: self.bff().clone(),
            by: Some(Administrator::of(self)),
        }
    }
}

impl Administration {
    /// A page of at most `count` live sessions (1 to 200), the newest first. `after` is the
    /// [`next`](AdministeredSessions::next) of the page before. A page may have fewer sessions and a next page all the same.
    ///
    /// Its cost does not depend on how many sessions there are. Of [`Selected::All`] the list has the sessions that have been
    /// written since this version runs; an older one is found by its subject, and stands in the list from its next activity on.
    ///
    /// # Errors
    ///
    /// An [`AdministrationError`].
    pub async fn list(
        &self,
        selected: &Selected,
        after: Option<&str>,
        count: usize,
    ) -> Result<AdministeredSessions, AdministrationError> {
        let after = after.map(|text| Cursor::parse(text).ok_or(AdministrationError::Cursor));
        let (after, count) = (after.transpose()?, count.clamp(1, LONGEST_PAGE));
        let issuer = self.bff.relying_party.issuer();
        let page = match selected {
            Selected::All => self.bff.sessions.all(after, count).await?,
            Selected::Name(name) => ListedSessions {
                sessions: self.found(name).await?.into_iter().collect(),
                next: None,
            },
            Selected::Subject(subject) => {
                let scope = Scope::Person(subject);
                self.of_key(IndexKey { issuer, scope }, after, count).await?
            }
            Selected::Sid(sid) => {
                let scope = Scope::Session(sid);
                self.of_key(IndexKey { issuer, scope }, after, count).await?
            }
        };
        self.tell(AdministrativeAct::Listed);
        let shown = page.sessions.iter();
        Ok(AdministeredSessions {
            sessions: shown.map(|(name, live)| self.shown(name, live)).collect(),
            next: page.next.map(|next| next.to_text()),
        })
    }

    /// The live session of this name. None where there is none.
    ///
    /// # Errors
    ///
    /// An [`AdministrationError`].
    pub async fn show(&self, name: &str) -> Result<Option<AdministeredSession>, AdministrationError> {
        let found = self.found(name).await?;
        self.tell(AdministrativeAct::Shown);
        Ok(found.map(|(name, live)| self.shown(&name, &live)))
    }

    /// Ends sessions with the reason [`EndReason::Administrator`](bff_contract::session::EndReason::Administrator), and says
    /// how many. Open pages hear of it within a second. The tokens are revoked, as at a sign-out. A login under way of a person,
    /// of a session of the provider, or of everybody is overtaken: it does not become a session. A refresh under way loses.
    ///
    /// It goes on although the caller is gone. [`Selected::All`] ends the session of the administrator too.
    ///
    /// # Errors
    ///
    /// [`AdministrationError::Store`] where the store does not answer: some may go on.
    pub async fn end(&self, selected: Selected) -> Result<usize, AdministrationError> {
        let this = self.clone();
        let end = async move {
            let ended = this.ended(&selected).await;
            this.tell(AdministrativeAct::Ended);
            if let Err(error) = &ended {
                tracing::warn!(code = error.code(), cause = ?error, "an administrator could not end all sessions that were meant");
            }
            ended
        };
        Ok(self.bff.tasks.run(end, |_| async {}).await?)
    }

    async fn ended(&self, selected: &Selected) -> Result<usize, StoreError> {
        let (bff, issuer) = (&self.bff, self.bff.relying_party.issuer());
        let revoke = |ended: EndedSession| bff.revocations.revoke(ended.tokens);
        let at = self.providers_time();
        match selected {
            Selected::All => self.end_everybody().await,
            Selected::Subject(subject) => {
                let scope = Scope::Person(subject);
                let key = IndexKey { issuer, scope };
                bff.sessions.end_for_administrator(key, at, revoke).await
            }
            Selected::Sid(sid) => {
                let scope = Scope::Session(sid);
                let key = IndexKey { issuer, scope };
                bff.sessions.end_for_administrator(key, at, revoke).await
            }
            Selected::Name(name) => {
                let ended = bff.sessions.end_by_name(name).await?;
                Ok(ended.map(revoke).map_or(0, |()| 1))
            }
        }
    }

    async fn end_everybody(&self) -> Result<usize, StoreError> {
        let bff = &self.bff;
        // A mark that cannot be written keeps no session alive.
        let marked = bff.sessions.overtake_all(self.providers_time()).await;
        let (mut count, mut after, mut provider_answers) = (0, None, true);
        loop {
            let revoke = |ended: EndedSession| bff.revocations.revoke(ended.tokens);
            let (ended, next) = bff.sessions.end_page(after, BATCH, revoke).await?;
            count += ended;
            // A bounded number of tokens may wait to be revoked.
            if provider_answers {
                let revoked = tokio::time::timeout(PATIENCE, bff.revocations.done());
                provider_answers = revoked.await.is_ok();
            }
            if next.is_none() {
                return marked.map(|()| count);
            }
            after = next;
        }
    }

    async fn of_key(
        &self,
        key: IndexKey<'_>,
        after: Option<Cursor>,
        count: usize,
    ) -> Result<ListedSessions, StoreError> {
        let mut sessions = self.bff.sessions.of_key(key).await?;
        sessions.retain(|(name, live)| after.is_none_or(|after| Cursor::after(name, live) < Some(after)));
        sessions.sort_by_cached_key(|(name, live)| std::cmp::Reverse(Cursor::after(name, live)));
        let has_more = sessions.len() > count;
        sessions.truncate(count);
        let last = sessions.last().filter(|_| has_more);
        let next = last.and_then(|(name, live)| Cursor::after(name, live));
        Ok(ListedSessions { sessions, next })
    }

    async fn found(&self, name: &str) -> Result<Option<(String, LiveSession)>, StoreError> {
        let live = self.bff.sessions.named(name).await?;
        Ok(live.map(|live| (name.to_owned(), live)))
    }

    fn shown(&self, name: &str, live: &LiveSession) -> AdministeredSession {
        AdministeredSession::of(name, live, self.bff.sessions.lifetime())
    }

    /// Now, by the clock of the provider as far as it is known: a login that it vouched for by then is overtaken.
    fn providers_time(&self) -> time::OffsetDateTime {
        let offset = self.bff.relying_party.clock_offset();
        let ahead = offset.map_or(time::Duration::ZERO, |offset| offset.ahead);
        self.bff.clock.now() + ahead.max(time::Duration::ZERO)
    }

    fn tell(&self, act: AdministrativeAct) {
        self.bff.events.administered(act, self.by.as_ref());
    }
}
