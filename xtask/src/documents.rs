//! The Markdown pages of the project: a link leads to a file, an anchor to a heading, and a setting that a page or a file of
//! `deploy` names exists.

mod settings;

use crate::files;
use crate::project::Project;
use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use settings::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The page that lists every setting. A test of `axum-bff` holds it to the code.
const SETTINGS: &str = "docs/settings.md";

/// Folders whose Markdown files are pages, and whether the folders in them have some too.
const FOLDERS: [(&str, bool); 4] = [("", false), ("docs", false), ("crates", true), ("examples", true)];

/// This page names settings of earlier versions.
const HISTORY: &str = "CHANGELOG.md";

/// This page is written from the tests and compared with them, so its links are as new as its last writing.
const WRITTEN: &str = "docs/conformance.md";

/// The files that an operator copies. They name settings too.
const DEPLOY: &str = "deploy";

/// Secrets that a script makes there, which are in no repository.
const SECRETS: &str = "compose/secrets";

/// One Markdown file.
#[derive(Debug, Default)]
struct Page {
    text: String,
    anchors: Vec<String>,
    /// The targets of links and pictures, as they are written.
    links: Vec<String>,
}

impl Page {
    fn read(text: String) -> Self {
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let text = heading.take().unwrap_or_default();
                    let anchor = anchor(&text, &page.anchors);
                    page.anchors.push(anchor);
                }
                Event::Text(part) | Event::Code(part) => {
                    if let Some(text) = &mut heading {
                        text.push_str(&part);
                    }
                }
                _ => {}
            }
        }
        page.text = text;
        page
    }
}

/// The anchor that a code forge gives a heading: lower case, spaces as hyphens, no punctuation, numbered from the second on.
pub(crate) fn anchor(heading: &str, earlier: &[String]) -> String {
    let name: String = heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            other => other.is_alphanumeric().then_some(other),
        })
        .collect();
    (0..=earlier.len())
        .map(|number| match number {
            0 => name.clone(),
            _ => format!("{name}-{number}"),
        })
        .find(|candidate| !earlier.contains(candidate))
        .unwrap_or(name.clone())
}

/// Looks at every page.
pub(crate) fn check(project: &Project) -> Result<()> {
    let root = project.path("");
    let pages = pages(&root)?;
    let mut dead = dead_links(&root, &pages);
    if let Some(listed) = pages.get(Path::new(SETTINGS)) {
        let settings = Settings::listed(&listed.text);
        for (path, page) in pages.iter().filter(|(path, _)| *path != Path::new(HISTORY)) {
            let unknown = settings::named(&page.text).filter(|name| !settings.has(name));
            dead.extend(unknown.map(|name| format!("{}: the setting {name}", path.display())));
        }
        dead.extend(unknown_settings(&root.join(DEPLOY), &settings)?);
    }
    dead.sort();
    dead.dedup();
    ensure!(
        dead.is_empty(),
        "the pages name things that do not exist:\n{}",
        dead.join("\n")
    );
    Ok(())
}

/// The settings that the files of a folder name and that do not exist.
fn unknown_settings(folder: &Path, known: &Settings) -> Result<Vec<String>> {
    let mut unknown = Vec::new();
    for file in files::list(folder)? {
        if file.starts_with(SECRETS) {
            continue;
        }
        let bytes = files::read(&folder.join(&file))?;
        let text = String::from_utf8_lossy(&bytes);
        let names = settings::named(&text).filter(|name| !known.has(name));
        unknown.extend(names.map(|name| format!("{DEPLOY}/{}: the setting {name}", file.display())));
    }
    Ok(unknown)
}

/// The links that lead nowhere within the project. Other addresses are not looked at.
fn dead_links(root: &Path, pages: &BTreeMap<PathBuf, Page>) -> Vec<String> {
    let mut dead = Vec::new();
    for (path, page) in pages.iter().filter(|(path, _)| *path != Path::new(WRITTEN)) {
        let folder = path.parent().unwrap_or(Path::new(""));
        for link in page
            .links
            .iter()
            .filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        {
            let (file, anchor) = link
                .split_once('#')
                .map_or((link.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() {
                path.clone()
            } else {
                plain(&folder.join(file))
            };
            let leads = match (pages.get(&target), anchor) {
                (Some(page), Some(anchor)) => page.anchors.iter().any(|known| known == anchor),
                (Some(_), None) => true,
                (None, _) => root.join(&target).exists(),
            };
            if !leads {
                dead.push(format!("{}: the link {link}", path.display()));
            }
        }
    }
    dead
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Every page by its path in the project.
fn pages(root: &Path) -> Result<BTreeMap<PathBuf, Page>> {
    let mut pages = BTreeMap::new();
    for (folder, within) in FOLDERS {
        let folder = Path::new(folder);
        for entry in entries(&root.join(folder))? {
            if entry.extension().is_some_and(|extension| extension == "md") {
                add(root, &entry, &mut pages)?;
            } else if within && entry.join("README.md").is_file() {
                add(root, &entry.join("README.md"), &mut pages)?;
            }
        }
    }
    Ok(pages)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| anyhow::Ok(entry?.path())).collect()
}

fn add(root: &Path, file: &Path, pages: &mut BTreeMap<PathBuf, Page>) -> Result<()> {
    let path = file.strip_prefix(root).unwrap_or(file).to_owned();
    let text = String::from_utf8(files::read(file)?).with_context(|| path.display().to_string())?;
    pages.insert(path, Page::read(text));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::settings::Settings;
    use super::{DEPLOY, Page, anchor, dead_links, unknown_settings};
    use crate::files;
    use crate::project::Project;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    #[test]
    fn a_heading_has_the_anchor_that_a_code_forge_gives_it() {
        assert_eq!(anchor("What a stranger costs", &[]), "what-a-stranger-costs");
        assert_eq!(anchor("IDT: ID Token (`nonce`)", &[]), "idt-id-token-nonce");
        let earlier = ["twice".to_owned(), "twice-1".to_owned()];
        assert_eq!(anchor("Twice", &earlier), "twice-2");
    }

    #[test]
    fn a_link_to_a_missing_file_or_heading_is_named_with_its_page() {
        let pages = BTreeMap::from([
            (
                PathBuf::from("docs/one.md"),
                Page::read("# One\n[a](two.md#there) [b](two.md#gone) [c](#one) [d](none.md) ![e](../x.png) [f](https://x.example)".to_owned()),
            ),
            (PathBuf::from("docs/two.md"), Page::read("| a |\n|---|\n\n## There\n".to_owned())),
        ]);
        assert_eq!(
            dead_links(Path::new("/nowhere"), &pages),
            [
                "docs/one.md: the link two.md#gone",
                "docs/one.md: the link none.md",
                "docs/one.md: the link ../x.png",
            ]
        );
    }
    #[test]
    fn a_setting_that_a_shipped_file_names_and_nobody_reads_is_named() {
        let folder = std::env::temp_dir().join(format!("xtask-deploy-{}", std::process::id()));
        files::write(&folder.join("site/one.conf"), b"# BFF_LISTEN and BFF_LISTENS\n").expect("written");
        files::write(&folder.join("compose/secrets/x.env"), b"BFF_OTHER=1\n").expect("written");
        let unknown = unknown_settings(&folder, &Settings::listed("`BFF_LISTEN`")).expect("a folder");
        files::remove(&folder).expect("the folder");
        assert_eq!(unknown, ["deploy/site/one.conf: the setting BFF_LISTENS"]);
    }

    #[test]
    fn there_are_shipped_files_to_look_at() {
        let files = files::list(&Project::open().path(DEPLOY)).expect("a folder");
        assert!(files.len() > 20, "{files:?}");
    }
}
