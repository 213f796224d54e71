//! The pages and their Content Security Policy.

use crate::browser::Answer;
use crate::world::World;
use std::collections::HashSet;

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    rest.split('\'').next().expect("a nonce").to_owned()
}

/// HDR-01
#[tokio::test]
async fn no_two_pages_have_the_same_nonce() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut seen = HashSet::new();
    for path in ["/", "/profile", "/profile", "/unknown", "/sign-in-failed"] {
        assert!(seen.insert(nonce(&alice.open(path).await)), "{path}");
    }
}

/// HDR-01
#[tokio::test]
async fn every_script_of_a_page_has_the_nonce_of_its_header() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for path in ["/", "/profile", "/admin", "/unknown"] {
        let answer = alice.open(path).await;
        let expected = format!("nonce=\"{}\"", nonce(&answer));
        let text = answer.text();
        let scripts: Vec<&str> = text.split("<script").skip(1).collect();
        assert!(scripts.len() > 1);
        for script in scripts {
            assert!(
                script.split('>').next().is_some_and(|tag| tag.contains(&expected)),
                "{path}: {script}"
            );
        }
        assert!(
            !text.contains(" style=\"") && !text.contains("<style"),
            "{path}: no inline style"
        );
    }
}

/// HDR-12
#[tokio::test]
async fn hostile_claims_stay_text() {
    let world = World::start().await;
    let hostile = "</script><script>alert(1)</script>\u{2028}\"'<img src=x onerror=alert(1)>";
    world.inject(provider::Fault::IdTokenClaim("name", hostile.into()));
    world.inject(provider::Fault::UserinfoClaim("name", hostile.into()));
    world.inject(provider::Fault::UserinfoClaim("profile", "javascript:alert(1)".into()));
    let mut alice = world.signed_in("alice").await;
    for path in ["/", "/profile", "/unknown"] {
        let text = alice.open(path).await.text();
        assert!(text.contains("alert(1)"), "{path} shows the name");
        for live in ["<script>alert", "<img src=x", "href=\"javascript:"] {
            assert!(!text.contains(live), "{path}: {live}");
        }
    }
}
