//! Makes tokens hostile. It sets, removes, doubles and respells claims and header members, and exchanges signers and
//! forms.

use super::members::{self, CLAIMS, HEADERS, Members};
use super::signature::Signer;
use super::{Form, Token};
use crate::mutation;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

#[derive(Clone, Debug)]
enum Edit {
    Set(&'static str, String),
    Remove(Index),
    Double(Index, String),
    /// The same name again, with its first character as a JSON escape.
    Respell(Index),
    TurnCase(Index),
    Wrap(Index),
    Quote(Index),
    Lengthen(Index, usize),
}

/// Makes further tokens from a corpus.
pub(crate) fn edited(corpus: Vec<Token>) -> impl Strategy<Value = Token> {
    let sometimes = |strategy: BoxedStrategy<String>| prop_oneof![19 => Just(None), 1 => strategy.prop_map(Some)];
    let texts =
        |part: fn(&Token) -> &String| mutation::mutated(corpus.iter().map(part).cloned().collect(), ",").boxed();
    let (header, payload) = (texts(|token| &token.header), texts(|token| &token.payload));
    (
        select(corpus),
        vec(edit(HEADERS), 0..2),
        vec(edit(CLAIMS), 0..4),
        (sometimes(header), sometimes(payload)),
        (
            signer(),
            form(),
            prop::option::weighted(0.2, select(&[0_u64, 300, u64::MAX][..])),
            prop::option::weighted(0.1, Just("gold")),
        ),
    )
        .prop_map(
            |(mut token, headers, claims, (header, payload), (signer, form, max_age, acr))| {
                token.header = header.unwrap_or_else(|| applied(&token.header, &headers));
                token.payload = payload.unwrap_or_else(|| applied(&token.payload, &claims));
                token.signer = signer.unwrap_or(token.signer);
                token.form = form.unwrap_or(token.form);
                token.max_age = max_age.or(token.max_age);
                token.acr_values = acr.map_or(token.acr_values, |acr| vec![acr.to_owned(), "silver".to_owned()]);
                token
            },
        )
}

fn signer() -> impl Strategy<Value = Option<Signer>> {
    use Signer::{Nobody, ProviderEd25519, ProviderPs256, ProviderRs512, PublicKeyAsMac, Stranger};
    let others = [
        ProviderRs512,
        ProviderPs256,
        ProviderEd25519,
        Stranger,
        PublicKeyAsMac,
        Nobody,
    ];
    prop::option::weighted(0.1, select(others.to_vec()))
}

fn form() -> impl Strategy<Value = Option<Form>> {
    use Form::{FiveParts, FourParts, Json, LooseBit, OnePart, Padded, Spaces, StandardAlphabet, TwoParts};
    let named = [
        Padded,
        StandardAlphabet,
        LooseBit,
        OnePart,
        TwoParts,
        FourParts,
        FiveParts,
        Spaces,
        Json,
    ];
    let form = prop_oneof![select(named.to_vec()), (0..2048_usize).prop_map(Form::FlippedBit)];
    prop::option::weighted(0.1, form)
}

fn edit(known: Members) -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let set = |name: &'static str, value: &str| Edit::Set(name, value.to_owned());
    prop_oneof![
        6 => members::member(known).prop_map(move |(name, value)| set(name, value)),
        2 => (select(known), members::value()).prop_map(move |((name, _), value)| set(name, value)),
        1 => at().prop_map(Edit::Remove),
        1 => (at(), members::value()).prop_map(|(at, value)| Edit::Double(at, value.to_owned())),
        1 => at().prop_map(Edit::Respell),
        1 => at().prop_map(Edit::TurnCase),
        1 => at().prop_map(Edit::Wrap),
        1 => at().prop_map(Edit::Quote),
        1 => (at(), select(&[255_usize, 256, 257, 70_000][..])).prop_map(|(at, to)| Edit::Lengthen(at, to)),
    ]
}

/// Applies the edits to a JSON object. A text that is no object stays as it is.
fn applied(text: &str, edits: &[Edit]) -> String {
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    if edits.is_empty() {
        return text.to_owned();
    }
    let members = object
        .iter()
        .map(|(name, value)| (format!("\"{name}\""), value.to_string()));
    let mut members: Vec<(String, String)> = members.collect();
    for edit in edits {
        edit.apply(&mut members);
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    format!("{{{}}}", members.join(","))
}

impl Edit {
    fn apply(&self, members: &mut Vec<(String, String)>) {
        if let Self::Set(name, value) = self {
            let name = format!("\"{name}\"");
            members.retain(|(found, _)| *found != name);
            members.push((name, value.clone()));
            return;
        }
        let Some((at, last)) = self.index().zip(members.len().checked_sub(1)) else {
            return;
        };
        let at = at.index(last + 1);
        let (name, value) = members[at].clone();
        match self {
            Self::Set(..) => {}
            Self::Remove(_) => drop(members.remove(at)),
            Self::Double(_, again) => members.push((name, again.clone())),
            Self::Respell(_) => {
                let first = name.chars().nth(1).map_or(0, u32::from);
                let rest: String = name.chars().skip(2).collect();
                members.push((format!("\"\\u{first:04x}{rest}"), value));
            }
            Self::TurnCase(_) => members[at].0 = name.to_uppercase(),
            Self::Wrap(_) => members[at].1 = format!("[{value}]"),
            Self::Quote(_) => members[at].1 = format!("\"{}\"", value.replace('"', "")),
            Self::Lengthen(_, to) => members[at].1 = format!("\"{}\"", "x".repeat(*to)),
        }
    }

    fn index(&self) -> Option<&Index> {
        match self {
            Self::Set(..) => None,
            Self::Remove(at)
            | Self::Double(at, _)
            | Self::Respell(at)
            | Self::TurnCase(at)
            | Self::Wrap(at)
            | Self::Quote(at)
            | Self::Lengthen(at, _) => Some(at),
        }
    }
}
