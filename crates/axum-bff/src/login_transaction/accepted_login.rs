//! The login after the provider's answer: the lengths that the browser carried, and the mark that it is finished.

use super::Login;
use bff_session::Sessions;
use bff_session::store::StoreError;
use oidc_relying_party::AuthorizationGrant;
use time::OffsetDateTime;

/// A login whose answer is the provider's, and that may have been finished before.
#[derive(Debug)]
pub struct AcceptedLogin {
    pub(super) id: [u8; 16],
    pub(super) expires_at: OffsetDateTime,
    pub(super) login: Login,
    pub(super) carried: Carried,
    pub(super) grant: AuthorizationGrant,
}

/// The lengths of `state` and code that the browser carried for a login, and its beginning, for people to see.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// When the login began.
    pub begun_at: OffsetDateTime,
    /// The length of `state`, in characters.
    pub state_length: usize,
    /// The length of the code, in characters.
    pub code_length: usize,
    /// Whether the answer named its issuer (RFC 9207).
    pub iss: bool,
}

impl AcceptedLogin {
    /// The lengths that the browser carried.
    #[must_use]
    pub fn carried(&self) -> Carried {
        self.carried
    }

    /// Marks the login as finished, on all replicas: the code is sent once. None: it was marked before.
    ///
    /// # Errors
    ///
    /// A [`StoreError`].
    pub async fn finish_once(self, sessions: &Sessions) -> Result<Option<(Login, AuthorizationGrant)>, StoreError> {
        let is_first = sessions.spend(self.id, self.expires_at).await?;
        Ok(is_first.then_some((self.login, self.grant)))
    }
}
