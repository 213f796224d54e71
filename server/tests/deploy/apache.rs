//! `deploy/apache/bff.conf`, in a server of the test's.

use crate::proxy::{Place, Proxy, program};
use crate::walk;
use crate::world::World;
use std::path::Path;

/// The modules that the shipped file names, and those that any Apache needs.
const MODULES: [&str; 12] = [
    "mpm_event",
    "authz_core",
    "alias",
    "socache_shmcb",
    "ssl",
    "http2",
    "proxy",
    "proxy_http",
    "proxy_balancer",
    "lbmethod_byrequests",
    "slotmem_shm",
    "headers",
];

#[tokio::test(flavor = "multi_thread")]
async fn behind_apache_a_person_signs_in_and_nothing_is_held_back() {
    let world = World::start().await;
    let place = Place::new();
    let apache = program("APACHE", "/usr/sbin/apache2");
    let ports = [
        ("<VirtualHost *:80>", format!("<VirtualHost {}>", place.plain)),
        ("<VirtualHost *:443>", format!("<VirtualHost {}>", place.secure)),
    ];
    let site = place.shipped("apache/bff.conf", &world, &ports);
    let settings = place.write("main.conf", &format!("{}{site}", server(&place, &apache)));
    let (folder, settings) = (place.path("").display().to_string(), settings.display().to_string());
    let arguments = ["-X", "-d", &folder, "-f", &settings];
    let proxy = Proxy::start(place, &apache, &arguments);
    walk::through(&proxy, &world).await;
}

/// The settings of the server around the site. Debian's modules are beside the program: `/usr/lib/apache2/modules`.
fn server(place: &Place, program: &Path) -> String {
    let modules = program
        .parent()
        .unwrap_or(Path::new("/usr/sbin"))
        .join("../lib/apache2/modules");
    let load: Vec<String> = MODULES
        .iter()
        .map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display()))
        .collect();
    let folder = place.path("");
    let folder = folder.display();
    // The user counts only if the test runs as root.
    format!(
        "{}ServerName localhost\nUser nobody\nGroup nogroup\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\n\
         Mutex sem default\nErrorLog /dev/stderr\nListen {}\nListen {}\n",
        load.concat(),
        place.plain,
        place.secure,
    )
}
