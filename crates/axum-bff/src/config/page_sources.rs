//! `BFF_PAGE_SOURCES`: further origins that pages may load from, beyond their usual policy (CSP Level 3).

use std::fmt;

/// Sources beside `'self'`, for each directive that takes some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSources(Vec<(Directive, Vec<String>)>);

/// A directive that may name further sources. All other directives stay as they are, so that no site frames a page, no base address
/// is changed, and no form leads elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the directive of that name")]
pub enum Directive {
    Connect,
    Font,
    Frame,
    Img,
    Media,
    Script,
    Style,
}

impl Directive {
    const ALL: [Self; 7] = [
        Self::Connect,
        Self::Font,
        Self::Frame,
        Self::Img,
        Self::Media,
        Self::Script,
        Self::Style,
    ];

    /// The name in the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect-src",
            Self::Font => "font-src",
            Self::Frame => "frame-src",
            Self::Img => "img-src",
            Self::Media => "media-src",
            Self::Script => "script-src",
            Self::Style => "style-src",
        }
    }
}

impl PageSources {
    /// Reads `directive source source; directive source`. A source is an `https:` or `wss:` origin, with or without a path.
    ///
    /// # Errors
    ///
    /// The fault, in words that follow the setting's name.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut all: Vec<(Directive, Vec<String>)> = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split_ascii_whitespace();
            let name = words.next().unwrap_or_default();
            let directive = Directive::ALL.into_iter().find(|directive| directive.name() == name);
            let directive = directive.ok_or_else(|| {
                let known = Directive::ALL.map(Directive::name).join(", ");
                format!("names {name:?}, which is none of {known}")
            })?;
            if all.iter().any(|(listed, _)| *listed == directive) {
                return Err(format!("names {name} twice"));
            }
            let sources: Vec<String> = words.map(source).collect::<Result<_, _>>()?;
            if sources.is_empty() {
                return Err(format!("names {name} without a source"));
            }
            all.push((directive, sources));
        }
        Ok(Self(all))
    }

    /// The sources for a directive, each with a space before it.
    #[must_use]
    pub(crate) fn of(&self, directive: Directive) -> Sources<'_> {
        let listed = self.0.iter().find(|(listed, _)| *listed == directive);
        Sources(listed.map_or(&[], |(_, sources)| sources))
    }
}

/// A source that opens the page to everybody, or that a header cannot hold, is refused.
fn source(text: &str) -> Result<String, String> {
    let wrong = || format!("names {text:?}, which is no https: or wss: origin, such as https://cdn.example.com");
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b";,'\"*".contains(&byte));
    if !matches!(url.scheme(), "https" | "wss") || url.host().is_none() || !is_plain {
        return Err(wrong());
    }
    Ok(text.to_owned())
}

/// Sources as the policy holds them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a>(&'a [String]);

impl fmt::Display for Sources<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|source| write!(formatter, " {source}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HDR-01
    #[test]
    fn further_sources_are_read_by_their_directive() {
        let sources = PageSources::parse(
            "img-src https://cdn.example.com https://img.example.com/a/; connect-src wss://live.example.com",
        )
        .expect("sources");
        assert_eq!(
            sources.of(Directive::Img).to_string(),
            " https://cdn.example.com https://img.example.com/a/"
        );
        assert_eq!(sources.of(Directive::Connect).to_string(), " wss://live.example.com");
        assert_eq!(sources.of(Directive::Script).to_string(), "");
    }

    /// HDR-01
    #[test]
    fn a_source_that_opens_the_policy_is_refused() {
        for text in [
            "default-src https://a.example",
            "frame-ancestors https://a.example",
            "form-action https://a.example",
            "base-uri https://a.example",
            "script-src 'unsafe-inline'",
            "script-src 'unsafe-eval'",
            "script-src *",
            "script-src https://*.example",
            "script-src https:",
            "script-src data:",
            "img-src http://a.example",
            "img-src https://a.example,https://b.example",
            "img-src",
            "img-src https://a.example; img-src https://b.example",
        ] {
            assert!(PageSources::parse(text).is_err(), "{text}");
        }
    }
}
