//! Compresses files once at build time, so that no request has to.

use flate2::{Compression, GzBuilder};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// An encoding of HTTP content (RFC 9110 §8.4.1) in which a file is kept beside the original.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Encoding {
    /// `br` (RFC 7932), at its highest quality.
    Brotli,
    /// `gzip` (RFC 1952), at its highest level.
    Gzip,
}

impl Encoding {
    /// The encodings that every release file gets.
    pub(crate) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Where the compressed form of a file goes: beside it, with one more extension.
    pub(crate) fn beside(self, path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        });
        PathBuf::from(name)
    }

    /// The compressed bytes: the same for the same input, since no time of day goes into them.
    pub(crate) fn compress(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Brotli => brotli(bytes),
            Self::Gzip => gzip(bytes),
        }
    }
}

/// Whether a file gets smaller: text and WASM do, pictures and fonts are compressed already.
pub(crate) fn worth_it(path: &Path) -> bool {
    const EXTENSIONS: [&str; 10] = [
        "css",
        "html",
        "ico",
        "js",
        "map",
        "svg",
        "txt",
        "wasm",
        "webmanifest",
        "xml",
    ];
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| EXTENSIONS.contains(&extension))
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    // 11: the highest quality; 22: the largest window that every browser takes.
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    // Writing to memory cannot fail; the stream is closed when the writer is dropped.
    let _ = writer.write_all(bytes);
    drop(writer);
    compressed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    const TEXT: &[u8] = b"a text that says the same again, a text that says the same again";

    #[test]
    fn brotli_gives_back_what_went_in() {
        let mut text = Vec::new();
        let compressed = Encoding::Brotli.compress(TEXT);
        brotli::Decompressor::new(&compressed[..], 4096)
            .read_to_end(&mut text)
            .expect("valid brotli");
        assert_eq!(text, TEXT);
        assert!(compressed.len() < TEXT.len());
    }

    #[test]
    fn gzip_gives_back_what_went_in_and_is_the_same_every_time() {
        let mut text = Vec::new();
        let compressed = Encoding::Gzip.compress(TEXT);
        flate2::read::GzDecoder::new(&compressed[..])
            .read_to_end(&mut text)
            .expect("valid gzip");
        assert_eq!(text, TEXT);
        assert_eq!(compressed, Encoding::Gzip.compress(TEXT));
    }

    #[test]
    fn compressed_forms_lie_beside_the_file() {
        let path = Path::new("pkg/frontend.1.wasm");
        assert_eq!(Encoding::Brotli.beside(path), Path::new("pkg/frontend.1.wasm.br"));
        assert_eq!(Encoding::Gzip.beside(path), Path::new("pkg/frontend.1.wasm.gz"));
    }

    #[test]
    fn pictures_are_left_as_they_are() {
        assert!(!worth_it(Path::new("photo.png")));
        assert!(worth_it(Path::new("favicon.svg")));
    }
}
