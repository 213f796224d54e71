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
    /// Whether a bearer token arrived.
    pub(super) bearer: bool,
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
