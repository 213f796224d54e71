//! What the demonstration API answers, read as far as this page shows it.

use serde_json::Value;

/// What the API saw of a request: the answer of `GET /api/demo/whoami`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whoami {
    /// In whose name the request was made; none where it was in the application's own.
    pub(super) sub: Option<String>,
    /// The token's scope, words with spaces between.
    pub(super) scope: String,
    /// Whose token it was.
    pub(super) client_id: String,
    /// The names of the headers that arrived.
    pub(super) headers: Vec<String>,
    /// Whether a bearer token arrived.
    pub(super) bearer: bool,
}

/// One order, of the answer of `GET /api/demo/orders`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) number: String,
    /// A date, as RFC 3339 writes it.
    pub(super) placed: String,
    pub(super) state: String,
    /// Such as `2 × Inner tube`, one a line.
    pub(super) items: Vec<String>,
    /// Such as `42.50 EUR`.
    pub(super) total: String,
}

fn text(json: &Value, member: &str) -> Option<String> {
    json.get(member)?.as_str().map(ToOwned::to_owned)
}

impl Whoami {
    pub(super) fn read(json: &Value) -> Option<Self> {
        let headers = json.get("headers")?.as_array()?.iter();
        Some(Self {
            sub: text(json, "sub"),
            scope: text(json, "scope")?,
            client_id: text(json, "client_id")?,
            headers: headers
                .map(|name| name.as_str().map(ToOwned::to_owned))
                .collect::<Option<_>>()?,
            bearer: json.get("bearer")?.as_bool()?,
        })
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header == name)
    }
}

impl Order {
    pub(super) fn read_all(json: &Value) -> Option<Vec<Self>> {
        json.as_array()?.iter().map(Self::read).collect()
    }

    fn read(json: &Value) -> Option<Self> {
        let item = |item: &Value| {
            Some(format!(
                "{} × {}",
                item.get("count")?.as_u64()?,
                item.get("name")?.as_str()?
            ))
        };
        let cents = json.get("total_cents")?.as_u64()?;
        let currency = json.get("currency")?.as_str()?;
        Some(Self {
            number: text(json, "number")?,
            placed: text(json, "placed")?,
            state: text(json, "state")?,
            items: json.get("items")?.as_array()?.iter().map(item).collect::<Option<_>>()?,
            total: format!("{}.{:02} {currency}", cents / 100, cents % 100),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, Whoami};
    use serde_json::{Value, json};

    fn without(whole: &Value, member: &str) -> Value {
        let mut part = whole.clone();
        part.as_object_mut().expect("an object").remove(member);
        part
    }

    #[test]
    fn what_the_api_saw_is_read() {
        let whole = json!({
            "sub": "a1", "scope": "openid email", "client_id": "bff",
            "headers": ["accept", "authorization"], "bearer": true,
        });
        let read = Whoami::read(&whole).expect("reads");
        assert!(read.bearer && read.has_header("authorization") && !read.has_header("cookie"));
        assert_eq!(Whoami::read(&without(&whole, "sub")).expect("reads").sub, None);
        for member in ["scope", "client_id", "headers", "bearer"] {
            assert_eq!(Whoami::read(&without(&whole, member)), None, "{member}");
        }
    }

    #[test]
    fn orders_are_read_with_their_items_and_their_total() {
        let order = json!({
            "number": "2026-0418", "placed": "2026-05-11", "state": "shipped", "currency": "EUR",
            "total_cents": 8505, "items": [{"name": "Inner tube", "count": 2, "price_cents": 790}],
        });
        let read = Order::read_all(&json!([order])).expect("reads");
        assert_eq!(read[0].total, "85.05 EUR");
        assert_eq!(read[0].items, ["2 × Inner tube"]);
        assert_eq!(Order::read_all(&json!([])), Some(Vec::new()));
        for member in ["number", "placed", "state", "currency", "total_cents", "items"] {
            assert_eq!(Order::read_all(&json!([without(&order, member)])), None, "{member}");
        }
        assert_eq!(Order::read_all(&json!({"orders": []})), None);
    }
}
