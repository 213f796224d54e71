//! The sentence about what was done. The address names it by a word, so that nobody can put another text on the page.

use crate::role_changes::LONGEST_ROLE;

/// A fixed set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Notice {
    SignedOut,
    SignedOutUntold,
    EverybodySignedOut,
    EverybodySignedOutUntold,
    RoleGiven,
    RoleTaken,
    NoRole,
    GrantsEnded,
    KeyRotated,
    Stopped,
    Answering,
    UnknownPerson,
}

impl Notice {
    const ALL: [Self; 12] = [
        Self::SignedOut,
        Self::SignedOutUntold,
        Self::EverybodySignedOut,
        Self::EverybodySignedOutUntold,
        Self::RoleGiven,
        Self::RoleTaken,
        Self::NoRole,
        Self::GrantsEnded,
        Self::KeyRotated,
        Self::Stopped,
        Self::Answering,
        Self::UnknownPerson,
    ];

    /// Its word in the address.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SignedOutUntold => "signed-out-untold",
            Self::EverybodySignedOut => "everybody-signed-out",
            Self::EverybodySignedOutUntold => "everybody-signed-out-untold",
            Self::RoleGiven => "role-given",
            Self::RoleTaken => "role-taken",
            Self::NoRole => "no-role",
            Self::GrantsEnded => "grants-ended",
            Self::KeyRotated => "key-rotated",
            Self::Stopped => "stopped",
            Self::Answering => "answering",
            Self::UnknownPerson => "unknown-person",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }

    /// Whether nothing was done, or the application does not know of it.
    pub(super) const fn is_failure(self) -> bool {
        matches!(
            self,
            Self::SignedOutUntold | Self::EverybodySignedOutUntold | Self::NoRole | Self::UnknownPerson
        )
    }

    /// The sentence, as text. `name` is the person's.
    pub(super) fn sentence(self, name: &str) -> String {
        match self {
            Self::SignedOut => format!("{name} is signed out everywhere, and the application was told."),
            Self::SignedOutUntold => format!("{name} is signed out here. {UNTOLD}"),
            Self::EverybodySignedOut => "Everybody is signed out, and the application was told.".to_owned(),
            Self::EverybodySignedOutUntold => format!("Everybody is signed out here. {UNTOLD}"),
            Self::RoleGiven => format!("{name} has one more role."),
            Self::RoleTaken => format!("{name} has one role less."),
            Self::NoRole => format!("Nothing was changed: a role has between 1 and {LONGEST_ROLE} characters."),
            Self::GrantsEnded => format!("The refresh tokens of {name} are not good any more."),
            Self::KeyRotated => "Another key signs now.".to_owned(),
            Self::Stopped => "The provider does not answer the application now.".to_owned(),
            Self::Answering => "The provider answers the application again.".to_owned(),
            Self::UnknownPerson => "Nothing was changed: nobody here has that username.".to_owned(),
        }
    }
}

const UNTOLD: &str = "The application did not confirm that it ended its sessions.";
