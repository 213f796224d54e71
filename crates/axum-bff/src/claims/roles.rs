//! Roles in the forms that providers give them.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// The roles at a place. The value may be a list of texts; one text; an object whose names are the roles, without those
/// whose value is `false` or `null`; or a list or an object as JSON in a text.
///
/// A text with spaces is one role, because `former admin` must not make an admin. If a word of it is a role that a rule
/// names, the log warns. It also warns of values that cannot be read.
pub(super) fn read<'a>(value: &'a Value, place: &str, ruled: &HashSet<&'static str>) -> Vec<Cow<'a, str>> {
    match value {
        Value::String(text) => one_text(text, place, ruled),
        value => listed(value, place),
    }
}

fn one_text<'a>(text: &'a str, place: &str, ruled: &HashSet<&'static str>) -> Vec<Cow<'a, str>> {
    if text.starts_with(['[', '{'])
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        let roles = listed(&value, place);
        return roles.into_iter().map(|role| Cow::Owned(role.into_owned())).collect();
    }
    let mut words = text.split_whitespace();
    if !ruled.contains(text) && words.any(|word| ruled.contains(word)) {
        tracing::warn!(
            code = "roles_in_one_text",
            place,
            "a person's roles are one text with spaces, which counts as one role: have the provider send a list"
        );
    }
    if text.is_empty() { Vec::new() } else { vec![text.into()] }
}

fn listed<'a>(value: &'a Value, place: &str) -> Vec<Cow<'a, str>> {
    let mut unread = 0_usize;
    let roles = match value {
        Value::Array(items) => items
            .iter()
            .filter_map(|item| {
                unread += usize::from(!item.is_string() && !item.is_null());
                item.as_str()
            })
            .filter(|role| !role.is_empty())
            .map(Cow::from)
            .collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, held)| !name.is_empty() && !matches!(held, Value::Null | Value::Bool(false)))
            .map(|(name, _)| Cow::from(name))
            .collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            unread = 1;
            Vec::new()
        }
    };
    if unread > 0 {
        tracing::warn!(
            code = "roles_unread",
            place,
            unread,
            "a person's roles are neither texts nor the names in an object, and do not count"
        );
    }
    roles
}
