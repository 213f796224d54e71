//! `deploy/caddy/Caddyfile`, behind global options of the test's.

use crate::proxy::{Place, Proxy, program};
use crate::walk;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn behind_caddy_a_person_signs_in_and_nothing_is_held_back() {
    let world = World::start().await;
    let place = Place::new();
    let globals = format!(
        "{{\n\tadmin off\n\thttp_port {}\n\thttps_port {}\n\tdefault_bind 127.0.0.1\n}}\n\n",
        place.plain.port(),
        place.secure.port(),
    );
    let site = place.shipped("caddy/Caddyfile", &world, &[]);
    let settings = place.write("Caddyfile", &format!("{globals}{site}"));
    let settings = settings.display().to_string();
    let arguments = ["run", "--adapter", "caddyfile", "--config", &settings];
    let proxy = Proxy::start(place, &program("CADDY", "caddy"), &arguments);
    walk::through(&proxy, &world).await;
}
