//! The authentication that a handler asks for ([`Session::require`](crate::Session::require)), on its way through the browser
//! to the login.
//!
//! A login asks the provider for the authentication that the rule of its page names. A handler may ask for more than the
//! rule of its path. That demand stands sealed beside `return_to` in the login's address, so that no caller chooses a
//! parameter of the protocol (AUTHZ-08). It is sealed for this page alone. A person who keeps the address can only make a
//! login of their own stricter.

use crate::config::PublicUrl;
use crate::return_to::ReturnTo;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_contract::access::{Access, StepUp};
use bff_session::key_ring::{KeyRing, Purpose};
use serde::{Deserialize, Serialize};

const PARAMETER: &str = "step_up";

/// The demands on the authentication of a login.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Demand {
    /// The longest time since then, in seconds (`max_age`).
    pub(crate) max_age: Option<u64>,
    /// Whether the provider has to ask the person (`prompt=login`).
    pub(crate) prompted: bool,
    /// One of these ways, if there are any (`acr_values`).
    pub(crate) acr_values: Vec<String>,
}

impl From<StepUp> for Demand {
    fn from(step_up: StepUp) -> Self {
        Self {
            max_age: step_up.max_age,
            prompted: step_up.prompted,
            acr_values: step_up.acr.iter().map(|acr| (*acr).to_owned()).collect(),
        }
    }
}

impl Demand {
    /// The demands of a page's rule.
    pub(crate) fn of_page(access: &Access, page: &ReturnTo) -> Self {
        access.rule(page.path()).step_up().into()
    }

    /// The demand that stands sealed in the query of a login's address, for the page that the login returns to.
    pub(crate) fn of_query(query: &str, keys: &KeyRing, page: &ReturnTo) -> Option<Self> {
        let mut values = url::form_urlencoded::parse(query.as_bytes());
        let (_, value) = values.find(|(name, _)| name == PARAMETER)?;
        let sealed = URL_SAFE_NO_PAD.decode(value.as_ref()).ok()?;
        let opened = keys.open(Purpose::StepUp, page.as_str().as_bytes(), &sealed).ok()?;
        serde_json::from_slice(&opened.plaintext).ok()
    }

    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// This demand and another one at once.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            max_age: self.max_age.into_iter().chain(other.max_age).min(),
            prompted: self.prompted || other.prompted,
            acr_values: in_common(self.acr_values, other.acr_values),
        }
    }

    fn sealed(&self, keys: &KeyRing, page: &ReturnTo) -> String {
        let content = serde_json::to_vec(self).expect("a struct with string keys");
        URL_SAFE_NO_PAD.encode(keys.seal(Purpose::StepUp, page.as_str().as_bytes(), &content))
    }
}

/// The ways that satisfy both. A demand without ways takes any. If there is none in common, no login satisfies both, and it
/// is asked for those of `one`.
fn in_common(one: Vec<String>, other: Vec<String>) -> Vec<String> {
    if one.is_empty() {
        return other;
    }
    let common: Vec<String> = one.iter().filter(|way| other.contains(way)).cloned().collect();
    if common.is_empty() { one } else { common }
}

/// The address of a login that brings such an authentication, as a path of the application. The login returns to the page
/// if that page `itself` was asked for. Otherwise it returns to a page of the table that asks for as much, if there is
/// one: a server function is no page, and the person may need the page that warns of it.
pub(crate) fn login_address(
    (access, keys, public_url): (&Access, &KeyRing, &PublicUrl),
    (page, itself): (ReturnTo, bool),
    step_up: StepUp,
) -> String {
    let other = access.page_to_step_up_on(page.path(), step_up);
    if let Some(other) = other.filter(|_| !itself) {
        return ReturnTo::judge(other).login_address(public_url);
    }
    let address = page.login_address(public_url);
    if access.rule(page.path()).step_up().covers(step_up) {
        return address;
    }
    let sealed = Demand::from(step_up).sealed(keys, &page);
    format!("{address}&{PARAMETER}={sealed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(ways: &[&str]) -> Demand {
        Demand {
            acr_values: ways.iter().map(|way| (*way).to_owned()).collect(),
            ..Demand::default()
        }
    }

    /// AUTHZ-11
    ///
    /// Otherwise the answer to one demand leads to the other, and back.
    #[test]
    fn two_demands_ask_for_the_ways_that_satisfy_both() {
        for (handler, page, asked) in [
            (&["gold", "platinum"][..], &["silver", "gold"][..], &["gold"][..]),
            (&["b", "a"], &["a", "b", "c"], &["b", "a"]),
            (&["gold"], &[], &["gold"]),
            (&[], &["silver"], &["silver"]),
            (&[], &[], &[]),
            (&["gold"], &["silver"], &["gold"]),
        ] {
            assert_eq!(ways(handler).and(ways(page)), ways(asked), "{handler:?} {page:?}");
        }
    }
}
