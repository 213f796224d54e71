//! Programs of Debian's archive that are unpacked below `target` and not installed. An installed nginx, Apache, Caddy or
//! `HAProxy` would start as a service of this machine and take its ports; unpacking needs no rights either.

use crate::apt;
use crate::command;
use crate::files;
use crate::project::Project;
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that stands in front of the replicas in a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proxy {
    /// The variable by which the test finds it.
    variable: &'static str,
    name: &'static str,
    package: &'static str,
    /// The path in the package.
    path: &'static str,
    /// A part of the names of its tests.
    test: &'static str,
}

const PROXIES: [Proxy; 4] = [
    Proxy {
        variable: "NGINX",
        name: "nginx",
        package: "nginx",
        path: "usr/sbin/nginx",
        test: "behind_nginx",
    },
    Proxy {
        variable: "CADDY",
        name: "caddy",
        package: "caddy",
        path: "usr/bin/caddy",
        test: "behind_caddy",
    },
    Proxy {
        variable: "HAPROXY",
        name: "haproxy",
        package: "haproxy",
        path: "usr/sbin/haproxy",
        test: "behind_haproxy",
    },
    Proxy {
        variable: "APACHE",
        name: "apache2",
        package: "apache2-bin",
        path: "usr/sbin/apache2",
        test: "behind_apache",
    },
];

/// The proxies for the tests of `deploy/`.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    /// The variables of the environment for the tests.
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// The tests to leave out by name, because their program cannot be had.
    pub(crate) left_out: Vec<&'static str>,
}

/// Finds or unpacks every proxy. A proxy that cannot be had is said, and its test is left out by name.
pub(crate) fn proxies(project: &Project) -> Proxies {
    let mut found = Proxies::default();
    for proxy in PROXIES {
        match program(project, proxy) {
            Ok(path) => found.environment.push((proxy.variable, path.into_os_string())),
            Err(error) => {
                println!(
                    "      {} cannot be had ({error:#}): the test `{}…` is left out",
                    proxy.name, proxy.test
                );
                found.left_out.push(proxy.test);
            }
        }
    }
    let libraries = libraries(&folder(project));
    if !libraries.is_empty()
        && let Ok(joined) = std::env::join_paths(libraries)
    {
        found.environment.push(("PROXY_LIBRARIES", joined));
    }
    found
}

/// The packages of all proxies share one folder, so that each library is there once.
fn folder(project: &Project) -> PathBuf {
    project.work().join("debian")
}

/// The program that its variable names, or that the system has, or that is unpacked.
fn program(project: &Project, proxy: Proxy) -> Result<PathBuf> {
    let named = std::env::var_os(proxy.variable).filter(|path| !path.is_empty());
    let installed = || {
        let sbin = Path::new("/").join(proxy.path);
        command::find(proxy.name).or_else(|| sbin.is_file().then_some(sbin))
    };
    if let Some(path) = named.map(PathBuf::from).or_else(installed) {
        return Ok(path);
    }
    let folder = folder(project);
    let unpacked = folder.join("tree").join(proxy.path);
    if !unpacked.is_file() {
        unpack(&folder, proxy.package)?;
        ensure!(unpacked.is_file(), "{} has no {}", proxy.package, proxy.path);
    }
    Ok(unpacked)
}

/// Downloads the package and those that it needs and this system does not have, and unpacks them.
fn unpack(folder: &Path, package: &str) -> Result<()> {
    ensure!(apt::offers(package), "no archive of this system has {package}");
    println!("      unpacking {package}");
    // Prints what an installation would download, and installs nothing.
    let printed = command::output(Command::new("apt-get").args([
        "install",
        "--print-uris",
        "-qq",
        "--yes",
        "--no-install-recommends",
        package,
    ]))?;
    let archives = folder.join("archives").join(package);
    files::write(&archives.join("needed.txt"), printed.as_bytes())?;
    let names = needed(&printed);
    ensure!(!names.is_empty(), "apt-get names no archive for {package}");
    let mut download = Command::new("apt-get");
    command::run(download.args(["download", "-qq"]).args(&names).current_dir(&archives))?;
    let tree = folder.join("tree");
    for archive in files::list(&archives)? {
        if archive.extension().is_some_and(|extension| extension == "deb") {
            let mut extract = Command::new("dpkg-deb");
            command::run(extract.arg("--extract").arg(archives.join(archive)).arg(&tree))?;
        }
    }
    files::remove(&archives).context("the archives are unpacked")
}

/// The packages in lines such as `'http://…/nginx_1.22.1-9_amd64.deb' nginx_1.22.1-9_amd64.deb 532468 SHA256:…`. The C library
/// stays the system's, because the loader has to fit it.
fn needed(printed: &str) -> Vec<&str> {
    let archives = printed.lines().filter_map(|line| line.split(' ').nth(1));
    archives
        .filter_map(|archive| archive.split_once('_').map(|(name, _)| name))
        .filter(|name| *name != "libc6")
        .collect()
}

/// The folders of libraries in the tree, such as `usr/lib/x86_64-linux-gnu`.
fn libraries(folder: &Path) -> Vec<PathBuf> {
    let roots = ["usr/lib", "lib"].map(|root| folder.join("tree").join(root));
    let entries = roots.iter().filter_map(|root| std::fs::read_dir(root).ok());
    let folders = entries.flatten().flatten().map(|entry| entry.path());
    let is_for_a_machine = |path: &PathBuf| path.to_string_lossy().contains("-linux-gnu");
    folders.filter(is_for_a_machine).collect()
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn the_names_of_packages_are_read_from_what_apt_would_download() {
        let printed = "'http://archive.example/debian/pool/main/n/nginx/nginx-common_1.22.1-9_all.deb' nginx-common_1.22.1-9_all.deb 1 MD5Sum:0\n\
                       'http://archive.example/x/libnss3_3.87.1-1%2bdeb12u4_amd64.deb' libnss3_2%3a3.87.1-1_amd64.deb 2 \n\
                       'http://archive.example/x/libc6_2.36_amd64.deb' libc6_2.36_amd64.deb 3 \n";
        assert_eq!(needed(printed), ["nginx-common", "libnss3"]);
        assert!(needed("").is_empty());
    }
}
