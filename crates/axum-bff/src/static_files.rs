//! The front end's files: hashed names under `/pkg/`, and the few files at the root.

use axum::Router;
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};
use url::Url;

/// Routes for the files under `/pkg/`, and for each other file of the site under its own path, folders included. They are
/// precompressed; an unknown name is 404, never the application's page (T11).
///
/// A file that is not in `pkg` has a route of its own, because below a route for its whole folder the application could
/// have no page.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let bundle = ServeDir::new(site.join("pkg"))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let files = Router::new().nest_service("/pkg", bundle);
    with_files_of(files, site, "")
}

/// Adds the files of a folder and of the folders in it. `path` is the URL path of the folder, without a slash at its end.
fn with_files_of<S: Clone + Send + Sync + 'static>(mut router: Router<S>, folder: &Path, path: &str) -> Router<S> {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{path}/{name}");
        if name.starts_with('.') || ["/pkg", "/assets.json"].contains(&path.as_str()) {
            continue;
        }
        // A link to a folder may lead round in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            router = with_files_of(router, &entry.path(), &path);
        } else if entry.path().is_file() && !is_compressed_twin(&entry.path()) {
            let file = ServeFile::new(entry.path()).precompressed_br().precompressed_gzip();
            router = router.route_service(&as_requested(&path), file);
        }
    }
    router
}

/// The path as browsers send it (RFC 3986 §2.1). Braces would be a parameter of axum's.
fn as_requested(path: &str) -> String {
    let mut url = Url::parse("http://localhost").expect("a URL");
    url.set_path(path);
    url.path().to_owned()
}

/// Whether it is the compressed form of a file beside it.
fn is_compressed_twin(file: &Path) -> bool {
    let is_form = file
        .extension()
        .is_some_and(|extension| extension == "br" || extension == "gz");
    is_form && file.with_extension("").is_file()
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
