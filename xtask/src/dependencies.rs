//! The rules for dependencies in `deny.toml`: licences, banned crates, and sources. And the compiler that they need: our own
//! manifests ask for one that is as new.
//!
//! `cargo deny` reads the same file, and does the work where it is installed. Installing it takes longer than a part of the
//! tests may, so that these rules are checked here elsewhere. The advisories need the network: the hosted workflow has
//! `cargo deny` compare the dependencies with them.

use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use spdx::Expression;
use std::collections::BTreeSet;

const RULES: &str = "deny.toml";

#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Debug, Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A package of `cargo metadata`. The packages of this workspace have no source.
#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    rust_version: Option<String>,
}

/// Checks the compiler that the manifests ask for, and every dependency: by `cargo deny` where it is installed.
pub(crate) fn check(project: &Project) -> Result<()> {
    let printed = command::output(project.cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Metadata = serde_json::from_str(&printed).context("the output of `cargo metadata` cannot be read")?;
    let too_old = too_old(&metadata.packages);
    ensure!(
        too_old.is_empty(),
        "`rust-version` is lower than a dependency needs:\n{}",
        too_old.join("\n")
    );
    if command::find("cargo-deny").is_some() {
        return command::run(project.cargo().args(["deny", "check", "bans", "licenses", "sources"]));
    }
    let rules: Rules = toml::from_slice(&files::read(&project.path(RULES))?).context(RULES)?;
    let refused = refused(&rules, &metadata.packages);
    ensure!(
        refused.is_empty(),
        "dependencies that {RULES} does not allow:\n{}",
        refused.join("\n")
    );
    Ok(())
}

fn refused(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut refused = Vec::new();
    let dependencies = packages.iter().filter(|package| package.source.is_some());
    let registry = dependencies
        .clone()
        .find_map(|package| package.source.as_deref().filter(|from| is_registry(from)));
    for Package {
        name,
        version,
        license,
        source,
        ..
    } in dependencies
    {
        if source.as_deref() != registry {
            refused.push(format!("{name} {version} comes from elsewhere than the registry"));
        }
        if let Some(banned) = rules.bans.deny.iter().find(|banned| banned.name == *name) {
            refused.push(format!("{name} {version} is banned: {}", banned.reason));
        }
        let license = license.as_deref().unwrap_or_default();
        if !is_allowed(&rules.licenses, license) {
            refused.push(format!("{name} {version} has the licence {license:?}"));
        }
    }
    refused
}

/// The packages of this workspace that promise to compile with an older compiler than a dependency does. That none asks for a
/// newer one than there is, cargo sees at each build.
fn too_old(packages: &[Package]) -> Vec<String> {
    let needs = |package: &Package| package.rust_version.as_deref().map_or_else(Vec::new, numbers);
    let (ours, dependencies): (Vec<_>, Vec<_>) = packages.iter().partition(|package| package.source.is_none());
    let Some(newest) = dependencies.into_iter().max_by_key(|package| needs(package)) else {
        return Vec::new();
    };
    let told = |package: &Package| package.rust_version.clone().unwrap_or_else(|| "nothing".to_owned());
    ours.into_iter()
        .filter(|package| needs(package) < needs(newest))
        .map(|package| {
            format!(
                "{} asks for {}, and {} {} for {}",
                package.name,
                told(package),
                newest.name,
                newest.version,
                told(newest)
            )
        })
        .collect()
}

/// `1.88` and `1.88.0` are one version.
fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = version.split('.').filter_map(|number| number.parse().ok()).collect();
    numbers.resize(3, 0);
    numbers
}

fn is_registry(source: &str) -> bool {
    source.starts_with("registry+") || source.starts_with("sparse+")
}

/// Whether the expression can be met with allowed licences alone. Old crates write `MIT/Apache-2.0`.
fn is_allowed(licenses: &Licenses, expression: &str) -> bool {
    Expression::parse_mode(expression, spdx::ParseMode::LAX)
        .is_ok_and(|expression| expression.evaluate(|wanted| licenses.allow.contains(&wanted.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, license: Option<&str>, source: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: Some(source.to_owned()),
            rust_version: None,
        }
    }

    fn needing(name: &str, source: Option<&str>, rust_version: &str) -> Package {
        Package {
            source: source.map(str::to_owned),
            rust_version: Some(rust_version.to_owned()),
            ..package(name, None, "")
        }
    }

    #[test]
    fn a_package_of_ours_asks_for_as_new_a_compiler_as_each_dependency() {
        let registry = Some("registry+https://index.example");
        let packages = [
            needing("new-enough", None, "1.89"),
            needing("newer", None, "1.95.0"),
            needing("too-old", None, "1.9"),
            Package {
                rust_version: None,
                ..needing("silent", None, "")
            },
            needing("early", registry, "1.60"),
            needing("late", registry, "1.89.0"),
            package("says-nothing", None, "registry+https://index.example"),
        ];
        assert_eq!(
            too_old(&packages),
            [
                "too-old asks for 1.9, and late 1.0.0 for 1.89.0",
                "silent asks for nothing, and late 1.0.0 for 1.89.0"
            ]
        );
    }

    fn rules() -> Rules {
        toml::from_str(
            "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\"]\n\
             [bans]\ndeny = [{ crate = \"openssl-sys\", reason = \"one TLS backend\" }]",
        )
        .expect("rules")
    }

    #[test]
    fn a_licence_is_allowed_where_its_expression_can_be_met() {
        let Rules { licenses, .. } = rules();
        for allowed in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "MIT/Apache-2.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
        ] {
            assert!(is_allowed(&licenses, allowed), "{allowed}");
        }
        for refused in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "no licence"] {
            assert!(!is_allowed(&licenses, refused), "{refused}");
        }
    }

    #[test]
    fn each_kind_of_fault_is_named() {
        let registry = "registry+https://index.example";
        let packages = [
            package("good", Some("MIT"), registry),
            package("openssl-sys", Some("MIT"), registry),
            package("copyleft", Some("GPL-3.0-only"), registry),
            package("unlicensed", None, registry),
            package("forked", Some("MIT"), "git+https://git.example/forked"),
            package("other", Some("MIT"), "registry+https://other.example"),
        ];
        let refused = refused(&rules(), &packages).join("\n");
        for (name, why) in [
            ("openssl-sys", "is banned: one TLS backend"),
            ("copyleft", "GPL-3.0-only"),
            ("unlicensed", "licence \"\""),
            ("forked", "comes from elsewhere"),
            ("other", "comes from elsewhere"),
        ] {
            assert!(
                refused.contains(&format!("{name} 1.0.0")) && refused.contains(why),
                "{refused}"
            );
        }
        assert!(!refused.contains("good"), "{refused}");
    }
}
