//! People from a file, in place of the demo people.

use std::{
    collections::HashSet,
    io,
    ops::Range,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Spanned;

use crate::person::Person;

/// Why a file gives no people.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file says something that is no list of people.
    #[error("{}, line {line}: {problem}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: usize,
        /// The fault, and the right form.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    people: Spanned<Vec<Spanned<Entry>>>,
}

/// One table `[[people]]`. The common claims have typed members, so that a misspelled name is found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    username: Spanned<String>,
    password: Option<String>,
    about: Option<String>,
    sub: Option<Spanned<String>>,
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    roles: Option<Vec<String>>,
    #[serde(default)]
    claims: Option<Spanned<toml::Table>>,
}

/// The fault, and its place in the text.
struct Mistake(Range<usize>, String);

/// Reads people from a TOML file. A person has a `username`; a `password`, which is the username where it is not given;
/// a sentence `about` them for the provider's pages ([`Person::about`]); the claims `sub`, `name`, `email`, `email_verified` and `roles`, each where it is given; and any others under
/// `claims`. Without a `sub` it is the username.
///
/// ```toml
/// [[people]]
/// username = "ada"
/// about = "staff: may open the stock"
/// name = "Ada Lovelace"
/// email = "ada@example.com"
/// email_verified = true
/// roles = ["staff"]
/// claims = { locale = "en-GB", address = { locality = "London" } }
/// ```
///
/// # Errors
///
/// A file that cannot be read or has no people; and, with the line, a key that is not known or has the wrong type, and a
/// username, a `sub` or a claim that is there twice.
pub fn people_of(path: &Path) -> Result<Vec<Person>, PeopleError> {
    let text = std::fs::read_to_string(path).map_err(|source| PeopleError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    read(&text).map_err(|Mistake(place, problem)| {
        let before = text.get(..place.start).unwrap_or_default();
        PeopleError::Wrong {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            problem,
        }
    })
}

fn read(text: &str) -> Result<Vec<Person>, Mistake> {
    let file: File = toml::from_str(text)
        .map_err(|error| Mistake(error.span().unwrap_or_default(), error.message().trim_end().to_owned()))?;
    if file.people.get_ref().is_empty() {
        let problem = "nobody is in the list: begin each person with [[people]] and a username";
        return Err(Mistake(file.people.span(), problem.to_owned()));
    }
    let (mut usernames, mut subjects) = (HashSet::new(), HashSet::new());
    let entries = file.people.into_inner().into_iter();
    entries
        .map(|entry| {
            let entry = entry.into_inner();
            let (place, username) = (entry.username.span(), entry.username.get_ref().clone());
            if username.trim().is_empty() {
                return Err(Mistake(
                    place,
                    "a username is empty: it is what the person types to sign in".to_owned(),
                ));
            }
            if !usernames.insert(username.clone()) {
                let problem = format!("the username {username:?} is there twice: give each person another one");
                return Err(Mistake(place, problem));
            }
            let (place, subject) = match &entry.sub {
                Some(sub) => (sub.span(), sub.get_ref().clone()),
                None => (place, username),
            };
            if !subjects.insert(subject.clone()) {
                let problem = format!("the sub {subject:?} is there twice: give each person another one");
                return Err(Mistake(place, problem));
            }
            person(entry)
        })
        .collect()
}

fn person(entry: Entry) -> Result<Person, Mistake> {
    let username = entry.username.into_inner();
    let mut claims = Map::new();
    let named = [
        ("sub", entry.sub.map(|sub| json!(sub.into_inner()))),
        ("name", entry.name.map(|name| json!(name))),
        ("email", entry.email.map(|email| json!(email))),
        ("email_verified", entry.email_verified.map(|is_so| json!(is_so))),
        ("roles", entry.roles.map(|roles| json!(roles))),
    ];
    if let Some(others) = entry.claims {
        let place = others.span();
        for (claim, value) in others.into_inner() {
            if named.iter().any(|(name, _)| *name == claim) {
                let problem = format!("{claim} stands beside the username, not under claims");
                return Err(Mistake(place, problem));
            }
            claims.insert(claim, of_toml(value));
        }
    }
    claims.extend(
        named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    let password = entry.password.unwrap_or_else(|| username.clone());
    Ok(Person {
        about: entry.about.filter(|about| !about.trim().is_empty()),
        ..Person::new(username, password, Value::Object(claims))
    })
}

/// JSON has no dates: there they are text.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(is_so) => json!(is_so),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(list) => list.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => {
            let members = table.into_iter().map(|(name, value)| (name, of_toml(value)));
            Value::Object(members.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> (usize, String) {
        let folder = std::env::temp_dir().join(format!("people-{}-{:p}", std::process::id(), &raw const text));
        std::fs::write(&folder, text).expect("written");
        let read = people_of(&folder);
        std::fs::remove_file(&folder).expect("removed");
        match read {
            Err(PeopleError::Wrong { line, problem, .. }) => (line, problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_person_has_the_claims_of_the_file_and_the_username_for_what_is_not_given() {
        let people = read(
            "[[people]]\nusername = \"ada\"\npassword = \"secret\"\nabout = \"staff\"\nsub = \"1\"\nname = \"Ada\"\nroles = [\"staff\"]\n\
             [people.claims]\nbirthdate = 1815-12-10\naddress = { locality = \"London\" }\nnumbers = [1, 2.5, true]\n\
             [[people]]\nusername = \"bob\"\nabout = \" \"\nemail = \"bob@example.com\"\nemail_verified = false\n",
        );
        let Ok([ada, bob]) = people.map(|people| <[Person; 2]>::try_from(people).expect("two")) else {
            panic!("the file is right");
        };
        assert_eq!(
            (ada.username.as_str(), ada.password.as_str(), ada.subject()),
            ("ada", "secret", "1")
        );
        assert_eq!((ada.about.as_deref(), bob.about.as_deref()), (Some("staff"), None));
        assert_eq!(
            Value::Object(ada.claims),
            json!({
                "sub": "1", "name": "Ada", "roles": ["staff"], "birthdate": "1815-12-10",
                "address": { "locality": "London" }, "numbers": [1, 2.5, true]
            })
        );
        assert_eq!(
            (bob.password.as_str(), bob.subject(), bob.display_name()),
            ("bob", "bob", "bob")
        );
        assert_eq!(
            Value::Object(bob.claims),
            json!({ "email": "bob@example.com", "email_verified": false })
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_what_would_be_right() {
        for (text, line, words) in [
            ("", 1, "missing field `people`"),
            ("people = []", 1, "[[people]]"),
            ("[[people]]\nname = \"Ada\"", 1, "missing field `username`"),
            (
                "[[people]]\nusername = \"ada\"\npasword = \"x\"",
                3,
                "expected one of `username`, `password`",
            ),
            (
                "[[people]]\nusername = \"ada\"\n\nroles = \"staff\"",
                4,
                "expected a sequence",
            ),
            ("[[people]]\nusername = \" \"", 2, "a username is empty"),
            (
                "[[people]]\nusername = \"ada\"\n[[people]]\nusername = \"ada\"",
                4,
                "give each person another one",
            ),
            (
                "[[people]]\nusername = \"a\"\nsub = \"b\"\n[[people]]\nusername = \"b\"",
                5,
                "the sub \"b\" is there twice",
            ),
            (
                "[[people]]\nusername = \"ada\"\nclaims = { name = \"Ada\" }",
                3,
                "name stands beside the username",
            ),
            ("[[people]]\nusername = ada", 2, "value"),
            ("[[person]]\nusername = \"ada\"", 1, "expected `people`"),
        ] {
            let (found, problem) = mistake(text);
            assert_eq!(found, line, "{text}: {problem}");
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = people_of(Path::new("/nowhere/people.toml")).expect_err("nothing there");
        assert!(error.to_string().starts_with("/nowhere/people.toml: "), "{error}");
    }
}
