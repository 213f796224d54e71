//! The style sheet of this crate's components.

/// A small style sheet for the components of this crate, as a start. It is the file `style.css`.
pub const STYLE: &str = include_str!("../style.css");

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::STYLE;
    use crate::problem::Problem;
    use crate::session::{ActiveSession, EndReason, SessionState};
    use crate::{BffProvider, EndedNotice, RemainingTime, SignInLink, SignOutButton, WhileSignedIn};
    use bff_contract::access::{Rule, Table};
    use leptos::prelude::*;
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;
    use serde_json::Map;

    const TABLE: Table = Table::new(&[("/", Rule::Public)]);

    fn session(expires_in: u64, idle_expires_in: u64) -> ActiveSession {
        ActiveSession {
            claims: Map::new(),
            roles: Vec::new(),
            left_out: None,
            issuer: String::new(),
            signed_in_at: String::new(),
            authenticated_ago: None,
            acr: None,
            expires_in,
            idle_expires_in,
            warning: 120,
        }
    }

    fn page(state: SessionState, problem: Option<Problem>) -> String {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(RequestUrl::new("/"));
            provide_context(state);
            provide_context(problem);
            let view = view! {
                <BffProvider table=TABLE>
                    <Router>
                        <EndedNotice />
                        <SignInLink />
                        <SignOutButton />
                        <RemainingTime />
                        <WhileSignedIn>"a page"</WhileSignedIn>
                    </Router>
                </BffProvider>
            };
            view.to_html()
        })
    }

    fn classes(html: &str) -> Vec<&str> {
        let values = html.split(" class=\"").skip(1);
        values
            .filter_map(|rest| rest.split('"').next())
            .flat_map(str::split_whitespace)
            .collect()
    }

    #[test]
    fn every_class_of_a_component_is_in_the_style_sheet() {
        let refused = Problem {
            status: 403,
            code: "forbidden".to_owned(),
            reference: "a1".to_owned(),
            ..Problem::default()
        };
        let ended = SessionState::Ended {
            reason: EndReason::Idle,
        };
        let pages = [
            page(SessionState::Expiring(session(1000, 60)), None),
            page(SessionState::Expiring(session(60, 60)), None),
            page(SessionState::Degraded(Some(session(1000, 1000))), None),
            page(SessionState::Degraded(None), None),
            page(ended, None),
            page(SessionState::Anonymous, Some(refused)),
        ];
        for (page, part) in pages.iter().zip([
            "session-notice-time",
            "session-notice",
            "session-notice-quiet",
            "problem",
            "ended-notice",
            "reference",
        ]) {
            let found = classes(page);
            assert!(found.contains(&part), "{part}: {page}");
            for class in found {
                assert!(STYLE.contains(&format!(".{class}")), "{class}");
            }
        }
    }
}
