//! The Content-Security-Policy of a page (Content Security Policy Level 3).

use crate::config::{Directive, PageSources};
use axum::http::HeaderValue;
use std::fmt::Write;

/// The beginning of each policy. A nonce follows, if the page has one.
const BEFORE_NONCE: &str = "default-src 'none'; script-src 'self'";

/// The longest nonce and the origins of a usual provider, in bytes.
const BETWEEN: usize = 160;

/// The parts of a policy that are the same for each page. Each page has one, so they are put together once.
#[derive(Debug)]
pub(crate) struct PagePolicy {
    after_nonce: String,
    after_provider: String,
}

impl PagePolicy {
    pub(crate) fn of(sources: &PageSources) -> Self {
        let more = |directive| sources.of(directive);
        let after_nonce = format!(
            " 'wasm-unsafe-eval'{}; style-src 'self'{}; img-src 'self' data:{}; font-src 'self'{}; manifest-src 'self'; \
             connect-src 'self'{}; form-action 'self' ",
            more(Directive::Script),
            more(Directive::Style),
            more(Directive::Img),
            more(Directive::Font),
            more(Directive::Connect),
        );
        let mut after_provider = "; frame-ancestors 'none'; base-uri 'none'; object-src 'none'".to_owned();
        for directive in [Directive::Frame, Directive::Media] {
            let sources = more(directive).to_string();
            if !sources.is_empty() {
                let _ = write!(after_provider, "; {}{sources}", directive.name());
            }
        }
        Self {
            after_nonce,
            after_provider,
        }
    }

    /// The policy of a page with this nonce, whose forms may lead to these origins of the provider. `None` if the nonce
    /// cannot stand in a header.
    pub(crate) fn with(&self, nonce: Option<&str>, provider: &str) -> Option<HeaderValue> {
        let length = BEFORE_NONCE.len() + self.after_nonce.len() + self.after_provider.len();
        let mut policy = String::with_capacity(length + BETWEEN);
        policy.push_str(BEFORE_NONCE);
        if let Some(nonce) = nonce {
            policy.push_str(" 'nonce-");
            policy.push_str(nonce);
            policy.push('\'');
        }
        policy.push_str(&self.after_nonce);
        policy.push_str(provider);
        policy.push_str(&self.after_provider);
        HeaderValue::try_from(policy).ok()
    }
}
