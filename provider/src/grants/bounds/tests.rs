use super::*;
use crate::grants::{AccessToken, Binding, Grant, Grants, Holder};

const NOW: u64 = 1_800_000_000;

fn grant(id: &str, auth_time: u64) -> Grant {
    Grant {
        id: id.to_owned(),
        username: "alice".to_owned(),
        subject: "alice's subject".to_owned(),
        sid: "a session".to_owned(),
        auth_time,
        scope: Vec::new(),
    }
}

fn access_token(id: &str) -> AccessToken {
    AccessToken {
        holder: Holder::Person(grant(id, NOW)),
        binding: Binding::Bearer,
    }
}

#[test]
fn expired_tokens_are_dropped_and_the_others_stay() {
    let grants = Grants::default();
    let old = grants.issue_access_token(access_token("old"), NOW + 60, NOW);
    let young = grants.issue_access_token(access_token("young"), NOW + 3600, NOW);
    let stale = grants.issue_refresh_token(grant("stale", NOW - LONGEST.as_secs()));
    let fresh = grants.issue_refresh_token(grant("fresh", NOW));
    let mut records = grants.records();
    records.drop_old(NOW + 60, MOST);
    assert!(!records.access_tokens.contains_key(&old) && records.access_tokens.contains_key(&young));
    assert!(!records.refresh_tokens.contains_key(&stale) && records.refresh_tokens.contains_key(&fresh));
}

#[test]
fn of_too_many_refresh_tokens_the_spent_ones_go_first() {
    let grants = Grants::default();
    let spent = grants.issue_refresh_token(grant("one", NOW));
    grants.refresh_token(&spent, true).expect("its first use");
    let oldest = grants.issue_refresh_token(grant("two", NOW - 2));
    let latest = grants.issue_refresh_token(grant("three", NOW - 1));
    let mut records = grants.records();
    records.drop_old(NOW, 2);
    assert_eq!(records.issued, [oldest.clone(), latest.clone()]);
    assert!(!records.refresh_tokens.contains_key(&spent) && records.refresh_tokens.contains_key(&oldest));
    records.drop_old(NOW, 1);
    assert!(!records.refresh_tokens.contains_key(&oldest) && records.refresh_tokens.contains_key(&latest));
}

#[test]
fn a_revoked_grant_is_remembered_for_as_long_as_it_has_a_token() {
    let grants = Grants::default();
    let token = grants.issue_access_token(access_token("revoked"), NOW + 60, NOW);
    grants.revoke_all_of("alice");
    grants.records().drop_old(NOW, MOST);
    assert!(grants.access_token(&token, NOW).is_none());
    let mut records = grants.records();
    assert_eq!(records.revoked.len(), 1);
    records.drop_old(NOW + 60, MOST);
    assert!(records.revoked.is_empty());
}

#[test]
fn the_records_are_looked_through_again_and_again() {
    let grants = Grants::default();
    for _ in 0..EVERY {
        grants.issue_access_token(access_token("expired"), NOW, NOW);
    }
    assert!(grants.records().access_tokens.is_empty());
}
