//! A person is signed out at the desk of the development provider.

use super::PATH;
use crate::{wire::Wire, world::World};
use std::future::IntoFuture;
use tokio::net::TcpListener;

/// LO-17
#[tokio::test]
async fn a_sign_out_at_the_providers_desk_ends_the_session_of_that_person_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let uri = format!("http://{}{PATH}", listener.local_addr().expect("an address"));
    let world = World::start_at(&[], |settings| {
        settings.desk = true;
        settings.client.backchannel_logout_uri = Some(uri);
    })
    .await;
    let serving = tokio::spawn(axum::serve(listener, world.replica().await).into_future());
    let mut laptop = world.signed_in("alice").await;
    let mut phone = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;

    let host = world.provider.issuer().trim_start_matches("http://");
    let form = "person=alice";
    let request = format!(
        "POST /desk/sign-out HTTP/1.1\r\nhost: {host}\r\nsec-fetch-site: same-origin\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut desk = Wire::open_at(host.parse().expect("an address"), &request).await;
    desk.until("location: /?done=signed-out&person=alice").await;
    assert_eq!(world.provider.logout_answers(), [Some(200)]);

    for browser in [&mut laptop, &mut phone] {
        assert_eq!(browser.session().await["reason"], "provider");
    }
    assert_eq!(bob.session().await["status"], "active");
    serving.abort();
}
