//! Orders that nobody placed.

use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::grants::Holder;

/// `GET /resource/orders`: the person's, newest first. A client by itself has none.
pub(super) async fn orders(Extension(holder): Extension<Holder>) -> Json<Value> {
    Json(match holder {
        Holder::Person(grant) => of(&grant.username),
        Holder::Client(_) => json!([]),
    })
}

fn of(username: &str) -> Value {
    match username {
        "alice" => json!([
            order(
                "2026-0418",
                "2026-05-11",
                "shipped",
                &[("Cargo bike tyre 26 × 2.15", 2, 3490), ("Inner tube", 2, 790)]
            ),
            order(
                "2026-0371",
                "2026-04-02",
                "delivered",
                &[("Rain cape, yellow", 1, 5995)]
            ),
            order(
                "2026-0107",
                "2026-01-23",
                "delivered",
                &[("Front light, dynamo", 1, 4250), ("Bell", 1, 1200)]
            ),
        ]),
        "bob" => json!([order(
            "2026-0402",
            "2026-05-04",
            "cancelled",
            &[("Pannier, 20 l", 2, 6400)]
        ),]),
        _ => json!([
            order(
                "2026-0399",
                "2026-05-02",
                "paid",
                &[("Saddle “Ọgwụgwọ” <wide>", 1, 8900)]
            ),
            order(
                "2025-1188",
                "2025-12-19",
                "delivered",
                &[("Chain, 1/8″", 1, 1450), ("Chain oil", 1, 690)]
            ),
        ]),
    }
}

/// Prices are in cents.
fn order(number: &str, placed: &str, state: &str, items: &[(&str, u32, u32)]) -> Value {
    let total: u32 = items.iter().map(|(_, count, price)| count * price).sum();
    let items: Vec<Value> = items
        .iter()
        .map(|(name, count, price)| json!({ "name": name, "count": count, "price_cents": price }))
        .collect();
    json!({
        "number": number,
        "placed": placed,
        "state": state,
        "currency": "EUR",
        "total_cents": total,
        "items": items,
    })
}
