//! `deploy/nginx/bff.conf`, in a `http` block of the test's.

use crate::proxy::{Place, Proxy, program};
use crate::walk;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_a_person_signs_in_and_nothing_is_held_back() {
    let world = World::start().await;
    let place = Place::new();
    let ports = [
        ("listen 80 ", format!("listen {} ", place.plain)),
        ("listen 80;", format!("listen {};", place.plain)),
        ("listen 443 ssl", format!("listen {} ssl", place.secure)),
    ];
    let site = place.write("bff.conf", &place.shipped("nginx/bff.conf", &world, &ports));
    let folders: Vec<String> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {};", place.path(kind).display()))
        .collect();
    let pid = place.path("pid");
    let settings = format!(
        "daemon off; master_process off; pid {}; error_log stderr; events {{ worker_connections 512; }}\n\
         http {{ access_log off; {} include {}; }}\n",
        pid.display(),
        folders.join(" "),
        site.display(),
    );
    let settings = place.write("main.conf", &settings).display().to_string();
    let prefix = place.path("").display().to_string();
    let arguments = ["-p", &prefix, "-e", "stderr", "-c", &settings];
    let proxy = Proxy::start(place, &program("NGINX", "nginx"), &arguments);
    walk::through(&proxy, &world).await;
    walk::leads_to_no_other_name(&proxy).await;
}
