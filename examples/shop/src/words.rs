//! The shop's texts, which replace texts of the library.

use leptos_bff::Words;
use leptos_bff::problem::{NextStep, ProblemWords, words};

/// The English texts of the shop.
pub const WORDS: Words = Words {
    problem,
    sign_in: "Sign in to shop",
    ..Words::ENGLISH
};

fn problem(code: &str, status: u16) -> ProblemWords {
    match code {
        "not_found" => ProblemWords {
            title: "We do not stock that",
            happened: "There is no good and no page at this address.",
            advice: "Perhaps the shelf has it.",
            next: NextStep::Home,
        },
        "forbidden" => ProblemWords {
            title: "Not your door",
            happened: "Somebody else's order is behind it, or the room of the people who look after the shop.",
            advice: "The shelf is open to everybody.",
            next: NextStep::Home,
        },
        _ => words(code, status),
    }
}
