//! An application of its own, in the layout of cargo-leptos: built and run from the metadata that cargo-leptos reads, for
//! people who do not have that program.

use crate::assets::{self, Named};
use crate::command;
use crate::files;
use crate::frontend::{self, Built};
use crate::progress::Steps;
use crate::project::{Profile, Project};
use crate::run::{become_program, develop};
use crate::wasm;
use crate::wasm::bindgen::Bindings;
use crate::wasm::split;
use crate::wasm::target;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The part of a `Cargo.toml` that is read.
#[derive(Debug, Deserialize)]
struct Manifest {
    package: Option<Package>,
    #[serde(default)]
    features: toml::Table,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
struct Metadata {
    leptos: Option<Leptos>,
}

/// The part of cargo-leptos' metadata that is used here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Leptos {
    output_name: Option<String>,
    style_file: Option<PathBuf>,
    assets_dir: Option<PathBuf>,
    #[serde(default)]
    bin_features: Vec<String>,
    #[serde(default)]
    lib_features: Vec<String>,
    lib_profile_release: Option<String>,
}

/// An application in a folder.
#[derive(Debug)]
pub(crate) struct Application {
    project: Project,
    name: String,
    has_development: bool,
    leptos: Leptos,
}

/// How many steps [`Application::build`] takes.
pub(crate) const STEPS: usize = frontend::STEPS + 1;

impl Application {
    /// The application whose folder this is; none if it is something else.
    pub(crate) fn of(folder: &Path, target: Option<&Path>) -> Result<Option<Self>> {
        let path = folder.join("Cargo.toml");
        if !path.is_file() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&files::read(&path)?).into_owned();
        let manifest: Manifest = toml::from_str(&text).with_context(|| path.display().to_string())?;
        let has_development = manifest.features.contains_key("dev");
        Ok(manifest.package.and_then(|package| {
            Some(Self {
                project: Project::of(folder, target),
                name: package.name,
                has_development,
                leptos: package.metadata.leptos?,
            })
        }))
    }

    /// The application of the current folder, or of a folder above it.
    pub(crate) fn here() -> Result<Option<Self>> {
        let Ok(here) = std::env::current_dir() else {
            return Ok(None);
        };
        let manifest = here.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
        manifest.map_or(Ok(None), |folder| Self::of(folder, None))
    }

    /// Builds both halves, and runs the server until it ends.
    pub(crate) fn run(&self, checkout: &Project, profile: Profile) -> Result<ExitCode> {
        let development = self.has_development && std::env::var_os("BFF_ISSUER").is_none_or(|issuer| issuer.is_empty());
        let mut steps = Steps::new(STEPS + 1);
        let (binary, _) = self.build(checkout, profile, development, &mut steps)?;
        steps.announce(if development {
            "starting, with the development provider (BFF_ISSUER is not set)"
        } else {
            "starting, with the provider of BFF_ISSUER"
        });
        let mut server = self.project.command(binary);
        server
            .env("LEPTOS_OUTPUT_NAME", self.output_name())
            .env("LEPTOS_SITE_ROOT", self.site(profile))
            .env("BFF_SITE", self.site(profile));
        if development {
            develop(&mut server, &self.project);
        }
        become_program(&mut server)
    }

    /// Builds the front end into the site's folder, and the server; returns the server's path, and how the front end came out.
    pub(crate) fn build(
        &self,
        checkout: &Project,
        profile: Profile,
        development: bool,
        steps: &mut Steps,
    ) -> Result<(PathBuf, Built)> {
        let built = self.build_front_end(checkout, profile, steps)?;
        steps.step(&format!("the server ({})", profile.name()), || {
            let mut features = self.leptos.bin_features.clone();
            features.extend(development.then(|| "dev".to_owned()));
            let mut cargo = self.project.cargo();
            cargo.args(["build", "--bins", "--features"]).arg(features.join(","));
            if profile == Profile::Release {
                cargo.arg("--release");
            }
            command::run(&mut cargo)?;
            Ok((self.project.binary(profile, &self.name), built))
        })
    }

    fn build_front_end(&self, checkout: &Project, profile: Profile, steps: &mut Steps) -> Result<Built> {
        let (toolchain, standard) = steps.step("the wasm32 target", || wasm::prepare(checkout, profile))?;
        let compiled = steps.step(&format!("the front end in WASM ({})", profile.name()), || {
            let mut cargo = toolchain.cargo(&self.project, "rustc");
            standard.apply(&mut cargo);
            cargo.args(["--lib", "--no-default-features", "--features"]);
            cargo.arg(self.leptos.lib_features.join(","));
            let of_release = self.leptos.lib_profile_release.as_deref().unwrap_or("release");
            let folder = match profile {
                Profile::Development => "debug",
                Profile::Release => {
                    cargo.args(["--profile", of_release]);
                    of_release
                }
            };
            split::link_for_it(&mut cargo);
            command::run(&mut cargo)?;
            let file = format!("{}.wasm", self.name.replace('-', "_"));
            Ok(toolchain
                .folder(&self.project)
                .join(target::TRIPLE)
                .join(folder)
                .join(file))
        })?;
        steps.step("JavaScript bindings and the site's files", || {
            let folder = self.project.work().join(format!("{}-{}", self.name, profile.name()));
            let bindings = Bindings::named(folder, self.output_name());
            let optimised = frontend::bind(checkout, profile, &compiled, &bindings)?;
            let path = |relative: &Option<PathBuf>| relative.as_ref().map(|relative| self.project.path(relative));
            let site = Named {
                name: self.output_name(),
                style: path(&self.leptos.style_file),
                assets: path(&self.leptos.assets_dir),
            };
            let weight = assets::assemble_named(&self.site(profile), profile, &bindings, &site)?;
            Ok(Built {
                weight,
                optimised,
                standard,
            })
        })
    }

    /// Where the front end's files are. The name is in it, because several applications may share one target folder.
    pub(crate) fn site(&self, profile: Profile) -> PathBuf {
        let folder = format!("site-{}-{}", self.name, profile.name());
        self.project.target().join(folder)
    }

    /// A file or folder by its path from the application's folder.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.project.path(relative)
    }

    /// The stem of the names of the front end's files.
    pub(crate) fn output_name(&self) -> &str {
        self.leptos.output_name.as_deref().unwrap_or(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkout() -> PathBuf {
        Project::open().path("")
    }

    #[test]
    fn the_examples_are_applications_and_this_workspace_is_none() {
        for (folder, name) in [("examples/shop", "shop"), ("examples/my-app", "my-app")] {
            let found = Application::of(&checkout().join(folder), None).expect("a manifest");
            let found = found.expect("an application");
            assert_eq!((found.name.as_str(), found.output_name()), (name, name));
            assert!(found.has_development);
            assert_eq!(found.leptos.lib_features, ["hydrate"]);
            for file in [found.leptos.style_file, found.leptos.assets_dir] {
                assert!(found.project.path(file.expect("a path")).exists());
            }
        }
        for folder in ["", "app", "examples/spa", "docs"] {
            let found = Application::of(&checkout().join(folder), None).expect("a manifest or nothing");
            assert!(found.is_none(), "{folder:?}");
        }
    }
}
