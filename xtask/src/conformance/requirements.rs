//! The requirements: `docs/conformance.toml`.

use serde::Deserialize;

/// The requirements of the standards, and the modules of the `OpenID` Foundation's suite for relying parties.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirements {
    #[serde(rename = "requirement")]
    pub(super) requirements: Vec<Requirement>,
    #[serde(rename = "module", default)]
    pub(super) modules: Vec<Module>,
}

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    /// Such as `IDT-15`.
    pub(super) id: String,
    /// M, S, O, P or D, or several: see the page.
    pub(super) level: String,
    /// 1 or 2.
    pub(super) tier: u8,
    /// The requirement in a sentence.
    pub(super) says: String,
    /// Where it stands.
    pub(super) source: String,
    /// Why it is not met, if it is not.
    pub(super) reason: Option<String>,
    /// The decision where the sources leave it open or disagree.
    pub(super) note: Option<String>,
}

/// One module.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Module {
    /// Its full name.
    pub(super) name: String,
    /// The plan that it belongs to.
    pub(super) plan: String,
    /// The module's steps and expectations.
    pub(super) expects: String,
    /// Why it does not apply, if it does not.
    pub(super) reason: Option<String>,
}

/// A requirement or a module: both need a test or a reason.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    Requirement(&'a Requirement),
    Module(&'a Module),
}

impl Requirements {
    pub(super) fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let requirements = self.requirements.iter().map(Entry::Requirement);
        requirements.chain(self.modules.iter().map(Entry::Module))
    }
}

impl<'a> Entry<'a> {
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Requirement(requirement) => &requirement.id,
            Self::Module(module) => &module.name,
        }
    }

    /// The name that tests use: one module's name has an underscore, and functions have no hyphens.
    pub(super) fn key(self) -> String {
        self.name().replace('_', "-")
    }

    pub(super) fn reason(self) -> Option<&'a str> {
        match self {
            Self::Requirement(requirement) => requirement.reason.as_deref(),
            Self::Module(module) => module.reason.as_deref(),
        }
    }
}
