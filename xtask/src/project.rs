//! Where the project's files are, and the kinds of build.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The kinds of build. Server and WASM always come from the same kind: a debug server's pages
/// carry markers that a release WASM does not expect, and hydration panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build: cargo's `dev` profile for both, nothing compressed.
    Development,
    /// As for production: `release` for the server, `wasm-release` for the WASM.
    Release,
}

impl Profile {
    /// The name used for folders of this kind and in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Release => "release",
        }
    }
}

/// The server's side: every crate but these two, so that none is forgotten, with the feature that renders the pages.
pub(crate) const SERVER_SIDE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "frontend",
    "--exclude",
    "xtask",
    "--features",
    "app/ssr",
];

/// The project's folders.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The project that this program was built from.
    pub(crate) fn open() -> Self {
        // Cargo sets the variable anew for every run, so a project that was moved is found too.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().map_or_else(|| package.clone(), Path::to_path_buf);
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Self { root, target }
    }

    /// Another folder with a manifest, and cargo's folder for it: by default the one that cargo would take there.
    pub(crate) fn of(folder: &Path, target: Option<&Path>) -> Self {
        let target = target.map_or_else(
            || std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("target"), |given| folder.join(given)),
            Path::to_owned,
        );
        Self {
            root: folder.to_owned(),
            target,
        }
    }

    /// A file or folder by its path from the project's root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The folder of intermediate files: wasm-bindgen's output, fingerprints.
    pub(crate) fn work(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The site root, with `pkg` inside, that the server is given as `BFF_SITE`.
    pub(crate) fn site(&self, profile: Profile) -> PathBuf {
        self.target.join(format!("site-{}", profile.name()))
    }

    /// The server's binary.
    pub(crate) fn server_binary(&self, profile: Profile) -> PathBuf {
        self.binary(profile, "bff")
    }

    /// A binary by its name.
    pub(crate) fn binary(&self, profile: Profile, name: &str) -> PathBuf {
        let folder = match profile {
            Profile::Development => "debug",
            Profile::Release => "release",
        };
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.target.join(folder).join(name)
    }

    /// A program started in the project's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that started this program, with the project's target folder.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(cargo);
        command.env("CARGO_TARGET_DIR", &self.target);
        command.env("RUSTFLAGS", with_erased_views(std::env::var("RUSTFLAGS").ok()));
        command
    }
}

/// Leptos' switch for views without types.
pub(crate) const ERASED_VIEWS: &str = "--cfg=erase_components";

/// Flags of the environment take the place of those in `.cargo/config.toml`, and an application elsewhere has no such file.
/// Server and WASM need this one alike: a page has other markers without it.
fn with_erased_views(flags: Option<String>) -> String {
    match flags.filter(|flags| !flags.trim().is_empty()) {
        None => ERASED_VIEWS.to_owned(),
        Some(flags) if flags.contains(ERASED_VIEWS) => flags,
        Some(flags) => format!("{flags} {ERASED_VIEWS}"),
    }
}

#[cfg(test)]
mod tests {
    use super::with_erased_views;

    #[test]
    fn flags_of_the_environment_take_nothing_from_the_views() {
        assert_eq!(with_erased_views(None), "--cfg=erase_components");
        assert_eq!(with_erased_views(Some(" ".to_owned())), "--cfg=erase_components");
        assert_eq!(
            with_erased_views(Some("-Dwarnings".to_owned())),
            "-Dwarnings --cfg=erase_components"
        );
        let both = "--cfg=erase_components -Dwarnings";
        assert_eq!(with_erased_views(Some(both.to_owned())), both);
    }
}
