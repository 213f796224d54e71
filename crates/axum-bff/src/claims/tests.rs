use super::*;
use bff_session::{Identity, SeenFrom, UserSession};
use serde_json::json;
use time::OffsetDateTime;

fn claims(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn policy(roles: &str) -> ClaimsPolicy {
    ClaimsPolicy::new(vec!["name".to_owned()], roles.split(' ').map(str::to_owned).collect())
}

/// SES-10
#[test]
fn only_listed_claims_of_bounded_size_are_shown() {
    let all = claims(&json!({"sub": "1", "name": "Ada", "ssn": "secret", "at_hash": "x"}));
    assert_eq!(
        policy("roles").kept(&all).claims,
        claims(&json!({"sub": "1", "name": "Ada"}))
    );
    let huge = claims(&json!({"sub": "1", "name": "x".repeat(CLAIM_LIMIT)}));
    assert_eq!(policy("roles").kept(&huge).claims, claims(&json!({"sub": "1"})));
}

fn retold(policy: &ClaimsPolicy, later: &Value, withdrawn: &[&str]) -> (Map<String, Value>, Vec<String>) {
    let shown = claims(&json!({"sub": "1", "name": "Ada", "email": "ada@example.com"}));
    let roles = vec!["admin".to_owned()];
    let withdrawn: Vec<_> = withdrawn.iter().map(|name| (*name).to_owned()).collect();
    let mut session = session(shown, roles);
    policy
        .updated_by_id_token(&claims(later), &withdrawn)
        .apply(&mut session);
    (session.claims, session.roles)
}

#[test]
fn a_later_id_token_replaces_claims_of_an_earlier_one() {
    let (shown, roles) = retold(
        &policy("roles"),
        &json!({"sub": "1", "name": "Ada King", "ssn": "secret"}),
        &[],
    );
    assert_eq!(
        Value::Object(shown),
        json!({"sub": "1", "name": "Ada King", "email": "ada@example.com"}),
        "the ID Token changes the allowed claims that it has, and no other"
    );
    assert_eq!(roles, ["admin"], "the ID Token has no roles");
    let (shown, roles) = retold(&policy("roles"), &json!({"sub": "1"}), &["name", "roles"]);
    assert_eq!(Value::Object(shown), json!({"sub": "1", "email": "ada@example.com"}));
    assert_eq!(roles, [""; 0]);
    let huge = json!({"sub": "1", "name": "x".repeat(CLAIM_LIMIT)});
    let (shown, _) = retold(&policy("roles"), &huge, &[]);
    assert!(
        !shown.contains_key("name"),
        "a value that is too long also replaces the earlier one"
    );
}

#[test]
fn roles_that_are_taken_away_are_gone_however_that_is_said() {
    for (place, later, withdrawn) in [
        ("roles", json!({"roles": []}), None),
        ("roles", json!({"roles": null}), None),
        ("realm_access.roles", json!({"realm_access": {"roles": []}}), None),
        ("realm_access.roles", json!({"realm_access": {}}), None),
        ("realm_access.roles", json!({}), Some("realm_access")),
        (
            "https://example.com/roles",
            json!({}),
            Some("https://example.com/roles"),
        ),
    ] {
        let (_, roles) = retold(&policy(place), &later, withdrawn.as_slice());
        assert_eq!(roles, [""; 0], "{place}: {later}");
    }
    let later = json!({"realm_access": {"roles": ["editor"]}});
    assert_eq!(retold(&policy("realm_access.roles"), &later, &[]).1, ["editor"]);
    assert_eq!(
        retold(&policy("realm_access.roles"), &json!({"roles": []}), &[]).1,
        ["admin"]
    );
}

#[test]
fn roles_are_found_by_name_and_by_path_and_are_strings() {
    let all = claims(&json!({
        "roles": ["admin", 7, "editor"], "one": "admin", "n": 1,
        "realm_access": {"roles": ["viewer"]}, "https://example.com/roles": ["a"],
    }));
    assert_eq!(policy("roles").kept(&all).roles, ["admin", "editor"]);
    assert_eq!(policy("one").kept(&all).roles, ["admin"]);
    assert_eq!(policy("realm_access.roles").kept(&all).roles, ["viewer"]);
    assert_eq!(policy("https://example.com/roles").kept(&all).roles, ["a"]);
    assert_eq!(policy("n").kept(&all).roles, [""; 0]);
    assert_eq!(policy("missing.roles").kept(&all).roles, [""; 0]);
}

#[test]
fn roles_of_several_places_are_put_together_and_names_may_have_dots() {
    let all = claims(&json!({
        "realm_access": {"roles": ["viewer", "admin"]},
        "resource_access": {"my.app": {"roles": ["admin", "editor"]}, "my": {"app": {"roles": ["none"]}}},
    }));
    let both = policy("realm_access.roles resource_access.my.app.roles");
    assert_eq!(both.kept(&all).roles, ["viewer", "admin", "editor"]);
}

fn session(claims: Map<String, Value>, roles: Vec<String>) -> UserSession {
    UserSession {
        identity: Identity {
            issuer: "https://op.example".to_owned(),
            subject: "1".to_owned(),
            provider_session: None,
        },
        claims,
        roles,
        account: None,
        left_out: LeftOut::default(),
        only_in_id_token: Some(Vec::new()),
        replaces: None,
        replaced_by: None,
        seen_from: SeenFrom::default(),
        earlier_provider_sessions: Vec::new(),
        vouched_at: OffsetDateTime::UNIX_EPOCH,
        signed_in_at: OffsetDateTime::UNIX_EPOCH,
        authenticated_at: None,
        acr: None,
        last_seen: OffsetDateTime::UNIX_EPOCH,
    }
}

const TABLE: Table = Table::new(&[
    ("/admin", Rule::All(&[Rule::Fresh(60), Rule::Role("admin")])),
    ("/audit", Rule::Role("auditor of everything")),
    ("/shop", Rule::Not(&Rule::Role("banned"))),
    ("/desk", Rule::Any(&[Rule::Role("clerk"), Rule::Role("admin")])),
    ("/members", Rule::Claim("groups", "members")),
]);

fn ruled(shown: &[&str], roles: &str) -> ClaimsPolicy {
    let shown = shown.iter().map(|name| (*name).to_owned()).collect();
    ClaimsPolicy::new(shown, roles.split(' ').map(str::to_owned).collect()).with_rules_of(TABLE)
}

fn numbered(what: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{what}-{number}")).collect()
}

#[test]
fn roles_that_a_rule_names_are_kept_however_many_there_are_and_the_rest_is_counted() {
    let mut groups = numbered("group", 100);
    groups.extend(["admin".to_owned(), "auditor of everything".to_owned()]);
    let kept = ruled(&[], "groups").kept(&claims(&json!({ "groups": groups })));
    assert_eq!(kept.roles.len(), ROLES_LIMIT + 2);
    assert!(
        kept.roles
            .ends_with(&["admin".to_owned(), "auditor of everything".to_owned()])
    );
    assert_eq!(kept.left_out.roles, 36);
    let long = json!({ "groups": ["x".repeat(ROLE_LIMIT + 1), "admin"] });
    let kept = ruled(&[], "groups").kept(&claims(&long));
    assert_eq!((kept.roles, kept.left_out.roles), (vec!["admin".to_owned()], 1));
    // The roles in a `Not` rule are kept too: if such a role were left out, the rule would let the person in.
    assert_eq!(
        ruled(&[], "roles").ruled_roles(),
        ["admin", "auditor of everything", "banned", "clerk"]
    );
}

#[test]
fn a_list_that_is_too_long_keeps_the_roles_of_rules_and_its_claim_is_named() {
    let mut groups = numbered("a-group-with-a-name", 200);
    groups.push("members".to_owned());
    let told = json!({ "sub": "1", "groups": groups, "picture": "x".repeat(3000), "name": "Ada" });
    let kept = ruled(&["name", "groups", "picture"], "roles").kept(&claims(&told));
    assert_eq!(
        Value::Object(kept.claims),
        json!({ "sub": "1", "name": "Ada", "groups": ["members"] })
    );
    assert_eq!(kept.left_out.claims, ["groups", "picture"]);
}

#[test]
fn a_list_that_is_too_long_keeps_the_numbers_that_a_rule_names() {
    const LEVELS: Table = Table::new(&[("/vip", Rule::Claim("levels", "3"))]);
    let mut levels: Vec<u64> = (1_000..2_000).collect();
    levels.push(3);
    let policy = ClaimsPolicy::new(vec!["levels".to_owned()], Vec::new()).with_rules_of(LEVELS);
    let kept = policy.kept(&claims(&json!({ "levels": levels })));
    assert_eq!(Value::Object(kept.claims), json!({ "levels": [3] }));
}

#[test]
fn roles_are_read_in_each_form_that_cannot_be_taken_for_another() {
    for (told, expected) in [
        (
            json!({"admin": {"123": "example.org"}, "editor": true}),
            &["admin", "editor"][..],
        ),
        (json!({"admin": false, "editor": null, "viewer": {}}), &["viewer"]),
        (json!("[\"admin\", \"editor\"]"), &["admin", "editor"]),
        (json!("{\"admin\": {}}"), &["admin"]),
        (json!("former admin"), &["former admin"]),
        (json!("auditor of everything"), &["auditor of everything"]),
        (json!("[admin"), &["[admin"]),
        (json!(""), &[]),
        (json!(["", null, 7, {"name": "admin"}, "editor"]), &["editor"]),
        (json!(7), &[]),
        (json!(null), &[]),
    ] {
        let mut kept = ruled(&[], "roles").kept(&claims(&json!({ "roles": told }))).roles;
        kept.sort_unstable();
        assert_eq!(kept, expected, "{told}");
    }
}

fn reread(policy: &ClaimsPolicy, only_in_id_token: Option<&[&str]>, told: &Value) -> (Value, Vec<String>) {
    let shown = claims(&json!({"sub": "1", "name": "Ada", "email": "ada@example.com"}));
    let mut session = session(shown, vec!["admin".to_owned()]);
    session.only_in_id_token = only_in_id_token.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    policy
        .updated_by_userinfo(&claims(told), &session.clone())
        .apply(&mut session);
    (Value::Object(session.claims), session.roles)
}

#[test]
fn a_claim_that_is_taken_away_in_any_form_is_gone_after_a_reading() {
    for (place, told) in [
        ("roles", json!({"roles": []})),
        ("roles", json!({"roles": null})),
        ("roles", json!({})),
        ("realm_access.roles", json!({"realm_access": {}})),
        ("realm_access.roles", json!({"realm_access": null})),
        ("realm_access.roles", json!({})),
    ] {
        let policy = ClaimsPolicy::new(vec!["name".to_owned(), "email".to_owned()], vec![place.to_owned()]);
        let mut told = told;
        told["sub"] = json!("1");
        told["email"] = json!(null);
        let (shown, roles) = reread(&policy, Some(&[]), &told);
        assert_eq!(shown, json!({"sub": "1"}), "{place}: {told}");
        assert_eq!(roles, [""; 0], "{place}: {told}");
    }
}

#[test]
fn claims_of_the_id_token_alone_stay_when_userinfo_is_read_again() {
    let policy = policy("roles");
    let told = json!({"sub": "1", "email": "ada@example.com"});
    let (shown, roles) = reread(&policy, Some(&["name", "roles"]), &told);
    assert_eq!(shown["name"], "Ada");
    assert_eq!(roles, ["admin"]);
    let (shown, roles) = reread(&policy, None, &told);
    assert_eq!((shown["name"].clone(), roles), (json!("Ada"), vec!["admin".to_owned()]));
    let (_, roles) = reread(
        &policy,
        Some(&["name", "roles"]),
        &json!({"sub": "1", "roles": ["editor"]}),
    );
    assert_eq!(roles, ["editor"], "the later value counts");
}
