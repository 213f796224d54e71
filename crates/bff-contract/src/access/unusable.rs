//! Why a line of the table is left out.

use super::rule::Flaw;

/// Why a line of the table is left out of it. The default counts in its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The path is no pattern that axum would take.
    #[error("{0}")]
    Pattern(String),
    /// The table has it twice.
    #[error("is listed twice")]
    Twice,
    /// It matches the same paths as another one.
    #[error("cannot be told apart from {0:?}")]
    Same(String),
    /// The rule means nothing.
    #[error(transparent)]
    Rule(#[from] Flaw),
}

#[cfg(any(not(target_family = "wasm"), test))]
impl Unusable {
    pub(super) fn of(path: &str, error: matchit::InsertError) -> Self {
        match error {
            matchit::InsertError::Conflict { with } if with == path => Self::Twice,
            matchit::InsertError::Conflict { with } => Self::Same(with),
            other => Self::Pattern(other.to_string()),
        }
    }
}
