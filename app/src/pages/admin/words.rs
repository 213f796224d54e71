//! Rules and decisions in words.

use crate::access::{Decision, Missing, Rule};

/// A path of the table: a page, a server function or an API.
pub(super) fn path_in_words(path: &'static str) -> String {
    if path.is_empty() {
        return "each other path".to_owned();
    }
    match path.strip_prefix("/_fn/") {
        Some(function) => format!("{function}()"),
        None => path.to_owned(),
    }
}

/// What a rule asks for.
pub(super) fn rule_in_words(rule: Rule) -> String {
    match rule {
        Rule::Public => "nothing".to_owned(),
        Rule::Nobody => "nobody is let in".to_owned(),
        Rule::SignedIn => "a session".to_owned(),
        Rule::Role(name) => format!("the role {name}"),
        Rule::Claim(name, value) => format!("the claim {name} to be {value}"),
        Rule::Fresh(seconds) => format!("an authentication of the last {}", span_in_words(seconds)),
        Rule::Prompted(seconds) => format!("a password entered in the last {}", span_in_words(seconds)),
        Rule::Acr(ways) => format!("an authentication by {}", ways.join(" or ")),
        Rule::Check(name) => format!("the consent of the check {name}"),
        Rule::All(rules) => each(rules, " and "),
        Rule::Any(rules) => each(rules, " or "),
        Rule::Not(rule) => format!("not {}", rule_in_words(*rule)),
    }
}

fn each(rules: &[Rule], between: &str) -> String {
    let words: Vec<_> = rules.iter().map(|rule| rule_in_words(*rule)).collect();
    words.join(between)
}

fn span_in_words(seconds: u64) -> String {
    match seconds {
        60 => "minute".to_owned(),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

/// What a decision means for its person.
pub(super) fn decision_in_words(decision: Decision) -> String {
    match decision {
        Decision::Allow => "may".to_owned(),
        Decision::SignIn | Decision::SessionEnded(_) => "signs in first".to_owned(),
        Decision::StepUp(_) => "confirms first who it is".to_owned(),
        Decision::Forbidden(Missing::Role(role)) => format!("may not: has no role {role}"),
        Decision::Forbidden(Missing::Claim(claim)) => format!("may not: {claim} does not fit"),
        Decision::Forbidden(Missing::Other) => "may not".to_owned(),
        Decision::Check(_) => "the server asks".to_owned(),
        Decision::Unavailable => "nobody can tell just now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{decision_in_words, path_in_words, rule_in_words};
    use crate::access::{Decision, Missing, Rule, TABLE};

    #[test]
    fn each_line_of_the_table_reads_as_words() {
        let lines: Vec<_> = TABLE
            .rules()
            .map(|(path, rule)| format!("{}: {}", path_in_words(path), rule_in_words(rule)))
            .collect();
        for line in [
            "/: nothing",
            "/admin: the role admin",
            "/orders: the claim email_verified to be true",
            "/notes/erase: an authentication of the last 5 minutes",
            "erase_notes(): an authentication of the last 5 minutes",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line}: {lines:?}");
        }
    }

    #[test]
    fn rules_within_rules_read_as_one() {
        const RULE: Rule = Rule::All(&[
            Rule::Any(&[Rule::Role("clerk"), Rule::Role("admin")]),
            Rule::Not(&Rule::Role("guest")),
        ]);
        assert_eq!(
            rule_in_words(RULE),
            "the role clerk or the role admin and not the role guest"
        );
    }

    #[test]
    fn a_refusal_says_why() {
        let role = Decision::Forbidden(Missing::Role("admin"));
        assert_eq!(decision_in_words(role), "may not: has no role admin");
        assert_eq!(decision_in_words(Decision::Forbidden(Missing::Other)), "may not");
    }
}
