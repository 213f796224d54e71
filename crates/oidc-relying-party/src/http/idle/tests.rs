//! A provider that closes an idle connection at the moment when the client sends a request on it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::{
    RefreshRequest, RelyingParty, TokenTypeHint,
    metrics::ProviderCall,
    tests::{
        answerer::Reply,
        provider::{Provider, access_token, claims, grant, metadata, registration, token_response},
        signing_key::{RSA, jws, rs256},
    },
};
use bff_clock::Clock;

/// A proxy in front of a provider that closes connections when a request arrives.
struct Door {
    origin: String,
    /// The number of further requests whose connection is closed.
    closes: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Door {
    async fn before(provider: &Provider) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let closes = Arc::new(AtomicUsize::new(0));
        let (behind, close) = (provider.issuer().replace("http://", ""), closes.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, behind.clone(), close.clone()));
            }
        });
        Self { origin, closes, task }
    }

    fn close(&self, requests: usize) {
        self.closes.store(requests, Ordering::SeqCst);
    }
}

async fn pass_on(client: TcpStream, behind: String, close: Arc<AtomicUsize>) {
    let server = TcpStream::connect(behind).await.expect("the provider");
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
        let one_less = |left: usize| left.checked_sub(1);
        if close.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
            break;
        }
        if to_server.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
    answers.abort();
}

/// A relying party that has read the provider's metadata through the proxy and has an idle connection to it.
async fn acquainted(provider: &Provider, door: &Door) -> RelyingParty {
    let mut document = metadata(&door.origin);
    document["revocation_endpoint"] = json!(format!("{}/revoke", door.origin));
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    provider.set("/revoke", Reply::new(200, "", ""));
    let clock: Arc<dyn Clock> = Arc::new(provider.clock.clone());
    let relying_party = RelyingParty::new(registration(&door.origin), clock).expect("a relying party");
    let id_token = jws(&*RSA, &rs256(), &claims(&door.origin));
    provider.set("/token", Reply::json(&token_response(&id_token)));
    relying_party.redeem(grant()).await.expect("a login");
    relying_party
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Redeem,
    Refresh,
    ClientCredentials,
    Userinfo,
    Revoke,
}

const STEPS: [(Step, &str); 4] = [
    (Step::Redeem, "/token"),
    (Step::ClientCredentials, "/token"),
    (Step::Userinfo, "/userinfo"),
    (Step::Revoke, "/revoke"),
];

/// The code of the error, if the step failed.
async fn take(step: Step, relying_party: &RelyingParty, issuer: &str) -> Option<&'static str> {
    match step {
        Step::Redeem => relying_party.redeem(grant()).await.err().map(|error| error.code()),
        Step::Refresh => {
            let request = RefreshRequest {
                refresh_token: &"sent".into(),
                id_token: &jws(&*RSA, &rs256(), &claims(issuer)).into(),
                scope: "openid",
                dpop_key: None,
                authenticated_at: None,
            };
            relying_party.refresh(request).await.err().map(|error| error.code())
        }
        Step::ClientCredentials => {
            let token = relying_party.client_credentials(None, false).await;
            token.err().map(|error| error.code())
        }
        Step::Userinfo => {
            let claims = relying_party.userinfo(&access_token(), "alice").await;
            claims.err().map(|error| error.code())
        }
        Step::Revoke => {
            let revoked = relying_party
                .revoke(&"a token".into(), TokenTypeHint::AccessToken)
                .await;
            revoked.err().map(|error| error.code())
        }
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_costs_no_request() {
    for (step, path) in STEPS {
        let provider = Provider::start().await;
        let door = Door::before(&provider).await;
        let relying_party = acquainted(&provider, &door).await;
        let before = provider.calls(path).len();
        door.close(1);
        assert_eq!(take(step, &relying_party, &door.origin).await, None, "{step:?}");
        assert_eq!(
            door.closes.load(Ordering::SeqCst),
            0,
            "{step:?}: one connection was closed"
        );
        assert_eq!(
            provider.calls(path).len(),
            before + 1,
            "{step:?}: the provider got the request once"
        );
    }
}

#[tokio::test]
async fn a_provider_that_closes_every_connection_gets_two_requests_and_no_third() {
    for (step, path) in STEPS {
        let provider = Provider::start().await;
        let door = Door::before(&provider).await;
        let relying_party = acquainted(&provider, &door).await;
        let before = provider.calls(path).len();
        door.close(usize::MAX);
        let failed = take(step, &relying_party, &door.origin).await;
        assert_eq!(failed, Some("provider_unreachable"), "{step:?}");
        assert_eq!(usize::MAX - door.closes.load(Ordering::SeqCst), 2, "{step:?}");
        assert_eq!(provider.calls(path).len(), before, "{step:?}");
    }
}

/// RT-02
#[tokio::test]
async fn a_refresh_token_is_not_sent_again_at_once() {
    let provider = Provider::start().await;
    let door = Door::before(&provider).await;
    let relying_party = acquainted(&provider, &door).await;
    let before = provider.calls("/token").len();
    door.close(1);
    let failed = take(Step::Refresh, &relying_party, &door.origin).await;
    assert_eq!(failed, Some("provider_unreachable"));
    assert_eq!(provider.calls("/token").len(), before);
    assert_eq!(
        take(Step::Refresh, &relying_party, &door.origin).await,
        None,
        "the next attempt uses a new connection"
    );
}

#[tokio::test]
async fn a_new_connection_that_is_closed_is_not_tried_again() {
    let provider = Provider::start().await;
    let door = Door::before(&provider).await;
    let url = Url::parse(&door.origin).expect("a URL");
    let clock: Arc<dyn Clock> = Arc::new(provider.clock.clone());
    let client = super::super::HttpClient::new(&registration(&door.origin), &url, clock).expect("a client");
    door.close(usize::MAX);
    let request = || Ok::<_, super::super::HttpError>(client.get(&url));
    let failed = client.exchange(ProviderCall::Keys, 100, request).await;
    assert_eq!(failed.err().map(|error| error.code()), Some("provider_unreachable"));
    assert_eq!(usize::MAX - door.closes.load(Ordering::SeqCst), 1);
}
