//! The paths of routes and rules, as axum writes them, compared without a request.

use std::borrow::Cow;

/// A path with parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern<'a>(pub(crate) &'a str);

/// One part between slashes.
#[derive(Debug, PartialEq, Eq)]
enum Segment<'a> {
    Fixed(Cow<'a, str>),
    /// `prefix{name}`: a segment that begins with the prefix, and is longer.
    Parameter(&'a str),
    /// `{*name}`: all that follows, and at least something.
    Rest,
}

impl<'a> Segment<'a> {
    fn of(text: &'a str) -> Self {
        let is_escaped = |brace: usize| text[brace + 1..].starts_with('{');
        match text.find('{') {
            Some(0) if text.starts_with("{*") => Self::Rest,
            Some(brace) if !is_escaped(brace) => Self::Parameter(&text[..brace]),
            Some(_) => Self::Fixed(text.replace("{{", "{").replace("}}", "}").into()),
            None => Self::Fixed(text.into()),
        }
    }

    fn takes_text(prefix: &str, text: &str) -> bool {
        text.len() > prefix.len() && text.starts_with(prefix)
    }
}

impl<'a> Pattern<'a> {
    fn segments(self) -> impl Iterator<Item = Segment<'a>> {
        self.0.split('/').map(Segment::of)
    }

    /// Whether this one matches every path that the other one matches.
    pub(crate) fn covers(self, other: Pattern<'_>) -> bool {
        let (mut ours, mut theirs) = (self.segments(), other.segments());
        loop {
            let matches = match (ours.next(), theirs.next()) {
                (Some(Segment::Rest), Some(Segment::Fixed(text))) => {
                    return !text.is_empty() || theirs.next().is_some();
                }
                (Some(Segment::Rest), Some(_)) | (None, None) => return true,
                (Some(Segment::Fixed(one)), Some(Segment::Fixed(other))) => one == other,
                (Some(Segment::Parameter(prefix)), Some(Segment::Fixed(text))) => Segment::takes_text(prefix, &text),
                (Some(Segment::Parameter(one)), Some(Segment::Parameter(other))) => other.starts_with(one),
                _ => false,
            };
            if !matches {
                return false;
            }
        }
    }

    /// Whether there is a path that both match.
    pub(super) fn meets(self, other: Pattern<'_>) -> bool {
        let (mut ours, mut theirs) = (self.segments(), other.segments());
        loop {
            let may = match (ours.next(), theirs.next()) {
                (Some(Segment::Rest), Some(Segment::Fixed(text))) => {
                    return !text.is_empty() || theirs.next().is_some();
                }
                (Some(Segment::Fixed(text)), Some(Segment::Rest)) => return !text.is_empty() || ours.next().is_some(),
                (Some(Segment::Rest), Some(_)) | (Some(_), Some(Segment::Rest)) | (None, None) => return true,
                (Some(Segment::Fixed(one)), Some(Segment::Fixed(other))) => one == other,
                (Some(Segment::Parameter(prefix)), Some(Segment::Fixed(text)))
                | (Some(Segment::Fixed(text)), Some(Segment::Parameter(prefix))) => Segment::takes_text(prefix, &text),
                (Some(Segment::Parameter(one)), Some(Segment::Parameter(other))) => {
                    one.starts_with(other) || other.starts_with(one)
                }
                _ => false,
            };
            if !may {
                return false;
            }
        }
    }

    /// The folder of a pattern that ends with `{*rest}`, without a slash at its end.
    pub(super) fn folder(self) -> Option<&'a str> {
        let (folder, last) = self.0.rsplit_once('/')?;
        (Segment::of(last) == Segment::Rest).then_some(folder)
    }

    /// A path that this one matches and that nobody lists.
    pub(super) fn example(self) -> String {
        let segments = self.segments().map(|segment| match segment {
            Segment::Fixed(text) => text,
            Segment::Parameter(prefix) => format!("{prefix}~").into(),
            Segment::Rest => "~".into(),
        });
        segments.collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_and_meets_others() {
        // Each line: a rule, a route, whether the rule covers every path of the route, and whether it covers any path.
        for (rule, route, covers, meets) in [
            ("/", "/", true, true),
            ("/a", "/a", true, true),
            ("/a", "/a/", false, false),
            ("/a", "/b", false, false),
            ("/a/{id}", "/a/{name}", true, true),
            ("/a/{id}", "/a/7", true, true),
            ("/a/7", "/a/{id}", false, true),
            ("/a/{id}", "/a", false, false),
            ("/a/{id}", "/a/", false, false),
            ("/a/{id}", "/a/{id}/b", false, false),
            ("/a/{*rest}", "/a/{id}/b", true, true),
            ("/a/{*rest}", "/a/{*other}", true, true),
            ("/a/{*rest}", "/a", false, false),
            ("/a/{*rest}", "/a/", false, false),
            ("/a/{*rest}", "/a//b", true, true),
            ("/a/{id}", "/a/{*rest}", false, true),
            ("/a/b/{*rest}", "/a/{*rest}", false, true),
            ("/a/b", "/{*rest}", false, true),
            ("/a/{x}/c", "/a/b/{y}", false, true),
            ("/a/x-{id}", "/a/x-7", true, true),
            ("/a/x-{id}", "/a/x-", false, false),
            ("/a/x-{id}", "/a/{id}", false, true),
            ("/a/{id}", "/a/x-{id}", true, true),
            ("/a/x-{id}", "/a/y-{id}", false, false),
            ("/{*rest}", "/", false, false),
            ("/{*rest}", "/a", true, true),
            ("/{{a}}", "/{{a}}", true, true),
        ] {
            assert_eq!(Pattern(rule).covers(Pattern(route)), covers, "{rule} covers {route}");
            assert_eq!(Pattern(rule).meets(Pattern(route)), meets, "{rule} meets {route}");
            assert_eq!(Pattern(route).meets(Pattern(rule)), meets, "{route} meets {rule}");
        }
    }

    #[test]
    fn an_example_of_a_pattern_is_matched_by_it() {
        for pattern in ["/", "/a", "/a/{id}", "/a/x-{id}/b", "/a/{*rest}", "/{{a}}/{id}"] {
            let mut router = matchit::Router::new();
            router.insert(pattern, ()).expect("a pattern");
            let example = Pattern(pattern).example();
            assert!(router.at(&example).is_ok(), "{pattern} {example}");
        }
    }

    #[test]
    fn the_folder_of_a_pattern_is_what_comes_before_the_rest() {
        assert_eq!(Pattern("/a/{*rest}").folder(), Some("/a"));
        assert_eq!(Pattern("/{*rest}").folder(), Some(""));
        assert_eq!(Pattern("/a/{id}").folder(), None);
    }
}
