use super::*;
use fred::types::Value;

/// The routing of a cluster. Each range has its first slot, its last slot and the id of the node that owns it.
fn owners(ranges: &[(i64, i64, &str)]) -> ClusterRouting {
    let range = |(first, last, node): &(i64, i64, &str)| {
        let node: Vec<Value> = vec!["127.0.0.1".into(), 7000.into(), (*node).into()];
        Value::Array(vec![(*first).into(), (*last).into(), Value::Array(node)])
    };
    let slots = ranges.iter().map(range).collect();
    ClusterRouting::from_cluster_slots(Value::Array(slots), "127.0.0.1").expect("slots")
}

fn before() -> ClusterRouting {
    owners(&[(0, 8191, "a"), (8192, 16383, "b")])
}

/// The routing after the replica `c` has taken over from `a`.
fn after() -> ClusterRouting {
    owners(&[(0, 8191, "c"), (8192, 16383, "b")])
}

fn word(owners: ClusterRouting) -> Word {
    Word {
        is_good: true,
        owners: Some(owners),
    }
}

fn untracked(owners: ClusterRouting) -> Word {
    Word {
        is_good: false,
        ..word(owners)
    }
}

#[test]
fn all_nodes_have_to_say_that_they_tell_of_changes() {
    let known = Owners::Known(before());
    let all = vec![word(before()), word(before())];
    assert!(matches!(known.judge(all, 2), Said::Tracked));
    let one = vec![word(before())];
    assert!(
        matches!(known.judge(one, 2), Said::TooLittle),
        "the other node is silent"
    );
    let one_not = vec![word(before()), untracked(before())];
    assert!(matches!(known.judge(one_not, 2), Said::Untracked));
    assert!(matches!(known.judge(Vec::new(), 2), Said::Nothing));
}

#[test]
fn whoever_has_not_heard_of_a_new_owner_is_not_believed() {
    let known = Owners::Known(before());
    for words in [
        vec![word(before()), word(after())],
        vec![word(after())],
        vec![untracked(after()), word(before())],
    ] {
        let Said::Owners(new) = known.judge(words, 2) else {
            panic!("the answer of the old owner is believed");
        };
        assert_eq!(new.slots(), after().slots());
    }
}

#[test]
fn a_slot_that_moves_is_another_owner_although_the_nodes_are_the_same() {
    let known = Owners::Known(before());
    let moved = owners(&[(0, 8190, "a"), (8191, 16383, "b")]);
    assert!(matches!(
        known.judge(vec![word(before()), word(moved)], 2),
        Said::Owners(_)
    ));
}

#[test]
fn the_nodes_of_the_settings_are_asked_only_who_the_owners_are() {
    assert!(matches!(
        Owners::Unknown.judge(vec![word(before())], 1),
        Said::Owners(_)
    ));
    let alone = owners(&[]);
    assert!(!matches!(Owners::Unknown.judge(vec![word(alone)], 2), Said::Owners(_)));
    assert!(
        matches!(Owners::Unknown.judge(Vec::new(), 2), Said::TooLittle),
        "without an answer, the nodes do not change"
    );
}

#[test]
fn one_redis_has_no_slots() {
    let word = |is_good| Word { is_good, owners: None };
    assert!(matches!(Owners::One.judge(vec![word(true)], 1), Said::Tracked));
    assert!(matches!(Owners::One.judge(vec![word(false)], 1), Said::Untracked));
    assert!(matches!(Owners::One.judge(Vec::new(), 1), Said::TooLittle));
}
