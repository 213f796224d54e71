//! The provider starts and stops.

use provider::{Client, Provider, Settings, StartError};

use super::{CALLBACK, SIGNED_OUT, friendly};
use crate::browser::get;

fn settings(listen: &str) -> Settings {
    let mut settings = Settings::new(Client::new("client", CALLBACK, SIGNED_OUT));
    settings.listen = listen.parse().expect("an address");
    settings
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:4000"] {
        let refused = Provider::start(settings(listen)).await;
        let error = refused.expect_err("only loopback is allowed");
        assert!(matches!(error, StartError::NotLoopback(_)), "{error}");
        assert_eq!(error.code(), "provider_not_loopback");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = friendly().await;
    let address = first.issuer().strip_prefix("http://").expect("http");
    let refused = Provider::start(settings(address)).await;
    let error = refused.expect_err("the port is taken");
    assert_eq!(error.code(), "provider_port_in_use");
    let port = address.rsplit_once(':').expect("a port").1;
    assert!(error.to_string().contains(port), "{error}");
}

#[tokio::test]
async fn a_registered_uri_that_is_none_is_refused() {
    let mut settings = settings("127.0.0.1:0");
    settings.client.redirect_uris.push("/auth/callback".to_owned());
    let refused = Provider::start(settings).await;
    assert_eq!(refused.expect_err("a path is no URI").code(), "provider_uri");
}

#[tokio::test]
async fn a_stopped_provider_frees_its_port() {
    let first = friendly().await;
    let address = first.issuer().strip_prefix("http://").expect("http").to_owned();
    get(&first, "/jwks", &[]).await;
    first.stop().await;
    let second = Provider::start(settings(&address)).await.expect("the port is free");
    assert_eq!(second.issuer(), format!("http://{address}"));
    assert_eq!(get(&second, "/jwks", &[]).await.status, 200);
}
