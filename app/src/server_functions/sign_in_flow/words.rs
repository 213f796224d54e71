//! The words for each step. The server makes them, so that the browser does not have to load them as code.

use super::{FlowStep, Party, SignInFlow};
use crate::server_functions::rfc3339;
use axum_bff::{CodeFlow, IdTokenOfRefresh, TokenRefresh};
use std::time::Duration;

impl From<CodeFlow> for SignInFlow {
    fn from(flow: CodeFlow) -> Self {
        Self {
            begun_at: rfc3339(flow.begun_at),
            took: in_words(flow.took),
            steps: steps(&flow),
            refreshes: flow.refreshes.into_iter().map(refresh).collect(),
        }
    }
}

impl FlowStep {
    fn new(party: Party, title: &str, detail: String) -> Self {
        Self {
            party,
            title: title.to_owned(),
            detail,
            took: None,
            verdict: None,
            at: None,
        }
    }

    fn took(self, duration: Duration) -> Self {
        Self {
            took: Some(in_words(duration)),
            ..self
        }
    }

    fn verdict(self, verdict: &str) -> Self {
        Self {
            verdict: Some(verdict.to_owned()),
            ..self
        }
    }
}

fn steps(flow: &CodeFlow) -> Vec<FlowStep> {
    let mut steps = until_the_code(flow);
    let binding = if flow.dpop {
        " The access token is bound to a key of this server (DPoP)."
    } else {
        ""
    };
    let redeemed = format!(
        "From server to server, with the code verifier of this login (PKCE, S256). This server authenticated with \
         {}.{binding}",
        flow.client_authentication
    );
    let at_hash = if flow.at_hash {
        "at_hash fits the access token."
    } else {
        "It has no at_hash."
    };
    let verified = format!(
        "Its signature ({}), iss, aud, exp, iat and nonce are right. {at_hash}",
        flow.algorithm
    );
    steps.push(
        FlowStep::new(Party::Server, "Redeemed the code", redeemed)
            .took(flow.token_request)
            .verdict("accepted"),
    );
    steps.push(
        FlowStep::new(Party::Server, "Checked the ID Token", verified)
            .took(flow.id_token_checks)
            .verdict("verified"),
    );
    if let Some(userinfo) = flow.userinfo {
        let detail = "Its sub is the one of the ID Token.".to_owned();
        steps.push(
            FlowStep::new(Party::Server, "Read userinfo", detail)
                .took(userinfo)
                .verdict("same person"),
        );
    }
    let others = flow.at_provider + flow.token_request + flow.id_token_checks + flow.userinfo.unwrap_or_default();
    let sealed = "With XChaCha20-Poly1305. The tokens stay here, and the browser gets an opaque cookie.".to_owned();
    steps.push(
        FlowStep::new(Party::Server, "Sealed the session", sealed)
            .took(flow.took.saturating_sub(others))
            .verdict("signed in"),
    );
    steps
}

/// The steps in which the browser takes part.
fn until_the_code(flow: &CodeFlow) -> Vec<FlowStep> {
    let sealed = format!(
        "{} characters, which only this server opens, and only beside the cookie of this browser. Nothing was stored.",
        flow.state_length
    );
    let there = "From the redirect until this browser was back.".to_owned();
    let issuer = if flow.iss {
        "The answer names its issuer, and it is the right one (RFC 9207)."
    } else {
        "The answer does not name its issuer, and this provider does not announce that it would."
    };
    let came = format!(
        "{} characters. The state opened, and no request had it before. {issuer}",
        flow.code_length
    );
    vec![
        FlowStep::new(Party::Server, "Sealed the login in state", sealed).verdict("sealed"),
        FlowStep::new(Party::Provider, "Asked you to sign in", there).took(flow.at_provider),
        FlowStep::new(Party::Browser, "Brought the code", came).verdict("spent once"),
    ]
}

fn refresh(refresh: TokenRefresh) -> FlowStep {
    let refresh_token = if refresh.rotated {
        "Another refresh token came."
    } else {
        "The refresh token stays good."
    };
    let id_token = match refresh.id_token {
        IdTokenOfRefresh::Absent => "No ID Token came.",
        IdTokenOfRefresh::Verified => "The ID Token is verified, and about the same sign-in.",
        IdTokenOfRefresh::SetAside => "Nobody could judge the ID Token, so it was set aside.",
    };
    let step = FlowStep::new(
        Party::Server,
        "Got a new access token",
        format!("{refresh_token} {id_token}"),
    );
    FlowStep {
        at: Some(rfc3339(refresh.asked_at)),
        ..step.took(refresh.took).verdict("refreshed")
    }
}

/// `18 ms`, `4.2 s`, `1 min 05 s`.
fn in_words(duration: Duration) -> String {
    let (seconds, milliseconds) = (duration.as_secs(), duration.subsec_millis());
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..60 => format!("{seconds}.{} s", milliseconds / 100),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::OffsetDateTime;

    fn flow() -> CodeFlow {
        CodeFlow {
            begun_at: OffsetDateTime::UNIX_EPOCH,
            took: Duration::from_millis(42_500),
            state_length: 612,
            at_provider: Duration::from_secs(42),
            code_length: 43,
            iss: true,
            client_authentication: "private_key_jwt".to_owned(),
            token_request: Duration::from_millis(48),
            dpop: true,
            algorithm: "ES256".to_owned(),
            at_hash: true,
            id_token_checks: Duration::from_millis(2),
            userinfo: Some(Duration::from_millis(20)),
            refreshes: Vec::new(),
        }
    }

    fn step(flow: CodeFlow, title: &str) -> Option<FlowStep> {
        let mut steps = SignInFlow::from(flow).steps.into_iter();
        steps.find(|step| step.title == title)
    }

    #[test]
    fn the_steps_stand_in_the_order_of_the_code_flow_and_their_times_add_up() {
        let told = SignInFlow::from(flow());
        let titles: Vec<_> = told.steps.iter().map(|step| step.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Sealed the login in state",
                "Asked you to sign in",
                "Brought the code",
                "Redeemed the code",
                "Checked the ID Token",
                "Read userinfo",
                "Sealed the session",
            ]
        );
        let times: Vec<_> = told.steps.iter().filter_map(|step| step.took.as_deref()).collect();
        assert_eq!(times, ["42.0 s", "48 ms", "2 ms", "20 ms", "430 ms"]);
        assert_eq!(
            (told.took.as_str(), told.begun_at.as_str()),
            ("42.5 s", "1970-01-01T00:00:00Z")
        );
    }

    #[test]
    fn a_step_says_what_was_checked_and_nothing_that_was_not() {
        let detail = |flow, title| step(flow, title).expect("a step").detail;
        let redeemed = detail(flow(), "Redeemed the code");
        assert!(
            redeemed.contains("private_key_jwt") && redeemed.contains("DPoP"),
            "{redeemed}"
        );
        let bearer = CodeFlow { dpop: false, ..flow() };
        assert!(!detail(bearer, "Redeemed the code").contains("DPoP"));
        assert!(detail(flow(), "Checked the ID Token").contains("(ES256)"));
        let bare = CodeFlow {
            at_hash: false,
            iss: false,
            userinfo: None,
            ..flow()
        };
        assert!(detail(bare.clone(), "Checked the ID Token").ends_with("It has no at_hash."));
        assert!(detail(bare.clone(), "Brought the code").contains("does not name its issuer"));
        assert_eq!(step(bare, "Read userinfo"), None);
    }

    #[test]
    fn a_refresh_says_when_it_was_and_what_it_brought() {
        let refresh = |rotated, id_token| TokenRefresh {
            asked_at: OffsetDateTime::UNIX_EPOCH,
            took: Duration::from_millis(30),
            rotated,
            id_token,
        };
        let refreshes = vec![
            refresh(true, IdTokenOfRefresh::Verified),
            refresh(false, IdTokenOfRefresh::Absent),
            refresh(false, IdTokenOfRefresh::SetAside),
        ];
        let told = SignInFlow::from(CodeFlow { refreshes, ..flow() }).refreshes;
        assert_eq!(told[0].at.as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(told[0].took.as_deref(), Some("30 ms"));
        assert!(
            told[0]
                .detail
                .starts_with("Another refresh token came. The ID Token is verified")
        );
        assert_eq!(told[1].detail, "The refresh token stays good. No ID Token came.");
        assert!(told[2].detail.ends_with("set aside."));
    }

    #[test]
    fn a_duration_is_in_words() {
        for (milliseconds, words) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (4_270, "4.2 s"),
            (59_999, "59.9 s"),
            (65_000, "1 min 05 s"),
            (900_000, "15 min 00 s"),
        ] {
            assert_eq!(in_words(Duration::from_millis(milliseconds)), words);
        }
    }
}
