//! Revoking tokens and whole grants (RFC 7009 §2.1).

use super::Grants;

impl Grants {
    /// Revokes a token: with a refresh token the whole grant, with an access token that token alone. An unknown
    /// token needs no revocation (§2.2).
    pub(crate) fn revoke(&self, token: &str) {
        let records = &mut *self.records();
        records.access_tokens.remove(token);
        if let Some(token) = records.refresh_tokens.get(token) {
            records.revoked.insert(token.grant.id.clone());
        }
    }

    /// Revokes everything that a person granted so far.
    pub(crate) fn revoke_all_of(&self, username: &str) {
        let records = &mut *self.records();
        let of_refresh_tokens = records.refresh_tokens.values().map(|token| &token.grant);
        let of_access_tokens = records
            .access_tokens
            .values()
            .filter_map(|token| match &token.value.holder {
                super::Holder::Person(grant) => Some(grant),
                super::Holder::Client(_) => None,
            });
        let grants = of_refresh_tokens.chain(of_access_tokens);
        let ids = grants
            .filter(|grant| grant.username == username)
            .map(|grant| grant.id.clone());
        records.revoked.extend(ids);
    }
}
