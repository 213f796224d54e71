//! The documents of the project as pages of the site. The demonstration links to them, so they are where it runs.

use super::site::{Site, beside};
use crate::documents::anchor;
use crate::files;
use crate::project::Project;
use anyhow::{Context, Result};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use std::path::Path;

/// The folder of the documents, in the project and in the site.
const FOLDER: &str = "docs";

/// Adds a page for each document. `style` is the URL path of the style sheet.
pub(super) fn add(site: &mut Site, project: &Project, style: &str) -> Result<()> {
    let folder = project.path(FOLDER);
    for file in files::list(&folder)? {
        let name = file.to_string_lossy();
        let Some(address) = address(&name) else { continue };
        let text = String::from_utf8(files::read(&folder.join(&file))?).with_context(|| name.to_string())?;
        let page = page(&Document::read(&text), style);
        site.add(&Path::new(FOLDER).join(address), page.as_bytes())?;
    }
    Ok(())
}

/// The file name of the page for a document: `pages.html` for `pages.md`.
fn address(file: &str) -> Option<String> {
    let name = file.strip_suffix(".md").filter(|name| !name.contains('/'))?;
    let name = if name == "README" { "index" } else { name };
    Some(format!("{name}.html"))
}

/// The address of a link on a page. None where it leads to a file of the project that is not on the site.
fn target(link: &str) -> Option<String> {
    let (file, place) = match link.split_once('#') {
        Some((file, place)) => (file, format!("#{place}")),
        None => (link, String::new()),
    };
    if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
        return Some(link.to_owned());
    }
    Some(format!("{}{place}", address(file)?))
}

/// A document as HTML.
#[derive(Debug, Default)]
struct Document {
    title: String,
    body: String,
}

impl Document {
    /// Headings get the anchors that a code forge gives them. A link that leads past the site, and a picture, are their text.
    fn read(markdown: &str) -> Self {
        let mut document = Self::default();
        let (mut events, mut anchors, mut are_kept) = (Vec::new(), Vec::new(), Vec::new());
        let mut heading: Option<(usize, String)> = None;
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
            match &event {
                Event::Start(Tag::Heading { .. }) => heading = Some((events.len(), String::new())),
                Event::Text(part) | Event::Code(part) => {
                    if let Some((_, text)) = &mut heading {
                        text.push_str(part);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => are_kept.push(target(dest_url)),
                _ => {}
            }
            match event {
                Event::Start(Tag::Link {
                    link_type, title, id, ..
                }) => {
                    if let Some(Some(target)) = are_kept.last() {
                        let dest_url = target.clone().into();
                        events.push(Event::Start(Tag::Link {
                            link_type,
                            dest_url,
                            title,
                            id,
                        }));
                    }
                }
                Event::End(TagEnd::Link) => {
                    if are_kept.pop().flatten().is_some() {
                        events.push(event);
                    }
                }
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
                Event::End(TagEnd::Heading(_)) => {
                    let (start, text) = heading.take().unwrap_or_default();
                    let name = anchor(&text, &anchors);
                    if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(start) {
                        *id = Some(name.clone().into());
                    }
                    anchors.push(name);
                    if document.title.is_empty() {
                        document.title = text;
                    }
                    events.push(event);
                }
                other => events.push(other),
            }
        }
        html::push_html(&mut document.body, events.into_iter());
        document
    }
}

/// A whole page. Its addresses are relative: the application may be below a path.
fn page(document: &Document, style: &str) -> String {
    let Document { title, body } = document;
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let style = beside(style).replacen("./", "../pkg/", 1);
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Leptos OIDC BFF</title>
<link rel="icon" type="image/svg+xml" href="../favicon.svg">
<link rel="stylesheet" href="{style}">
</head>
<body>
<main class="page document">
<nav aria-label="Documents"><a href="../">Home page</a> <a href="index.html">All documents</a></nav>
{body}</main>
</body>
</html>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::{Document, page, target};

    #[test]
    fn links_lead_to_pages_of_the_site_and_those_to_other_files_are_text() {
        for (link, expected) in [
            ("pages.md#data", Some("pages.html#data")),
            ("README.md", Some("index.html")),
            ("#here", Some("#here")),
            ("https://example.com/a.md", Some("https://example.com/a.md")),
            ("../app/src/access.rs", None),
            ("../crates/axum-bff/README.md", None),
        ] {
            assert_eq!(target(link).as_deref(), expected, "{link}");
        }
        let body = Document::read("[kept](a.md) and [lost](../b.rs), ![drawn](c.png)").body;
        assert_eq!(body, "<p><a href=\"a.html\">kept</a> and lost, drawn</p>\n");
    }

    #[test]
    fn a_heading_has_an_anchor_and_the_first_one_is_the_title() {
        let document = Document::read("# Ends & `means`\n\n## Data\n\n## Data\n");
        assert_eq!(document.title, "Ends & means");
        assert!(
            document.body.contains("<h2 id=\"data-1\">Data</h2>"),
            "{}",
            document.body
        );
        let page = page(&document, "/pkg/main.0123.css");
        assert!(page.contains("<title>Ends &amp; means ·"), "{page}");
        assert!(page.contains("href=\"../pkg/main.0123.css\""), "{page}");
    }
}
