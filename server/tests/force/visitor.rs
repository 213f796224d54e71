//! A person with a browser: one session, and the outcomes of its requests.

use crate::front::{Answer, Asked, Front};
use provider::Provider;
use reqwest::Method;

pub(crate) const ORIGIN: &str = "https://app.example.com";

const NAVIGATE: [(&str, &str); 4] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "text/html"),
];
const FETCH: [(&str, &str); 4] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
];

/// The outcome of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    /// 200, with claims that were just read from the provider. So the access token was valid.
    Active,
    /// 200, a page.
    Page,
    /// 503, or 200 with `unavailable`.
    Unavailable,
    /// The session has ended. The text is the reason, if the answer has one.
    Ended(String),
    /// Any other outcome, which should not happen.
    Other(String),
}

/// A signed-in person's browser.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    cookie: String,
}

impl Visitor {
    /// Signs in. Each request may go to another replica.
    pub(crate) async fn sign_in(front: &Front, provider: &Provider, username: &str) -> Self {
        let start = navigate(front, &Method::GET, "/auth/login?return_to=/profile", "").await;
        let login: Vec<&str> = start.cookies().collect();
        let callback = provider.authorize(start.location(), username).await.to_string();
        let path = callback.strip_prefix(ORIGIN).expect("our own address");
        let landing = navigate(front, &Method::GET, path, &login.join("; ")).await;
        assert_eq!(landing.location(), "/profile", "{landing:?}");
        let session = landing.cookies().find(|pair| pair.starts_with("__Host-Http-session="));
        Self {
            cookie: session.expect("a session").to_owned(),
        }
    }

    /// Makes the server call the provider with the access token.
    pub(crate) async fn reread(&self, front: &Front) -> Said {
        let asked = self.asked(&Method::POST, "/_fn/reread_claims", &FETCH);
        said(front.send(asked).await)
    }

    /// Like [`reread`](Self::reread), at this replica only.
    pub(crate) async fn reread_at(&self, front: &Front, replica: usize) -> Said {
        let asked = self.asked(&Method::POST, "/_fn/reread_claims", &FETCH);
        said(front.send_to(replica, asked).await)
    }

    /// Opens a page that needs the session and no token.
    pub(crate) async fn open(&self, front: &Front) -> Said {
        match front.send(self.asked(&Method::GET, "/profile", &NAVIGATE)).await {
            Ok(answer) if answer.status == 200 => Said::Page,
            answer => said(answer),
        }
    }

    /// Asks for the session's state, which does not count as activity.
    pub(crate) async fn state(&self, front: &Front) -> Said {
        said(front.send(self.asked(&Method::GET, "/auth/session", &FETCH)).await)
    }

    /// Opens the stream of the session's events.
    pub(crate) async fn events(&self, front: &Front) -> Result<reqwest::Response, reqwest::Error> {
        front.open(self.asked(&Method::GET, "/auth/events", &FETCH)).await
    }

    /// Signs out. Returns whether the server confirmed it.
    pub(crate) async fn sign_out(&self, front: &Front) -> bool {
        let answer = front.send(self.asked(&Method::POST, "/auth/logout", &NAVIGATE)).await;
        // 200 is the page that leads to the provider, and 303 is a redirect to a page of ours.
        answer.is_ok_and(|answer| matches!(answer.status.as_u16(), 200 | 303))
    }

    fn asked<'a>(
        &'a self,
        method: &'a Method,
        path: &'a str,
        headers: &'a [(&'static str, &'static str)],
    ) -> Asked<'a> {
        Asked {
            method,
            path,
            headers,
            cookie: &self.cookie,
        }
    }
}

async fn navigate(front: &Front, method: &Method, path: &str, cookie: &str) -> Answer {
    let asked = Asked {
        method,
        path,
        headers: &NAVIGATE,
        cookie,
    };
    let answer = front.send(asked).await.expect("an answer");
    assert_eq!(answer.status, 303, "{answer:?}");
    answer
}

fn said(answer: Result<Answer, reqwest::Error>) -> Said {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Said::Other(format!("no answer: {error:?}")),
    };
    let json = answer.json();
    // A server function gives the state as what it has done.
    let json = json.get("done").cloned().unwrap_or(json);
    let word = |name: &str| json[name].as_str().unwrap_or_default();
    match (answer.status.as_u16(), word("status"), word("refusal")) {
        (200, "active", _) => Said::Active,
        (200, "ended", _) => Said::Ended(word("reason").to_owned()),
        (200, "anonymous", _) => Said::Ended("forgotten".to_owned()),
        (200, _, "session_ended") => Said::Ended("just now".to_owned()),
        (200, _, "unavailable") | (200, "unavailable", _) | (503, ..) => Said::Unavailable,
        (401, ..) => Said::Ended(word("code").trim_start_matches("session_ended_").to_owned()),
        (status, ..) => Said::Other(format!(
            "{status}: {}",
            answer.body.chars().take(200).collect::<String>()
        )),
    }
}
