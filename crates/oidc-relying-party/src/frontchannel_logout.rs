//! Whether the provider's pages may sign people out here (OpenID Connect Front-Channel Logout 1.0 §2, §3).

use super::RelyingParty;

impl RelyingParty {
    /// Whether requests of the front channel are listened to. Anybody can send one, so this never reads from the provider.
    ///
    /// As long as no metadata has been read, the answer is yes, because a refused logout leaves a person signed in.
    #[must_use]
    pub fn listens_to_front_channel(&self) -> bool {
        let inner = self.inner();
        inner.registration.frontchannel_logout.is_on(|| {
            let metadata = inner.metadata.peek();
            metadata.is_none_or(|metadata| metadata.frontchannel_logout_supported)
        })
    }
}
