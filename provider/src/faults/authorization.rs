//! Faults of the authorization response.

use super::{Fault, Faults};
use crate::lock::lock;

impl Faults {
    /// The error to answer every authorization request with.
    pub(crate) fn authorization_error(&self) -> Option<(&'static str, String)> {
        self.last(|fault| match fault {
            Fault::AuthorizationError(error, description) => Some((*error, description.clone())),
            _ => None,
        })
    }

    pub(crate) fn offline_access_needs_consent(&self) -> bool {
        self.has(|fault| matches!(fault, Fault::OfflineAccessNeedsConsent))
    }

    /// Changes the parameters of the response.
    pub(crate) fn edit_authorization_response(&self, parameters: &mut Vec<(&'static str, String)>) {
        for fault in lock(&self.injected).iter() {
            match fault {
                Fault::AuthorizationParameter(name, value) => {
                    parameters.retain(|(key, _)| key != name);
                    parameters.push((name, value.clone()));
                }
                Fault::AuthorizationExtraParameter(name, value) => {
                    parameters.push((name, value.clone()));
                }
                Fault::AuthorizationWithoutParameter(name) => {
                    parameters.retain(|(key, _)| key != name);
                }
                _ => {}
            }
        }
    }
}
