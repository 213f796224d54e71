//! The APIs that pages reach under `/api/<name>/`: the address of each, its token, and its bounds. The path has the
//! name of the variable in lower case with hyphens: `/api/stock-levels/` for `BFF_API_STOCK_LEVELS`.

use super::{Http, Source, public_url, values};
use crate::relay::{self, ApiSettings, ApiToken};
use axum::http::{HeaderName, Method};
use oidc_relying_party::{ClientCertificate, Usage};
use rustls::RootCertStore;
use url::Url;

/// All APIs without an error; the errors are noted in the source. `own` is the certificate of this client.
pub(super) fn read(source: &mut Source, http: Option<&Http>, own: Option<&ClientCertificate>) -> Vec<ApiSettings> {
    let http_loopback = http.is_some_and(|http| http.http_loopback);
    let names = source.apis();
    names
        .iter()
        .filter_map(|name| read_one(source, name, http_loopback, own))
        .collect()
}

fn read_one(
    source: &mut Source,
    name: &str,
    http_loopback: bool,
    own: Option<&ClientCertificate>,
) -> Option<ApiSettings> {
    let variable = format!("BFF_API_{name}");
    let key = |key: &str| format!("{variable}_{key}");
    if !source.is_set(&variable) {
        source.error(&variable, "is missing, but other settings of this API are set");
    }
    let http_anywhere = source.switch(&key("HTTP")).unwrap_or(false);
    let url = source.parsed(&variable, |text| base(text, http_loopback, http_anywhere));
    let tokens = [
        ("person", ApiToken::Person),
        ("client", ApiToken::Client),
        ("none", ApiToken::None),
    ];
    let token = source.choice(&key("TOKEN"), &tokens);
    let scope = source.text(&key("SCOPE"));
    if scope.is_some() && token.is_some_and(|token| token != ApiToken::Client) {
        source.error(
            &key("SCOPE"),
            "is for the client's own token; the person's scopes are BFF_SCOPES",
        );
    }
    let dpop = source.switch(&key("DPOP"));
    let shows_certificate = source.switch(&key("CERTIFICATE")).unwrap_or(false);
    if shows_certificate {
        check_certificate(source, &key("CERTIFICATE"), url.as_ref());
    }
    let methods = source.parsed(&key("METHODS"), |text| words(text, method));
    let headers = if source.is_set(&key("HEADERS")) {
        source.parsed(&key("HEADERS"), |text| words(text, header))
    } else {
        Some(Vec::new())
    };
    let timeout = source.duration(&key("TIMEOUT"));
    let body_limit = source.parsed(&key("BODY_LIMIT"), values::bytes);
    let [requests, requests_each, streams, streams_each] =
        ["REQUESTS", "REQUESTS_EACH", "STREAMS", "STREAMS_EACH"].map(|end| source.number(&key(end), 1..=100_000));
    let authorities = authorities(source, &key("CA_FILE"), url.as_ref());
    Some(ApiSettings {
        name: name.to_lowercase().replace('_', "-"),
        url: url?,
        token: token?,
        scope,
        dpop: dpop?,
        certificate: own.filter(|_| shows_certificate).cloned(),
        methods: methods?,
        headers: headers?,
        timeout: timeout?,
        body_limit: body_limit?,
        requests: requests?,
        requests_each: requests_each?,
        streams: streams?,
        streams_each: streams_each?,
        authorities,
    })
}

/// A certificate needs a connection that shows it, and has to be there. A broken one has been reported already.
fn check_certificate(source: &mut Source, variable: &str, url: Option<&Url>) {
    if url.is_some_and(|url| url.scheme() != "https") {
        source.error(variable, "is for an API with https, and this one has http");
    }
    let own = "BFF_CLIENT_CERTIFICATE";
    if !source.is_set(own) && !source.is_wrong(own) {
        source.error(variable, "is on, and BFF_CLIENT_CERTIFICATE is missing");
    }
}

fn authorities(source: &mut Source, variable: &str, url: Option<&Url>) -> Option<RootCertStore> {
    if source.is_set(variable) && url.is_some_and(|url| url.scheme() != "https") {
        source.error(variable, "is for an API with https, and this one has http");
        return None;
    }
    source.parsed(variable, values::authorities)
}

fn base(text: &str, http_loopback: bool, http_anywhere: bool) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("has to be scheme, host, port and path, and nothing else".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if http_anywhere || http_loopback && public_url::is_loopback(&url) => {}
        "http" if public_url::is_loopback(&url) => {
            return Err("is http; on loopback BFF_HTTP_LOOPBACK=on allows that".to_owned());
        }
        "http" => return Err("is http; the same name with _HTTP=on allows that".to_owned()),
        _ => return Err("has to be https".to_owned()),
    }
    let prefix = url.path().trim_end_matches('/').to_owned();
    if !relay::is_plain_path(&prefix) {
        return Err("has a path with characters that no request may have".to_owned());
    }
    url.set_path(&prefix);
    Ok(url)
}

fn words<T>(text: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split([' ', ',', '\n', '\t'])
        .filter(|word| !word.is_empty())
        .map(parse)
        .collect()
}

fn method(word: &str) -> Result<Method, String> {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    let known = KNOWN.into_iter().find(|method| method.as_str() == word);
    known.ok_or_else(|| format!("{word} is no method that can be relayed"))
}

fn header(word: &str) -> Result<HeaderName, String> {
    let name: HeaderName = word.parse().map_err(|_| format!("{word} is no header's name"))?;
    if relay::may_be_relayed(&name) {
        Ok(name)
    } else {
        Err(format!("{name} is never relayed"))
    }
}

/// The meaning of `BFF_DPOP` with these APIs: whether access tokens are bound to a key (RFC 9449) concerns the provider
/// and every API.
///
/// A person has one access token for all APIs, and a provider that binds it binds it for all of them. An API that knows
/// nothing of DPoP would refuse such a token, or take it without a proof, so that nothing is gained. Therefore each API
/// says that it takes them (`BFF_API_<NAME>_DPOP=on`), and one that does not keeps `auto` from asking for any.
pub(super) fn dpop(source: &mut Source, wanted: Usage, apis: &[ApiSettings]) -> Usage {
    let mut without = apis.iter().filter(|api| !api.dpop && api.token != ApiToken::None);
    match wanted {
        Usage::Required => {
            for api in without {
                source.error(
                    &api.variable("_DPOP"),
                    "has to be on, or BFF_DPOP auto: its calls would need a token that is bound to no key",
                );
            }
            Usage::Required
        }
        // The client's own tokens are asked for by API.
        Usage::Auto if without.any(|api| api.token == ApiToken::Person) => Usage::Off,
        usage => usage,
    }
}

#[cfg(test)]
mod tests;
