//! Why a call was not relayed, or its answer not shown.

use super::settings::variable;
use crate::error::Failure;
use axum::http::{HeaderValue, Method, StatusCode};
use bff_contract::problem::Code;
use oidc_relying_party::TokenRequestError;
use std::sync::Arc;

/// Why a connection to an API gave no answer.
pub(super) type SendError = Box<dyn std::error::Error + Send + Sync>;

/// A fault of a call, or of the way to its API.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The path can be read in more than one way, or names a host.
    #[error("the path can be read in more than one way")]
    Path,
    /// The query is longer than any that makes sense.
    #[error("the query is too long")]
    QueryTooLong,
    /// The headers of the call are larger than any that make sense.
    #[error("the headers are too large")]
    HeadersTooLarge,
    /// A script of our own pages sets `x-csrf: 1`; this request has not got it.
    #[error("the header x-csrf is missing")]
    CsrfHeader,
    /// The settings do not name the method for this API. They name these.
    #[error("the method is not relayed")]
    Method(Vec<Method>),
    /// A WebSocket handshake that is none (RFC 6455 §4.2.1).
    #[error("the WebSocket handshake is malformed")]
    Handshake,
    /// The body is larger than the settings allow.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The body ended before its end.
    #[error("the body was cut")]
    BodyCut,
    /// The body did not come in time.
    #[error("the body did not come in time")]
    BodySlow,
    /// As many calls or streams as the settings allow are under way.
    #[error("too many calls to {0} are under way")]
    Busy(Arc<str>),
    /// As many calls or streams as the settings allow one person are under way.
    #[error("one person has too many calls to {0} under way")]
    TooMany(Arc<str>),
    /// There is no token to call with just now.
    #[error("there is no token for {0} just now")]
    NoToken(Arc<str>),
    /// The person's token has expired and there is nothing to renew it with. The session lives, so
    /// this is no 401; a new sign-in brings another token.
    #[error("the person's token has expired, and there is no refresh token")]
    TokenExpired,
    /// The provider gives no token of the client's own.
    #[error("there is no token of the client's own for {0}: {1}")]
    ClientToken(Arc<str>, #[source] TokenRequestError),
    /// Something is wrong on the API's side.
    #[error("{api}: {error}")]
    Upstream {
        /// Its name.
        api: Arc<str>,
        /// The fault.
        #[source]
        error: UpstreamError,
    },
    /// The code of the application makes a call that cannot be made.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// A fault of a call in the code of the application.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The settings name no such API.
    #[error("the settings name no API {name} ({variable}); they name: {known}")]
    UnknownApi {
        /// The name that the code has.
        name: String,
        /// The setting that is missing.
        variable: String,
        /// The names that there are.
        known: String,
    },
    /// The API is called with a person's token, and no session is behind the call.
    #[error("{0} is called with a person's token, and the code calls it without a session")]
    NeedsAPerson(Arc<str>),
    /// A header that the client sets itself, or that has a value which none has.
    #[error("code may not set the header {0}, or not to this value")]
    Header(String),
    /// The body cannot be written as JSON.
    #[error("the body of a call cannot be written as JSON")]
    Json,
    /// The settings have this API called without a token.
    #[error("{0} is called without a token, so there is none to give to code")]
    NoToken(Arc<str>),
    /// The access token is bound to a key, and no good by itself (RFC 9449).
    #[error("the access token for {0} is bound to a key (DPoP), and no API takes it without a proof")]
    BoundToken(Arc<str>),
}

impl CallError {
    pub(crate) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::UnknownApi {
            name: name.to_owned(),
            variable: variable(name, ""),
            known: known.collect::<Vec<_>>().join(", "),
        }
    }
}

/// A fault on an API's side.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// No connection, or it broke before the answer began.
    #[error("the API could not be reached")]
    Unreachable(#[source] SendError),
    /// Its certificate is not to be trusted, so nothing was sent.
    #[error("the API's certificate is not trusted")]
    Untrusted(#[source] SendError),
    /// The answer did not begin in time.
    #[error("the API did not answer in time")]
    Timeout,
    /// The API takes neither the token nor the one after it.
    #[error("the API does not accept the token")]
    Unauthorized,
    /// The API answers with a redirect, which is not followed.
    #[error("the API answered with a redirect")]
    Redirect,
    /// The head of the answer is larger than any that makes sense, or switches to a protocol that
    /// nobody asked for.
    #[error("the head of the API's answer is malformed")]
    Malformed,
    /// The API answered code with a status that the code does not expect.
    #[error("the API answered with the status {}", .0.as_u16())]
    Status(StatusCode),
    /// The body of the answer is not the JSON that the code wants. The log does not show the body.
    #[error("the API's answer is not the JSON that it should be, at line {line}, column {column}")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The body of the answer is not the text that the code wants.
    #[error("the API's answer is not UTF-8")]
    NotUtf8,
    /// The body of the answer is larger than the settings allow.
    #[error("the API's answer is too large to be read into memory")]
    TooLarge,
    /// The body of the answer ended before its end.
    #[error("the API broke off its answer")]
    Cut,
}

impl Failure for RelayError {
    fn problem_code(&self) -> Code {
        match self {
            Self::Path => Code::PathRefused,
            Self::QueryTooLong => Code::QueryTooLong,
            Self::HeadersTooLarge => Code::HeadersTooLarge,
            Self::CsrfHeader => Code::CsrfHeaderMissing,
            Self::Method(_) => Code::MethodNotAllowed,
            Self::Handshake => Code::WebsocketHandshakeMalformed,
            Self::BodyTooLarge => Code::TooLarge,
            Self::BodyCut => Code::BodyCut,
            Self::BodySlow => Code::BodySlow,
            Self::Busy(_) => Code::UpstreamBusy,
            Self::TooMany(_) => Code::TooManyAtOnce,
            Self::NoToken(_) | Self::ClientToken(..) => Code::TokenUnavailable,
            Self::TokenExpired => Code::TokenExpired,
            Self::Upstream { error, .. } => error.code(),
            Self::Call(CallError::UnknownApi { .. }) => Code::ApiUnknown,
            Self::Call(_) => Code::Internal,
        }
    }

    /// Never 401: for a page that means "nobody is signed in".
    fn status(&self) -> StatusCode {
        match self {
            Self::Path | Self::Handshake | Self::BodyCut => StatusCode::BAD_REQUEST,
            Self::QueryTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::CsrfHeader | Self::TokenExpired => StatusCode::FORBIDDEN,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodySlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::NoToken(_) | Self::ClientToken(..) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Upstream { error, .. } => match error {
                UpstreamError::Timeout => StatusCode::GATEWAY_TIMEOUT,
                _ => StatusCode::BAD_GATEWAY,
            },
            Self::Call(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn allow(&self) -> Option<HeaderValue> {
        let Self::Method(methods) = self else { return None };
        let methods: Vec<&str> = methods.iter().map(Method::as_str).collect();
        HeaderValue::try_from(methods.join(", ")).ok()
    }
}

impl UpstreamError {
    fn code(&self) -> Code {
        match self {
            Self::Unreachable(_) | Self::Cut => Code::UpstreamUnreachable,
            Self::Untrusted(_) => Code::UpstreamUntrusted,
            Self::Timeout => Code::UpstreamTimeout,
            Self::Unauthorized => Code::UpstreamUnauthorized,
            Self::Redirect => Code::UpstreamRedirect,
            Self::Malformed | Self::Json { .. } | Self::NotUtf8 | Self::TooLarge => Code::UpstreamMalformed,
            Self::Status(_) => Code::UpstreamStatus,
        }
    }
}
