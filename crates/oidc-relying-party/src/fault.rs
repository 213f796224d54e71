//! Whose fault a failed step is.

/// Whose fault it is that a step of the protocol failed. It decides the HTTP status and what the person is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The person or their browser: they refused, or came with an answer that is malformed, spent or not theirs. A 4xx;
    /// starting again may help.
    Person,
    /// The provider answered, and its answer breaks the protocol. A 502; starting again will hardly help.
    Provider,
    /// The provider cannot be reached or says that it is unwell. A 503; trying again later helps.
    Unavailable,
    /// The two sides are set up differently, for instance a wrong client secret. A 500 that an operator has to look into.
    Settings,
}
