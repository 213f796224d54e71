//! `deploy/haproxy/haproxy.cfg`, which is a whole file of settings.

use crate::proxy::{Place, Proxy, program};
use crate::walk;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy_a_person_signs_in_and_nothing_is_held_back() {
    let world = World::start().await;
    let place = Place::new();
    let ports = [
        ("bind :80\n", format!("bind {}\n", place.plain)),
        ("bind :443 ssl", format!("bind {} ssl", place.secure)),
    ];
    let settings = place.write("haproxy.cfg", &place.shipped("haproxy/haproxy.cfg", &world, &ports));
    let settings = settings.display().to_string();
    let proxy = Proxy::start(place, &program("HAPROXY", "haproxy"), &["-db", "-f", &settings]);
    walk::through(&proxy, &world).await;
    walk::leads_to_no_other_name(&proxy).await;
}
