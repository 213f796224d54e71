//! What can go wrong on the way to an API.

use super::{NextStep, Words, say};

pub(super) const API_UNKNOWN: Words = say(
    "This API is not set up",
    "No API of this name is known to the server, so nothing was asked of anybody.",
    "Whoever runs this application can name it in the settings.",
    NextStep::Home,
);
pub(super) const API_REFUSED: Words = say(
    "This cannot be asked of the API",
    "The address or the method of the request is one that the server does not pass on. Nothing was changed.",
    "Begin again from the home page.",
    NextStep::Home,
);
pub(super) const API_UNAVAILABLE: Words = say(
    "The API is not answering",
    "The server passed the request on, and the API behind it could not be reached. You are still signed in.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
pub(super) const API_TIMEOUT: Words = say(
    "The API took too long",
    "The server passed the request on, and no answer came in time. What was asked may have been done all the same.",
    "Wait a moment, then try again.",
    NextStep::TryAgain,
);
