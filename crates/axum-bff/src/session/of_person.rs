//! The sessions of the signed-in person, listed and ended.

use super::Session;
use bff_session::store::StoreError;
use bff_session::{EndedSession, Ending, LiveSession};
use time::OffsetDateTime;

/// So many other sessions stand on one page.
const ON_A_PAGE: usize = 50;

/// One of a person's sessions. It holds nothing that would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// The name by which [`Session::end_other`] ends it: opaque, safe in an address, and not the session's id.
    pub name: String,
    /// Whether it is the session that asks.
    pub is_this: bool,
    /// When the person signed in.
    pub signed_in_at: OffsetDateTime,
    /// When something was last asked of the server. Written down at most once a minute.
    pub last_seen: OffsetDateTime,
    /// Seconds since `last_seen`, on the server's clock.
    pub last_seen_ago: u64,
    /// Seconds until the session's absolute limit; nothing extends it.
    pub expires_in: u64,
    /// Seconds until the session ends if nothing more is asked of the server.
    pub idle_expires_in: u64,
    /// The `User-Agent` that the browser sent at the sign-in, at most 256 bytes: untrusted.
    pub user_agent: String,
    /// The address from which the person signed in, if the server knows it.
    pub address: Option<std::net::IpAddr>,
}

/// A page of a person's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionsPage {
    /// The session that asks, and the others of this page: the newest first.
    pub sessions: Vec<OwnSession>,
    /// How many others there are on all pages.
    pub others: u32,
    /// Which page this is, counted from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
}

/// Why another session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndOtherError {
    /// It is the session that asks: [`paths::LOGOUT`](crate::paths::LOGOUT) ends it.
    #[error("a session cannot end itself in this way: sign-out does that")]
    This,
    /// The person has no session of this name.
    #[error("the person has no session of this name")]
    NotFound,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<C> Session<C> {
    /// A page of the person's sessions, the newest first, this session always among them. Pages are counted from 1; a
    /// number out of range gives the nearest page.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store does not answer.
    pub async fn sessions_of_person(&self, page: u32) -> Result<SessionsPage, StoreError> {
        let this = self.name();
        let all = self.bff.sessions.of_person(self.identity()).await.inspect_err(log)?;
        let is_this = |(name, _): &(String, LiveSession)| this.as_ref() == Some(name);
        let (mut shown, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_this);
        others.sort_by(|(name, live), (other_name, other)| {
            (other.signed_in_at, other_name).cmp(&(live.signed_in_at, name))
        });
        let count = others.len();
        let pages = u32::try_from(count.div_ceil(ON_A_PAGE)).unwrap_or(u32::MAX).max(1);
        let page = page.clamp(1, pages);
        let before = ON_A_PAGE.saturating_mul(page as usize - 1);
        shown.extend(others.into_iter().skip(before).take(ON_A_PAGE));
        shown.sort_by_key(|(_, live)| std::cmp::Reverse(live.signed_in_at));
        Ok(SessionsPage {
            sessions: shown.into_iter().map(|found| self.own(found)).collect(),
            others: u32::try_from(count).unwrap_or(u32::MAX),
            page,
            pages,
        })
    }

    fn own(&self, (name, live): (String, LiveSession)) -> OwnSession {
        let (now, lifetime) = (self.bff.clock.now(), self.bff.sessions.lifetime());
        let seconds = |time: time::Duration| u64::try_from(time.whole_seconds()).unwrap_or(0);
        OwnSession {
            is_this: self.name().as_deref() == Some(&name),
            name,
            signed_in_at: live.signed_in_at,
            last_seen: live.last_seen,
            last_seen_ago: seconds(now - live.last_seen),
            expires_in: seconds(lifetime.absolute_end(&live) - now),
            idle_expires_in: seconds(lifetime.idle_end(&live) - now),
            user_agent: live.seen_from.user_agent.clone(),
            address: live.seen_from.address,
        }
    }

    /// Ends another of the person's sessions, by its [`OwnSession::name`], and revokes its tokens.
    ///
    /// # Errors
    ///
    /// An [`EndOtherError`]. A name of somebody else's session is [`EndOtherError::NotFound`].
    pub async fn end_other(&self, name: &str) -> Result<(), EndOtherError> {
        if self.name().as_deref() == Some(name) {
            return Err(EndOtherError::This);
        }
        let (bff, identity, name) = (self.bff.clone(), self.identity().clone(), name.to_owned());
        let end = async move {
            let ended = bff.sessions.end_named(&identity, &name, Ending::Elsewhere).await;
            let ended = ended.inspect_err(log)?.ok_or(EndOtherError::NotFound)?;
            bff.revocations.revoke(ended.tokens);
            Ok(())
        };
        self.bff.tasks.run(end, |_| async {}).await
    }

    /// Ends all of the person's sessions but this one, and revokes their tokens.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store does not answer: some may go on.
    pub async fn end_others(&self) -> Result<(), StoreError> {
        let (bff, identity, this) = (self.bff.clone(), self.identity().clone(), self.presented.id.clone());
        let end = async move {
            let revoke = |ended: EndedSession| bff.revocations.revoke(ended.tokens);
            let ended = bff.sessions.end_others(&identity, &this, revoke).await;
            ended.map(|_| ()).inspect_err(log)
        };
        self.bff.tasks.run(end, |_| async {}).await
    }

    /// The name of this session, as lists of sessions have it. It opens nothing.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.bff.sessions.name(&self.presented.id)
    }
}

fn log(error: &StoreError) {
    tracing::warn!(code = error.code(), cause = ?error, "a person's sessions cannot be reached");
}
