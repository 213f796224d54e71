//! Secrets, keys, certificates and authorities from files change while the server runs.

mod certificates;
mod groups;
mod own_certificate;
mod secrets;
mod watched;
mod wrong_files;

use crate::world::World;
use axum::Router;
use axum_bff::Bff;
use tempfile::TempDir;

/// A folder with files that settings name.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Writes a file in one step, and returns its path.
    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        let (unfinished, path) = (self.0.path().join("unfinished"), self.0.path().join(name));
        std::fs::write(&unfinished, content).expect("written");
        std::fs::rename(unfinished, &path).expect("in its place");
        path.to_str().expect("UTF-8").to_owned()
    }
}

/// Another replica of this world, and what tells it to read its settings again.
async fn replica(world: &World) -> (Bff, Router) {
    let mut built = None;
    let no_routes = |bff: &Bff| {
        built = Some(bff.clone());
        Router::new()
    };
    let router = world.replica_routing(no_routes, |_| ()).await;
    (built.expect("the replica is built"), router)
}
