//! The codes of problems.

use std::fmt;

macro_rules! codes {
    ($($(#[$documentation:meta])* $variant:ident = $text:literal,)+) => {
        /// The stable code of a [`Problem`](super::Problem), as it stands in the member `code` of its JSON.
        ///
        /// A problem of an API that was relayed may have another code, so a problem holds a text.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Code {
            $($(#[$documentation])* $variant,)+
        }

        impl Code {
            /// Every code, in the order of the alphabet.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as JSON has it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The person, or a rule of the provider, said no (RFC 6749 §4.1.2.1).
    AccessDenied = "access_denied",
    /// The provider needs to know which account (OpenID Connect Core §3.1.2.6).
    AccountSelectionRequired = "account_selection_required",
    /// A step-up brought back another person.
    AnotherPerson = "another_person",
    /// No API of this name is configured.
    ApiUnknown = "api_unknown",
    /// A browser asked before a person did.
    AskedInAdvance = "asked_in_advance",
    /// The ID Token does not say when the person authenticated, and it was asked to.
    AuthTimeMissing = "auth_time_missing",
    /// The ID Token has another `acr` than was asked for.
    AuthenticationOfAnotherKind = "authentication_of_another_kind",
    /// The person authenticated longer ago than was asked for.
    AuthenticationTooOld = "authentication_too_old",
    /// The request cannot be read.
    BadRequest = "bad_request",
    /// The body of a relayed request ended early.
    BodyCut = "body_cut",
    /// The body of a relayed request arrived too slowly.
    BodySlow = "body_slow",
    /// The parameters of the callback are no authorization response.
    CallbackMalformed = "callback_malformed",
    /// A check of the application gave no answer.
    CheckUnavailable = "check_unavailable",
    /// A claim is missing or has another value than the rule wants.
    ClaimMissing = "claim_missing",
    /// The settings of this application, or those at the provider, do not fit.
    ClientMisconfigured = "client_misconfigured",
    /// The clocks of the provider and of this server differ.
    ClocksDiffer = "clocks_differ",
    /// The provider needs the person's consent (OpenID Connect Core §3.1.2.6).
    ConsentRequired = "consent_required",
    /// A request that changes something came from another site.
    CrossSite = "cross_site",
    /// A relayed request lacks the header `x-csrf`.
    CsrfHeaderMissing = "csrf_header_missing",
    /// Too many streams of session events are open.
    EventStreamsBusy = "event_streams_busy",
    /// The person lacks a role, or a rule excludes them.
    Forbidden = "forbidden",
    /// The headers of a relayed request are too large.
    HeadersTooLarge = "headers_too_large",
    /// The ID Token is not valid.
    IdTokenInvalid = "id_token_invalid",
    /// The provider needs to ask the person something (OpenID Connect Core §3.1.2.6).
    InteractionRequired = "interaction_required",
    /// The server failed.
    Internal = "internal",
    /// Another issuer answered than was asked (RFC 9207).
    IssuerMismatch = "issuer_mismatch",
    /// The login took too long.
    LoginExpired = "login_expired",
    /// One login follows the other: the browser keeps no cookie.
    LoginLoop = "login_loop",
    /// The provider signed the person out while the login was under way.
    LoginOvertakenByLogout = "login_overtaken_by_logout",
    /// The person is not signed in at the provider (OpenID Connect Core §3.1.2.6).
    LoginRequired = "login_required",
    /// The login has been finished before.
    LoginSpent = "login_spent",
    /// `state` belongs to no login of this browser.
    LoginUnknown = "login_unknown",
    /// The path does not take this method.
    MethodNotAllowed = "method_not_allowed",
    /// A login starts with a navigation, and this is none.
    NotANavigation = "not_a_navigation",
    /// There is nothing at this address.
    NotFound = "not_found",
    /// The browser is offline. Only a page says so, with status 0.
    Offline = "offline",
    /// The path of a relayed request is refused.
    PathRefused = "path_refused",
    /// The provider failed.
    ProviderError = "provider_error",
    /// The provider does not answer.
    ProviderUnavailable = "provider_unavailable",
    /// The query of a relayed request is too long.
    QueryTooLong = "query_too_long",
    /// An administrator ended the session.
    SessionEndedAdministrator = "session_ended_administrator",
    /// The application ended the session.
    SessionEndedApplication = "session_ended_application",
    /// The session was ended from another browser.
    SessionEndedElsewhere = "session_ended_elsewhere",
    /// The session was idle for too long.
    SessionEndedIdle = "session_ended_idle",
    /// The session reached its longest time.
    SessionEndedLimit = "session_ended_limit",
    /// The provider ended the session.
    SessionEndedProvider = "session_ended_provider",
    /// A refresh was interrupted, and its outcome is unknown.
    SessionEndedRefreshInterrupted = "session_ended_refresh_interrupted",
    /// The provider refused to renew the session.
    SessionEndedRefreshRefused = "session_ended_refresh_refused",
    /// The person signed out.
    SessionEndedSignedOut = "session_ended_signed_out",
    /// The person began more sessions than one person may have.
    SessionEndedTooMany = "session_ended_too_many",
    /// The session store does not answer.
    SessionStoreUnavailable = "session_store_unavailable",
    /// A sign-in failed; the reason is not known any more.
    SignInFailed = "sign_in_failed",
    /// The application could not decide about a sign-in: its hook failed.
    SignInHookFailed = "sign_in_hook_failed",
    /// The application did not decide about a sign-in in time.
    SignInHookTimeout = "sign_in_hook_timeout",
    /// The application refused a sign-in. Its problem has a code of the application's own instead.
    SignInRefused = "sign_in_refused",
    /// Nobody is signed in.
    SignInRequired = "sign_in_required",
    /// The person has to authenticate again. The session goes on.
    StepUpRequired = "step_up_required",
    /// The provider is overloaded or being maintained (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable = "temporarily_unavailable",
    /// The access token has expired and cannot be renewed.
    TokenExpired = "token_expired",
    /// The provider refused the code.
    TokenRequestFailed = "token_request_failed",
    /// An access token cannot be had now.
    TokenUnavailable = "token_unavailable",
    /// The body is too large.
    TooLarge = "too_large",
    /// One person has as many requests under way as one person may.
    TooManyAtOnce = "too_many_at_once",
    /// Strangers ask for this more often than they may.
    TooOften = "too_often",
    /// The provider cannot authenticate the person as asked (OpenID Connect Core Error Code
    /// `unmet_authentication_requirements` 1.0).
    UnmetAuthenticationRequirements = "unmet_authentication_requirements",
    /// No answer came. Only a page says so, with status 0.
    Unreachable = "unreachable",
    /// As many requests to the API are under way as may be.
    UpstreamBusy = "upstream_busy",
    /// The answer of the API cannot be read.
    UpstreamMalformed = "upstream_malformed",
    /// The API answered with a redirect.
    UpstreamRedirect = "upstream_redirect",
    /// The API refused the application's request, or failed.
    UpstreamStatus = "upstream_status",
    /// The API did not answer in time.
    UpstreamTimeout = "upstream_timeout",
    /// The API refused a fresh access token.
    UpstreamUnauthorized = "upstream_unauthorized",
    /// The API cannot be reached.
    UpstreamUnreachable = "upstream_unreachable",
    /// The certificate of the API is not trusted.
    UpstreamUntrusted = "upstream_untrusted",
    /// The userinfo response is not valid.
    UserinfoInvalid = "userinfo_invalid",
    /// The handshake of a WebSocket is malformed.
    WebsocketHandshakeMalformed = "websocket_handshake_malformed",
}

impl Code {
    /// The code that a text is. `None`: a code that nobody here says.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_found_by_its_text() {
        for code in Code::ALL {
            assert_eq!(Code::of(code.as_str()), Some(*code));
        }
        assert_eq!(Code::of("of an API"), None);
        assert!(Code::ALL.is_sorted_by(|one, next| one.as_str() < next.as_str()));
    }
}
