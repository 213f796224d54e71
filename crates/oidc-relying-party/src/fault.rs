//! The party at fault when a step of the protocol fails.

/// The party at fault when a step of the protocol fails. It decides the HTTP status and the text for the person.
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
