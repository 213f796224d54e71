use super::*;
use crate::application::Application;
use std::path::PathBuf;

/// A folder for one test. It is removed when the value is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-new-{}-{name}", std::process::id()));
        files::remove(&folder).expect("nothing of an earlier run");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = files::remove(&self.0);
    }
}

fn text(folder: &Path, file: &str) -> String {
    String::from_utf8(files::read(&folder.join(file)).expect("the file")).expect("text")
}

#[test]
fn a_new_application_has_its_own_name_everywhere_and_the_library_of_this_checkout() {
    let (project, place) = (Project::open(), Folder::new("path"));
    let folder = place.0.join("bell-tower");
    write(&project, &folder, None).expect("a new application");
    let written = files::list(&folder).expect("its files");
    for file in [
        "Cargo.toml",
        "Cargo.lock",
        "src/app.rs",
        "src/lib.rs",
        "src/main.rs",
        "style/main.css",
    ] {
        assert!(written.contains(&PathBuf::from(file)), "{file}");
    }
    for file in &written {
        let text = text(&folder, &file.to_string_lossy());
        assert!(
            !text.contains("my-app") && !text.contains("my_app") && !text.contains("../.."),
            "{file:?}"
        );
        assert!(!file.starts_with("target"));
    }
    assert!(text(&folder, "src/main.rs").contains("use bell_tower::app::"));
    let found = Application::of(&folder, None).expect("a manifest");
    assert!(found.is_some(), "`cargo xtask run` finds it");
    let manifest: toml::Table = toml::from_str(&text(&folder, "Cargo.toml")).expect("a manifest");
    let library = manifest["dependencies"]["leptos-bff"]["path"].as_str().expect("a path");
    assert!(Path::new(library).join("Cargo.toml").is_file(), "{library}");
    let alias: toml::Table = toml::from_str(&text(&folder, ".cargo/config.toml")).expect("a configuration");
    let alias = alias["alias"]["xtask"].as_str().expect("a command");
    assert!(
        alias.contains(&project.path("Cargo.toml").display().to_string()),
        "{alias}"
    );
}

#[test]
fn a_new_application_far_from_a_checkout_has_the_library_of_the_repository() {
    let (project, place) = (Project::open(), Folder::new("git"));
    let folder = place.0.join("tower");
    write(&project, &folder, Some("https://git.example/bff")).expect("a new application");
    let manifest: toml::Table = toml::from_str(&text(&folder, "Cargo.toml")).expect("a manifest");
    for table in ["dependencies", "dev-dependencies"] {
        let library = manifest[table]["axum-bff"].as_table().expect("a table");
        assert_eq!(library["git"].as_str(), Some("https://git.example/bff"));
        assert!(!library.contains_key("path"));
    }
    for file in files::list(&folder).expect("its files") {
        assert!(!text(&folder, &file.to_string_lossy()).contains("xtask"), "{file:?}");
    }
    let switches: toml::Table = toml::from_str(&text(&folder, ".cargo/config.toml")).expect("a configuration");
    assert_eq!(
        switches["build"]["rustflags"].as_array().map(Vec::len),
        Some(1),
        "the compiler flag of Leptos stays without a checkout: {switches}"
    );
}

#[test]
fn nothing_that_is_there_is_written_over_and_a_name_is_one_of_cargos() {
    let (project, place) = (Project::open(), Folder::new("refused"));
    let folder = place.0.join("tower");
    files::write(&folder.join("kept.txt"), b"kept").expect("a file");
    let refused = write(&project, &folder, None).expect_err("the folder is not empty");
    assert!(refused.to_string().ends_with(" is not empty"), "{refused}");
    assert_eq!(files::list(&folder).expect("its files"), [PathBuf::from("kept.txt")]);
    for name in ["7up", "a b", "ä", "-x"] {
        let refused = write(&project, &place.0.join(name), None).expect_err(name);
        assert!(refused.to_string().contains("is no name for a package"), "{refused}");
    }
}

/// A file of an example, which is compiled and tested, has the lines of each code block of the page.
#[test]
fn the_quick_start_shows_what_the_examples_are() {
    let project = Project::open();
    let page = text(&project.path("docs"), "quick-start.md");
    let sources: Vec<String> = [EXAMPLE, "examples/shop"]
        .into_iter()
        .flat_map(|example| sources(&project.path(example)))
        .collect();
    let blocks: Vec<&str> = page.split("\n```").collect();
    let shown: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block.strip_prefix("rust\n").or_else(|| block.strip_prefix("toml\n")))
        .collect();
    assert!(shown.len() > 4, "the page has code: {}", shown.len());
    for block in shown {
        // In the page, `// …` or `# …` replaces lines that are not shown.
        for part in lines(block)
            .replace("# …", "// …")
            .split("// …")
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            assert!(
                sources.iter().any(|source| source.contains(part)),
                "no file of the examples has\n{part}"
            );
        }
    }
}

/// The code and the manifest of an application.
fn sources(application: &Path) -> Vec<String> {
    let files = files::list(application).expect("its files");
    let is_source = |file: &&PathBuf| {
        !file.starts_with("target") && file.extension().is_some_and(|kind| kind == "rs" || kind == "toml")
    };
    let read = |file: &PathBuf| lines(&text(application, &file.to_string_lossy()));
    files.iter().filter(is_source).map(read).collect()
}

/// The lines without indentation and without empty lines.
fn lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
