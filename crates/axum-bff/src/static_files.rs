//! The front end's files: hashed names under `/pkg/`, and the few files at the root.

use axum::Router;
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};

/// Routes for the files under `/pkg/` and for each file at the site's root. They are precompressed;
/// an unknown name is 404, never the application's page (T11).
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let bundle = ServeDir::new(site.join("pkg"))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let mut router = Router::new().nest_service("/pkg", bundle);
    for entry in std::fs::read_dir(site).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let extension = name.rsplit('.').next().unwrap_or_default();
        // Some files are not for browsers: the list of assets, hidden files, the compressed copies.
        let is_public = name != "assets.json" && !name.starts_with('.') && !["br", "gz"].contains(&extension);
        if is_public && entry.path().is_file() {
            router = router.route_service(&format!("/{name}"), ServeFile::new(entry.path()));
        }
    }
    router
}

/// Whether a path names a file of the bundle by its content: `/pkg/NAME.<16 hex digits>.EXT`,
/// or a snippet beside it.
pub(crate) fn is_hashed(path: &str) -> bool {
    path.starts_with("/pkg/")
        && path
            .rsplit('.')
            .nth(1)
            .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
