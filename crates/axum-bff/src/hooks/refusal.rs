//! An application's refusal of a person.

/// A code has at most so many characters.
const CODE_LIMIT: usize = 64;

/// A title has at most so many characters. It travels in an address.
const TITLE_LIMIT: usize = 120;

/// The words have at most so many characters. They travel in an address.
const DETAIL_LIMIT: usize = 1000;

/// An application refuses a person. A hook returns it as its error; any other error means that the hook failed.
///
/// ```
/// use axum_bff::{Account, ApplicationError, Refusal};
///
/// fn decide(is_closed: bool) -> Result<Account, ApplicationError> {
///     if is_closed {
///         let refusal = Refusal::new("account_closed")
///             .title("Your account is closed")
///             .detail("The shop has closed this account. Write to the office to open it again.");
///         return Err(refusal.into());
///     }
///     Ok(Account::new())
/// }
/// ```
///
/// At a sign-in the person sees the words on the problem page, with status 403. The words are plain text: the problem page
/// escapes them. After a refresh or a reread the refusal ends the session, with the reason
/// [`Application`](bff_contract::session::EndReason::Application), and its words are not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the application refuses the person: {code}")]
#[must_use = "a refusal counts when a hook returns it as its error"]
pub struct Refusal {
    code: String,
    title: Option<String>,
    detail: Option<String>,
}

impl Refusal {
    /// A refusal with a stable code of the application's, such as `account_closed`. At most 64 characters of it count, and
    /// any but letters, digits, `_`, `-` and `.` of ASCII becomes `_`.
    pub fn new(code: &str) -> Self {
        let is_plain = |character: &char| character.is_ascii_alphanumeric() || "_-.".contains(*character);
        let code = code.chars().take(CODE_LIMIT);
        Self {
            code: code
                .map(|character| if is_plain(&character) { character } else { '_' })
                .collect(),
            title: None,
            detail: None,
        }
    }

    /// The heading of the page, in place of ours: at most 120 characters; a longer one is cut.
    pub fn title(mut self, title: &str) -> Self {
        self.title = Some(title.chars().take(TITLE_LIMIT).collect());
        self
    }

    /// The text of the page, in place of ours: the event, and the person's next step. At most 1,000 characters; a longer
    /// text is cut.
    pub fn detail(mut self, detail: &str) -> Self {
        self.detail = Some(detail.chars().take(DETAIL_LIMIT).collect());
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The heading, if the refusal has one of its own.
    #[must_use]
    pub fn own_title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The text, if the refusal has one of its own.
    #[must_use]
    pub fn own_detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applications_refusal_has_a_bound_and_its_code_plain_characters() {
        let refusal = Refusal::new(&"<b>".repeat(100))
            .title(&"ö".repeat(10_000))
            .detail(&"ö".repeat(10_000));
        assert_eq!(refusal.code().len(), CODE_LIMIT);
        assert!(!refusal.code().contains('<'));
        let length = |text: Option<&str>| text.map(|text| text.chars().count());
        assert_eq!(length(refusal.own_title()), Some(TITLE_LIMIT));
        assert_eq!(length(refusal.own_detail()), Some(DETAIL_LIMIT));
    }
}
