//! The provider, and this client's registration there.

use super::{Http, Source, client, presets, public_url, security_profile, values};
use crate::claims::ClaimsPolicy;
use crate::paths;
use oidc_relying_party::{
    IdTokenAlgorithm, OfflineAccess, PostLogoutParameter, Registration, Switch, Usage, is_reserved_parameter,
};
use url::{Url, form_urlencoded};

pub(super) fn read(source: &mut Source, http: Option<&Http>) -> Option<Registration> {
    let http_loopback = http.is_some_and(|http| http.http_loopback);
    let issuer = source.parsed("BFF_ISSUER", |text| issuer(text, http_loopback));
    let client_id = source.text("BFF_CLIENT_ID");
    let client = client::read(source);
    let scopes = source.list("BFF_SCOPES");
    if !scopes.iter().any(|scope| scope == "openid") {
        source.error("BFF_SCOPES", "has to name openid");
    }
    let security_profile = security_profile::read(source);
    let id_token_algorithms = source.parsed("BFF_ID_TOKEN_ALGORITHMS", algorithms);
    let leeway = source.duration("BFF_CLOCK_LEEWAY");
    let trusted_audiences = source.list("BFF_TRUSTED_AUDIENCES");
    let userinfo = source.switch("BFF_USERINFO");
    let userinfo_signed = source.switch("BFF_USERINFO_SIGNED");
    let userinfo_limit = source.parsed("BFF_USERINFO_LIMIT", userinfo_limit);
    let pkce_unadvertised = source.switch("BFF_PKCE_UNADVERTISED");
    let usages = Usage::ALL.map(|one| (one.name(), one));
    let pushed_authorization_requests = source.choice("BFF_PAR", &usages);
    let dpop = source.choice("BFF_DPOP", &usages);
    let logout_token_typ_required = source.switch("BFF_LOGOUT_TOKEN_TYP_REQUIRED");
    let switches = Switch::ALL.map(|one| (one.name(), one));
    let lenient_logout_tokens = source.choice("BFF_LOGOUT_TOKEN_LENIENT", &switches);
    let frontchannel_logout = source.choice("BFF_FRONTCHANNEL_LOGOUT", &switches);
    let offline_access_prompt = source.switch("BFF_OFFLINE_ACCESS_PROMPT");
    let offline_access = source.choice("BFF_OFFLINE_ACCESS", &OfflineAccess::ALL.map(|one| (one.name(), one)));
    let authorization_parameters = source.parsed("BFF_AUTHORIZATION_PARAMETERS", authorization_parameters);
    let end_session_endpoint = source.parsed("BFF_END_SESSION_ENDPOINT", |text| {
        end_session_endpoint(text, http_loopback)
    });
    let post_logout_parameters = PostLogoutParameter::ALL.map(|one| (one.name(), one));
    let post_logout_parameter = source.choice("BFF_END_SESSION_RETURN", &post_logout_parameters);
    let authorities = source.parsed("BFF_PROVIDER_CA_FILE", values::authorities);
    let http_timeout = source.duration("BFF_PROVIDER_TIMEOUT");
    let public_url = &http?.public_url;
    let client = client?;
    let registration = Registration {
        issuer: issuer?,
        client_id: client_id?,
        credentials: client.credentials,
        redirect_uri: public_url.join(paths::CALLBACK),
        post_logout_redirect_uri: public_url.join(paths::SIGNED_OUT),
        scopes,
        client_authentication: client.authentication,
        assertion_algorithm: client.assertion_algorithm,
        assertion_audience: client.assertion_audience,
        security_profile: security_profile?,
        id_token_algorithms,
        leeway: leeway?,
        trusted_audiences,
        userinfo: userinfo?,
        userinfo_signed: userinfo_signed?,
        userinfo_limit: userinfo_limit?,
        pkce_unadvertised: pkce_unadvertised?,
        pushed_authorization_requests: pushed_authorization_requests?,
        dpop: dpop?,
        logout_token_typ_required: logout_token_typ_required?,
        lenient_logout_tokens: lenient_logout_tokens?,
        frontchannel_logout: frontchannel_logout?,
        offline_access_prompt: offline_access_prompt?,
        offline_access: offline_access?,
        authorization_parameters: authorization_parameters.unwrap_or_default(),
        end_session_endpoint,
        post_logout_parameter: post_logout_parameter?,
        http_loopback,
        authorities,
        http_timeout: http_timeout?,
        further_headers: None,
    };
    security_profile::check(source, &registration);
    Some(registration)
}

/// Which claims pages see, which ones hold the roles, and which ones name a person to the provider.
pub(super) fn claims(source: &mut Source, registration: Option<&Registration>) -> Option<ClaimsPolicy> {
    let shown = source.list("BFF_CLAIMS");
    let client_id = &registration?.client_id;
    let places = source.list("BFF_ROLES_CLAIM");
    let roles = places
        .iter()
        .map(|place| place.replace("{client_id}", client_id))
        .collect();
    let login_hint = source.list("BFF_LOGIN_HINT");
    let login_hint = if login_hint == ["none"] { Vec::new() } else { login_hint };
    Some(ClaimsPolicy::new(shown, roles).with_login_hint(login_hint))
}

/// The issuer as it is written: the provider's metadata and tokens have to give exactly the same.
fn issuer(text: &str, http_loopback: bool) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment; issuer identifiers have none".to_owned());
    }
    if let Some(problem) = presets::trap(&url, text) {
        return Err(problem.to_owned());
    }
    match url.scheme() {
        "https" => Ok(text.to_owned()),
        "http" if !public_url::is_loopback(&url) => Err("has to be https".to_owned()),
        "http" if http_loopback => Ok(text.to_owned()),
        "http" => Err("is http; on loopback BFF_HTTP_LOOPBACK=on allows that".to_owned()),
        _ => Err("has to be https".to_owned()),
    }
}

/// An answer is in memory while it is read, for each sign-in under way.
fn userinfo_limit(text: &str) -> Result<usize, String> {
    let range = 1 << 10..=16 << 20;
    let limit = usize::try_from(values::bytes(text)?)
        .ok()
        .filter(|limit| range.contains(limit));
    limit.ok_or_else(|| "is not from 1KiB to 16MiB".to_owned())
}

fn algorithms(text: &str) -> Result<Vec<IdTokenAlgorithm>, String> {
    text.split([' ', ','])
        .filter(|name| !name.is_empty())
        .map(|name| name.parse().map_err(|error| format!("{name} is {error}")))
        .collect()
}

/// None may be one that the protocol uses (AUTHZ-08).
fn authorization_parameters(text: &str) -> Result<Vec<(String, String)>, String> {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    for (name, _) in &parameters {
        if name.is_empty() || is_reserved_parameter(name) {
            return Err(format!("names `{name}`, which no setting may add"));
        }
    }
    Ok(parameters)
}

/// An address like those of the metadata, or a path.
fn end_session_endpoint(text: &str, http_loopback: bool) -> Result<String, String> {
    if text.starts_with('/') && !text.starts_with("//") {
        return Ok(text.to_owned());
    }
    let url = Url::parse(text).map_err(|error| format!("is no URL and no path: {error}"))?;
    match url.scheme() {
        "https" => Ok(text.to_owned()),
        "http" if http_loopback && public_url::is_loopback(&url) => Ok(text.to_owned()),
        _ => Err("has to be https".to_owned()),
    }
}
