//! The standard library built for size, for a release.
//!
//! rustup's library is built for speed and says in words why it panics. Building it anew takes
//! its source and switches that are not stable: `RUSTC_BOOTSTRAP=1` has a stable compiler take them.
//! So nothing may depend on it. Without the source, without the crates that it is made of, or with
//! a compiler that no longer knows the switches, a release has the library as it was shipped, and
//! weighs more.

use super::rustup::Addition;
use super::target::{self, TRIPLE, Toolchain};
use crate::command;
use crate::project::Project;
use anyhow::Result;
use std::process::Command;

/// For the whole front end: a panic stops at once and without words, as in a release nobody reads
/// them; neither places in the source nor the texts of `{:?}` are kept.
const FLAGS: [&str; 5] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // As `.cargo/config.toml` has it, which these flags stand in for.
    "--cfg=erase_components",
];

/// How the standard library in the WASM was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    /// As it comes with the compiler, or as its source says.
    Ordinary,
    /// For size, with [`FLAGS`].
    ForSize,
}

impl Standard {
    /// Tells cargo about it.
    pub(crate) fn apply(self, cargo: &mut Command) {
        if self == Self::ForSize {
            cargo.arg("-Zbuild-std-features=optimize_for_size");
            // Flags of the environment are meant for the server, if anything.
            cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
        }
    }
}

/// A toolchain for a release, in place of the one that was `found`, and its library.
pub(crate) fn prepare(project: &Project, found: Toolchain) -> Result<(Toolchain, Standard)> {
    let toolchain = match found {
        Toolchain::Active => from_source(project)?,
        Toolchain::ActiveFromSource | Toolchain::Debian => Some(found),
    };
    if let Some(toolchain) = toolchain.filter(|toolchain| can_build(project, *toolchain)) {
        println!("      the standard library is built for size");
        Ok((toolchain, Standard::ForSize))
    } else {
        println!("      the standard library cannot be built for size here: the WASM weighs a tenth more");
        Ok((found, Standard::Ordinary))
    }
}

/// The active toolchain with the library's source, if rustup can give it. Debian's packages are a second compiler: they
/// are installed where nothing else can make WASM, and not for a smaller one.
fn from_source(project: &Project) -> Result<Option<Toolchain>> {
    if !target::source_installed(project)? {
        Addition::Source.add(project)?;
    }
    Ok(target::source_installed(project)?.then_some(Toolchain::ActiveFromSource))
}

/// Whether the compiler knows the switches, and the crates that the library is made of are here.
fn can_build(project: &Project, toolchain: Toolchain) -> bool {
    let mut rustc = toolchain.rustc(project);
    rustc.args(FLAGS).args(["--print", "cfg", "--target", TRIPLE]);
    command::succeeds(rustc.env("RUSTC_BOOTSTRAP", "1")) && command::succeeds(&mut toolchain.cargo(project, "fetch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(standard: Standard) -> (Vec<String>, Option<String>) {
        let mut cargo = Command::new("cargo");
        standard.apply(&mut cargo);
        let arguments = cargo.get_args().map(|argument| argument.to_string_lossy().into_owned());
        let flags = cargo.get_envs().find(|(name, _)| *name == "CARGO_ENCODED_RUSTFLAGS");
        let flags = flags.and_then(|(_, flags)| Some(flags?.to_string_lossy().into_owned()));
        (arguments.collect(), flags)
    }

    #[test]
    fn a_library_for_size_is_asked_for_with_its_feature_and_every_flag() {
        let (arguments, flags) = told(Standard::ForSize);
        assert_eq!(arguments, ["-Zbuild-std-features=optimize_for_size"]);
        let flags = flags.expect("flags");
        assert_eq!(flags.split('\x1f').collect::<Vec<_>>(), FLAGS);
    }

    #[test]
    fn an_ordinary_library_takes_no_switch_that_is_not_stable() {
        assert_eq!(told(Standard::Ordinary), (Vec::new(), None));
    }
}
