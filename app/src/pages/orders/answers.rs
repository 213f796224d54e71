//! The answers of the demonstration API, as far as this page shows them.

use serde::Deserialize;

/// A request as the API received it: the answer of `GET /api/demo/whoami`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Whoami {
    /// The person in whose name the request was made. `None`: the application made it in its own name.
    pub(super) sub: Option<String>,
    /// The token's scope, words with spaces between.
    pub(super) scope: String,
    /// The client that the token was issued to.
    pub(super) client_id: String,
    /// The names of the headers that arrived.
    pub(super) headers: Vec<String>,
    /// Whether a token arrived.
    pub(super) bearer: bool,
    /// How the token was presented, such as `Bearer` (RFC 6750) or `DPoP` (RFC 9449).
    pub(super) scheme: Option<String>,
    /// The number of characters of the token.
    pub(super) token_length: Option<usize>,
}

/// One order, of the answer of `GET /api/demo/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Order {
    pub(super) number: String,
    /// A date, as RFC 3339 writes it.
    pub(super) placed: String,
    pub(super) state: String,
    items: Vec<Item>,
    total_cents: u64,
    currency: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Item {
    name: String,
    count: u64,
}

impl Whoami {
    /// Such as `a Bearer token, 43 characters`.
    pub(super) fn token(&self) -> String {
        if !self.bearer {
            return "no token".to_owned();
        }
        let scheme = self.scheme.as_deref().unwrap_or("Bearer");
        match self.token_length {
            Some(length) => format!("a {scheme} token, {length} characters"),
            None => format!("a {scheme} token"),
        }
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header == name)
    }
}

impl Order {
    /// Such as `2 × Inner tube`, one a line.
    pub(super) fn items(&self) -> String {
        let lines = self
            .items
            .iter()
            .map(|Item { name, count }| format!("{count} × {name}"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Such as `42.50 EUR`.
    pub(super) fn total(&self) -> String {
        let Self {
            total_cents, currency, ..
        } = self;
        format!("{}.{:02} {currency}", total_cents / 100, total_cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, Whoami};
    use serde_json::json;

    #[test]
    fn the_apis_account_of_a_call_is_read() {
        let json = json!({
            "scope": "openid email", "client_id": "bff",
            "headers": ["accept", "authorization"], "bearer": true,
        });
        let read: Whoami = serde_json::from_value(json).expect("reads");
        assert!(read.bearer && read.has_header("authorization") && !read.has_header("cookie"));
        assert_eq!(read.sub, None);
        assert_eq!(read.token(), "a Bearer token", "an API that does not say more");
        let proved = Whoami {
            scheme: Some("DPoP".to_owned()),
            token_length: Some(43),
            ..read
        };
        assert_eq!(proved.token(), "a DPoP token, 43 characters");
    }

    #[test]
    fn orders_are_read_with_their_items_and_their_total() {
        let json = json!([{
            "number": "2026-0418", "placed": "2026-05-11", "state": "shipped", "currency": "EUR",
            "total_cents": 8505, "items": [{"name": "Inner tube", "count": 2, "price_cents": 790}],
        }]);
        let read: Vec<Order> = serde_json::from_value(json).expect("reads");
        assert_eq!(read[0].total(), "85.05 EUR");
        assert_eq!(read[0].items(), "2 × Inner tube");
    }
}
