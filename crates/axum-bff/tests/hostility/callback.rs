//! The response that the browser brings to the redirect URI, and the issuer that it comes from (RFC 6749 §4.1.2, RFC
//! 9207 §2.4).

mod oracle;

use crate::provider::Provider;
use crate::run::{Verdict, run};
use crate::{corpus, mutation};
use oidc_relying_party::{
    AuthenticationWanted, AuthorizationResponse, AuthorizationResponseError, CallbackParams, PendingAuthorization,
    RelyingParty,
};
use oracle::Answer;
use secrecy::ExposeSecret;

const CASES: u64 = 8000;

/// CB-04, CB-10, CB-16
#[test]
fn no_malformed_response_is_taken_and_each_value_is_read_as_it_is() {
    run(
        "callback",
        CASES,
        mutation::mutated(corpus::all("callback"), "&"),
        |query| {
            let read = CallbackParams::parse(query);
            match (oracle::answer(query), read) {
                (Ok(expected), Ok(read)) => is_same(&expected, &read).map(|()| Verdict::Accepted),
                (Err(_), Err(_)) => Ok(Verdict::Refused),
                (Err(why), Ok(_)) => Err(format!("accepted, although {why}")),
                (Ok(_), Err(why)) => Err(format!("refused as {}, although it is well-formed", why.code())),
            }
        },
    );
}

fn is_same(expected: &Answer, read: &CallbackParams) -> Result<(), String> {
    let (code, error, iss) = match &read.response {
        AuthorizationResponse::Code { code, iss } => (Some(code.expose_secret()), None, iss),
        AuthorizationResponse::Error { error, iss } => (None, Some(error.name()), iss),
    };
    let is_same = expected.state == read.state
        && expected.code.as_deref() == code
        && expected.iss == *iss
        && expected
            .error
            .as_deref()
            .is_none_or(|said| error == Some(said) || error == Some("unknown_error"))
        && expected.error.is_some() == error.is_some();
    if is_same {
        Ok(())
    } else {
        Err("read with other values".to_owned())
    }
}

/// CB-05, CB-06
///
/// The test checks CB-06 too: one of the two providers announces that every response has `iss`.
#[test]
fn no_response_of_another_issuer_is_accepted() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let silent = runtime.block_on(Provider::start(false));
    let announcing = runtime.block_on(Provider::start(true));
    let parties = [&silent, &announcing].map(|provider| (provider, provider.relying_party()));
    run(
        "callback_iss",
        CASES / 4,
        mutation::mutated(corpus::all("callback_iss"), "&"),
        |query| {
            let mut verdict = Verdict::Refused;
            for (provider, relying_party) in &parties {
                let query = provider.named(query);
                let Ok(params) = CallbackParams::parse(&query) else {
                    continue;
                };
                let is_ours = oracle::answer(&query).is_ok_and(|answer| match &answer.iss {
                    Some(iss) => *iss == provider.issuer,
                    None => !provider.announces_iss,
                });
                let accepted = runtime.block_on(is_accepted(relying_party, provider, params));
                match (is_ours, accepted) {
                    (true, true) => verdict = Verdict::Accepted,
                    (false, true) => return Err("accepted, although it is another issuer's response".to_owned()),
                    (true, false) => return Err("refused, although it is our issuer's response".to_owned()),
                    (false, false) => {}
                }
            }
            Ok(verdict)
        },
    );
}

/// Whether the relying party takes the response for the provider's. It may be an error response.
async fn is_accepted(relying_party: &RelyingParty, provider: &Provider, params: CallbackParams) -> bool {
    let pending = PendingAuthorization {
        issuer: provider.issuer.clone(),
        nonce: "nonce".into(),
        code_verifier: "verifier".into(),
        dpop_key: None,
        wanted: AuthenticationWanted::default(),
    };
    let answer = relying_party.accept(pending, params.response).await;
    matches!(answer, Ok(_) | Err(AuthorizationResponseError::Refused(_)))
}
