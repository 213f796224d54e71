//! The authorization request and everything that can be wrong with it (Core §3.1.2.1, §3.1.2.2, RFC 7636 §4.3).

use std::fmt;

use url::form_urlencoded;

use crate::{
    grants::SCOPES,
    parameters::{Parameters, Repeated},
    state::ProviderState,
};

/// Where the authorization response goes.
#[derive(Clone, Debug)]
pub(crate) struct ResponseTarget {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
}

/// A request that is in order.
pub(crate) struct AuthorizationRequest {
    pub(crate) target: ResponseTarget,
    pub(crate) nonce: String,
    pub(crate) code_challenge: String,
    pub(crate) dpop_jkt: Option<String>,
    /// The scopes asked for that exist.
    pub(crate) scope: Vec<String>,
    pub(crate) login_hint: Option<String>,
    /// Seconds.
    pub(crate) max_age: Option<u64>,
    prompt: Vec<String>,
    query: String,
}

/// Why there is nothing to sign in for.
#[derive(Debug)]
pub(crate) enum AuthorizationRefusal {
    /// Client or redirect URI are not known, so nothing may be sent anywhere (RFC 6749 §4.1.2.1).
    Page(String),
    /// An error the client gets.
    Response {
        target: ResponseTarget,
        error: &'static str,
        description: String,
    },
}

impl AuthorizationRequest {
    /// Checks the parameters of a request.
    pub(crate) fn read(provider: &ProviderState, pairs: &[(String, String)]) -> Result<Self, AuthorizationRefusal> {
        let parameters = Parameters(pairs);
        let redirect_uri = registered_redirect_uri(provider, &parameters).map_err(AuthorizationRefusal::Page)?;
        let state = parameters
            .get("state")
            .map_err(|repeated| AuthorizationRefusal::Page(repeated.to_string()))?;
        let target = ResponseTarget {
            redirect_uri,
            state: state.map(str::to_owned),
        };
        Self::read_rest(&parameters, target.clone()).map_err(|(error, description)| AuthorizationRefusal::Response {
            target,
            error,
            description,
        })
    }

    fn read_rest(parameters: &Parameters<'_>, target: ResponseTarget) -> Result<Self, Problem> {
        refuse_unsupported(parameters)?;
        let scope = words(parameters.get("scope")?);
        if !scope.iter().any(|scope| scope == "openid") {
            return Err(problem("invalid_scope", "scope lacks openid"));
        }
        let Some(nonce) = parameters.get("nonce")? else {
            return Err(problem("invalid_request", "nonce is missing"));
        };
        let prompt = words(parameters.get("prompt")?);
        if prompt.len() > 1 && prompt.iter().any(|value| value == "none") {
            return Err(problem("invalid_request", "prompt=none stands alone"));
        }
        let max_age = parameters.get("max_age")?.map(str::parse).transpose();
        Ok(Self {
            nonce: nonce.to_owned(),
            code_challenge: code_challenge(parameters)?.to_owned(),
            dpop_jkt: parameters.get("dpop_jkt")?.map(str::to_owned),
            scope: known(&scope),
            login_hint: parameters.get("login_hint")?.map(str::to_owned),
            max_age: max_age.map_err(|_| problem("invalid_request", "max_age is no number"))?,
            prompt,
            query: form_urlencoded::Serializer::new(String::new())
                .extend_pairs(parameters.0)
                .finish(),
            target,
        })
    }

    /// Whether `prompt` has this value.
    pub(crate) fn prompts(&self, value: &str) -> bool {
        self.prompt.iter().any(|prompt| prompt == value)
    }

    /// The request as a query, for the sign-in page to send back.
    pub(crate) fn as_query(&self) -> &str {
        &self.query
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AuthorizationRequest")
            .field("redirect_uri", &self.target.redirect_uri)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

type Problem = (&'static str, String);

fn problem(error: &'static str, description: &str) -> Problem {
    (error, description.to_owned())
}

impl From<Repeated> for Problem {
    fn from(repeated: Repeated) -> Self {
        ("invalid_request", repeated.to_string())
    }
}

fn registered_redirect_uri(provider: &ProviderState, parameters: &Parameters<'_>) -> Result<String, String> {
    let get = |name| {
        let value = parameters.get(name);
        value.map_err(|repeated: Repeated| repeated.to_string())
    };
    if get("client_id")? != Some(&provider.settings.client.id) {
        return Err("The client_id is not registered here.".to_owned());
    }
    let redirect_uri = get("redirect_uri")?.unwrap_or_default();
    let registered = &provider.settings.client.redirect_uris;
    if registered.iter().any(|known| known == redirect_uri) {
        Ok(redirect_uri.to_owned())
    } else {
        Err("The redirect_uri is not one that this client registered.".to_owned())
    }
}

fn refuse_unsupported(parameters: &Parameters<'_>) -> Result<(), Problem> {
    if parameters.get("request")?.is_some() {
        return Err(problem("request_not_supported", "no request objects"));
    }
    if parameters.get("request_uri")?.is_some() {
        return Err(problem("request_uri_not_supported", "no request objects"));
    }
    if parameters.get("response_type")? != Some("code") {
        return Err(problem("unsupported_response_type", "response_type has to be code"));
    }
    match parameters.get("response_mode")? {
        None | Some("query") => Ok(()),
        Some(_) => Err(problem("invalid_request", "response_mode has to be query")),
    }
}

fn code_challenge<'a>(parameters: &Parameters<'a>) -> Result<&'a str, Problem> {
    if parameters.get("code_challenge_method")? != Some("S256") {
        return Err(problem("invalid_request", "code_challenge_method has to be S256"));
    }
    // A SHA-256 digest in base64url without padding.
    let is_digest = |text: &str| {
        text.len() == 43
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let challenge = parameters.get("code_challenge")?.filter(|text| is_digest(text));
    challenge.ok_or_else(|| problem("invalid_request", "code_challenge is no S256 challenge"))
}

fn words(text: Option<&str>) -> Vec<String> {
    let words = text.unwrap_or_default().split(' ');
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The requested scopes that exist here. Others are ignored (Core §3.1.2.1).
fn known(asked: &[String]) -> Vec<String> {
    let granted = SCOPES.into_iter().map(str::to_owned);
    granted.filter(|scope| asked.contains(scope)).collect()
}
