//! The codes that leave the server. The log has the exact one, which check of which token failed;
//! a page has one of these, for which the `app` crate has words.

use super::Error;
use crate::relying_party::{AuthorizationResponseError, DiscoveryError, Fault, IdTokenError, RedeemError};

impl Error {
    /// The code that a page or a problem document says.
    #[must_use]
    pub fn spoken_code(&self) -> &'static str {
        match self {
            Self::Callback(_) => "callback_malformed",
            Self::AuthorizationRequest(error) if error.fault() == Fault::Settings => "client_misconfigured",
            Self::Discovery(error) => discovery(error),
            Self::AuthorizationResponse(error) => authorization_response(error),
            Self::Redeem(error) => redeem(error),
            Self::AuthorizationRequest(_) => "provider_unavailable",
            Self::Store(error) if self.status().as_u16() == 503 => error.code(),
            Self::Store(_) => "internal",
            Self::LoginTransaction(_)
            | Self::Establish(_)
            | Self::SessionEnded(_)
            | Self::Relay(_)
            | Self::EventStreams(_)
            | Self::SessionUnreadable
            | Self::TooOften(_)
            | Self::CrossSite
            | Self::NotANavigation
            | Self::LoginLoop
            | Self::InAdvance
            | Self::SignInRequired
            | Self::RoleMissing(_)
            | Self::ClaimMissing(_)
            | Self::NotEntitled
            | Self::StepUpRequired(_)
            | Self::AnotherPerson
            | Self::NotFound
            | Self::TooLarge
            | Self::Layer(_)
            | Self::Panic => self.code(),
        }
    }
}

fn authorization_response(error: &AuthorizationResponseError) -> &'static str {
    match error {
        AuthorizationResponseError::Issuer | AuthorizationResponseError::IssuerMissing => "issuer_mismatch",
        AuthorizationResponseError::Discovery(error) => discovery(error),
        AuthorizationResponseError::Refused(refusal) => match (refusal.fault(), error.code()) {
            (Fault::Person, code) => code,
            (Fault::Unavailable, _) => "temporarily_unavailable",
            (Fault::Settings, _) => "client_misconfigured",
            (Fault::Provider, _) => "provider_error",
        },
    }
}

/// Waiting helps against an outage, and not against a set-up that does not fit.
fn discovery(error: &DiscoveryError) -> &'static str {
    match error.fault() {
        Fault::Settings => "client_misconfigured",
        Fault::Person | Fault::Provider | Fault::Unavailable => "provider_unavailable",
    }
}

fn redeem(error: &RedeemError) -> &'static str {
    match (error.fault(), error) {
        (Fault::Unavailable, _) => "provider_unavailable",
        (_, RedeemError::IdToken(IdTokenError::ClocksDiffer(_))) => "clocks_differ",
        (Fault::Settings, _) => "client_misconfigured",
        (_, RedeemError::Discovery(error)) => discovery(error),
        (_, RedeemError::TokenRequest(_)) => "token_request_failed",
        (_, RedeemError::IdToken(IdTokenError::AuthTime)) => "auth_time_missing",
        (_, RedeemError::IdToken(IdTokenError::Acr)) => "authentication_of_another_kind",
        (_, RedeemError::IdToken(IdTokenError::AuthenticationTooOld)) => "authentication_too_old",
        (_, RedeemError::IdToken(_)) => "id_token_invalid",
        (_, RedeemError::Userinfo(_)) => "userinfo_invalid",
    }
}

#[cfg(test)]
mod tests {
    use app::problem::CODES;

    /// Where the codes are named, but for those of a session's end.
    const SOURCES: [&str; 5] = [
        include_str!("../error.rs"),
        include_str!("spoken.rs"),
        include_str!("../relay/error.rs"),
        include_str!("../login_transaction.rs"),
        include_str!("../session/establish.rs"),
    ];
    const PROVIDERS: &str = include_str!("../relying_party/authorization_response/error_code.rs");

    fn quoted(line: &str) -> &str {
        line.split('"').nth(1).unwrap_or_default()
    }

    #[test]
    fn every_code_that_is_spoken_has_words() {
        let own = SOURCES.iter().flat_map(|source| source.lines());
        let own = own.filter(|line| line.contains("=> \"")).map(quoted);
        let persons = PROVIDERS
            .lines()
            .filter(|line| line.ends_with("\", Person;"))
            .map(quoted);
        let spoken: Vec<&str> = own.chain(persons).collect();
        assert!(spoken.len() > 50 && spoken.contains(&"access_denied") && spoken.contains(&"login_spent"));
        for code in spoken {
            assert!(CODES.iter().any(|(listed, _)| *listed == code), "{code}");
        }
    }
}
