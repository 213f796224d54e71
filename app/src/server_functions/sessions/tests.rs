use super::{EndOutcome, SessionList, SessionsOutcome, SessionsRefusal};
use serde_json::json;

#[test]
fn an_outcome_is_the_list_or_the_word_of_a_refusal() {
    let list = SessionList {
        sessions: Vec::new(),
        others: 120,
        page: 2,
        pages: 3,
    };
    let json = json!({"sessions": [], "others": 120, "page": 2, "pages": 3});
    assert_eq!(
        serde_json::to_value(SessionsOutcome::Listed(list.clone())).expect("writes"),
        json
    );
    assert_eq!(
        serde_json::from_value::<SessionsOutcome>(json).expect("reads"),
        SessionsOutcome::Listed(list)
    );
    for refusal in SessionsRefusal::ALL {
        let json = json!({"refusal": refusal.word()});
        let refused = SessionsOutcome::Refused { refusal };
        assert_eq!(serde_json::to_value(&refused).expect("writes"), json);
        assert_eq!(
            serde_json::from_value::<SessionsOutcome>(json.clone()).expect("reads"),
            refused
        );
        assert_eq!(
            serde_json::from_value::<EndOutcome>(json).expect("reads"),
            EndOutcome::Refusal(refusal)
        );
    }
}
