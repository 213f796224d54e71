//! A device in words, such as "Firefox on Linux", from its browser's `User-Agent`.
//!
//! Anybody can send any text in `User-Agent` (RFC 9110 §10.1.5): no part of it is shown as it is, and nothing depends
//! on it. Browsers pose as each other, so the order of the lists counts.

/// The browser and the system that a `User-Agent` names, as far as both are known.
pub(crate) fn device_in_words(user_agent: &str) -> String {
    let system = system(user_agent);
    let browser = browser(user_agent, system).unwrap_or("Unknown browser");
    match system {
        Some(system) => format!("{browser} on {system}"),
        None => browser.to_owned(),
    }
}

/// Whether the `User-Agent` names a system of phones and tablets.
pub(crate) fn is_handheld(user_agent: &str) -> bool {
    matches!(system(user_agent), Some("iPhone" | "iPad" | "Android"))
}

/// By the beginning of a product's token, the poser before the one it poses as.
const BROWSERS: [(&str, &str); 17] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edge/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("Seamonkey/", "SeaMonkey"),
    ("SeaMonkey/", "SeaMonkey"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
];

fn browser(user_agent: &str, system: Option<&str>) -> Option<&'static str> {
    let says = |product: &str| {
        user_agent
            .split_ascii_whitespace()
            .any(|token| token.starts_with(product))
    };
    let listed = BROWSERS.iter().find(|(product, _)| says(product));
    // Everything built on WebKit says Safari; only Apple's own is it.
    let is_apple = matches!(system, Some("macOS" | "iPhone" | "iPad"));
    let is_safari = || is_apple && says("Version/") && says("Safari/");
    listed
        .map(|(_, name)| *name)
        .or_else(|| is_safari().then_some("Safari"))
}

/// By a word in the first comment, which is where browsers name their system.
const SYSTEMS: [(&str, &str); 8] = [
    // Windows Phone posed as Android and as iPhone, both of which pose as something else.
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

fn system(user_agent: &str) -> Option<&'static str> {
    let (_, comment) = user_agent.split_once('(')?;
    let (comment, _) = comment.split_once(')')?;
    let listed = SYSTEMS.iter().find(|(word, _)| comment.contains(word));
    listed.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests;
