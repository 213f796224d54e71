//! Claims as an application's own type.

use super::ActiveSession;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Claims that do not fit a type, in words: the member, and its fault.
/// The words may quote the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsError(String);

impl std::fmt::Display for ClaimsError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the claims are not as they should be: {}", self.0)
    }
}

impl std::error::Error for ClaimsError {}

impl ActiveSession {
    /// The claims as a type that reads them. Claims that it does not name are passed over; one that
    /// the server's allow-list (`BFF_CLAIMS`) keeps back is missing.
    ///
    /// # Errors
    ///
    /// A [`ClaimsError`] that says which claim is missing or of another type.
    pub fn claims_as<T: DeserializeOwned>(&self) -> Result<T, ClaimsError> {
        serde_json::from_value(Value::Object(self.claims.clone())).map_err(|error| ClaimsError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::ActiveSession;
    use serde::Deserialize;
    use serde_json::{Value, json};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Member {
        email: String,
        #[serde(default)]
        level: u8,
    }

    fn read(claims: &Value) -> Result<Member, String> {
        let session = ActiveSession {
            claims: claims.as_object().cloned().unwrap_or_default(),
            roles: Vec::new(),
            left_out: None,
            issuer: "https://provider.example".to_owned(),
            signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
            authenticated_ago: None,
            acr: None,
            expires_in: 60,
            idle_expires_in: 60,
            warning: 10,
        };
        session.claims_as().map_err(|error| error.to_string())
    }

    #[test]
    fn claims_are_read_as_the_type_that_an_application_has_for_them() {
        let email = "a@example.org".to_owned();
        assert_eq!(
            read(&json!({"sub": "1", "email": "a@example.org", "level": 3})),
            Ok(Member {
                email: email.clone(),
                level: 3
            })
        );
        assert_eq!(read(&json!({"email": "a@example.org"})), Ok(Member { email, level: 0 }));
    }

    #[test]
    fn a_claim_that_does_not_fit_is_named() {
        for (claims, named) in [
            (json!({"level": 3}), "missing field `email`"),
            (json!({"email": "a", "level": 300}), "expected u8"),
            (json!({"email": true}), "expected a string"),
        ] {
            let error = read(&claims).expect_err("the claims do not fit the type");
            assert!(error.starts_with("the claims are not as they should be: "), "{error}");
            assert!(error.contains(named), "{claims}: {error}");
        }
    }
}
