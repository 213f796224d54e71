//! The account that an application has for a person.

use bff_session::AccountRecord;
use serde::Serialize;

/// The application's data has at most so many bytes, as JSON. Each signed-in request reads it.
const DATA_LIMIT: usize = 4096;

/// A person has at most so many roles of the application's.
const ROLES_LIMIT: usize = 256;

/// A role of the application's has at most so many bytes.
const ROLE_LIMIT: usize = 256;

/// Why an [`Account`] cannot be kept in a session.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The data has more than 4,096 bytes as JSON.
    #[error("the application's data for a session has {0} bytes as JSON; the limit is 4096")]
    TooLarge(usize),
    /// There are more than 256 roles, or a role has more than 256 bytes.
    #[error("the application gives more than 256 roles, or a role of more than 256 bytes")]
    Roles,
    /// The data has no form as JSON.
    #[error("the application's data for a session cannot be written as JSON: {0}")]
    Unwritable(serde_json::Error),
}

impl DataError {
    /// The stable code of the log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "hook_data_too_large",
            Self::Roles => "hook_roles_too_large",
            Self::Unwritable(_) => "hook_data_unwritable",
        }
    }
}

/// The account that an application has for a person: roles, and data of its own. A hook gives it ([`Builder::on_sign_in`],
/// [`Builder::on_claims`]), and it is sealed in the session.
///
/// [`Builder::on_sign_in`]: crate::Builder::on_sign_in
/// [`Builder::on_claims`]: crate::Builder::on_claims
///
/// ```
/// use axum_bff::{Account, DataError};
///
/// #[derive(serde::Serialize)]
/// struct UserId(u64);
///
/// # fn account() -> Result<Account, DataError> {
/// // The roles of the claims, `staff` beside them, and a number in the session.
/// let account = Account::new().role("staff").data(&UserId(7))?;
/// // These roles and no others. The roles of the claims do not count.
/// let account = Account::new().only_roles(["reader"]);
/// # Ok(account) }
/// # account().expect("a number is short");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "an account counts when a hook gives it"]
pub struct Account(AccountRecord);

impl Account {
    /// An account that adds nothing to the claims.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of_record(record: AccountRecord) -> Self {
        Self(record)
    }

    /// Adds one role to the roles of the claims. The access table compares it exactly.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.0.roles.push(role.into());
        self
    }

    /// Adds roles to the roles of the claims: at most 256, of at most 256 bytes each.
    pub fn roles<R: Into<String>>(mut self, roles: impl IntoIterator<Item = R>) -> Self {
        self.0.roles.extend(roles.into_iter().map(Into::into));
        self
    }

    /// Sets these roles, in place of the roles of the claims and of roles that were added before.
    pub fn only_roles<R: Into<String>>(mut self, roles: impl IntoIterator<Item = R>) -> Self {
        self.0.roles = roles.into_iter().map(Into::into).collect();
        self.0.only_these = true;
        self
    }

    /// Data of the application's own, which [`Session::data`](crate::Session::data) gives back. It stays on the server.
    ///
    /// # Errors
    ///
    /// A [`DataError`] if the data has more than 4,096 bytes as JSON, or no form as JSON. A hook that returns it fails,
    /// with this error's code in the log.
    pub fn data<T: Serialize + ?Sized>(mut self, data: &T) -> Result<Self, DataError> {
        let json = serde_json::to_string(data).map_err(DataError::Unwritable)?;
        if json.len() > DATA_LIMIT {
            return Err(DataError::TooLarge(json.len()));
        }
        self.0.data = Some(json);
        Ok(self)
    }

    /// The record, if its roles are within their bounds.
    pub(super) fn into_record(self) -> Result<AccountRecord, DataError> {
        let roles = &self.0.roles;
        if roles.len() > ROLES_LIMIT || roles.iter().any(|role| role.len() > ROLE_LIMIT) {
            return Err(DataError::Roles);
        }
        Ok(self.0)
    }
}
