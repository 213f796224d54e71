//! The function of a check: asynchronous, with axum's extractors.

use crate::error::{ApplicationError, Error};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

/// The result of a function.
type Answer = Pin<Box<dyn Future<Output = Result<bool, ApplicationError>> + Send>>;

/// The function of a check ([`Builder::check`](crate::Builder::check)): asynchronous, with up to six extractors of axum
/// that need no body and no state of a router, and with `Result<bool, ApplicationError>` as its result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no function of a check",
    note = "a check takes extractors that need no body and no state, such as `Path<u64>` and `Session`, and gives \
            `Result<bool, ApplicationError>`"
)]
pub trait CheckFunction<T>: Send + Sync + 'static {
    /// Asks it about a request.
    #[doc(hidden)]
    fn ask(&self, request: Parts) -> Answer;
}

macro_rules! function {
    ($($value:ident: $extractor:ident),*) => {
        impl<F, R, $($extractor),*> CheckFunction<($($extractor,)*)> for F
        where
            F: Fn($($extractor),*) -> R + Clone + Send + Sync + 'static,
            R: Future<Output = Result<bool, ApplicationError>> + Send,
            $($extractor: FromRequestParts<()> + Send,)*
        {
            fn ask(&self, mut request: Parts) -> Answer {
                let function = self.clone();
                Box::pin(async move {
                    let extracted = <($($extractor,)*)>::from_request_parts(&mut request, &()).await;
                    let ($($value,)*) = extracted.map_err(rejected)?;
                    function($($value),*).await
                })
            }
        }
    };
}

function!();
function!(t1: T1);
function!(t1: T1, t2: T2);
function!(t1: T1, t2: T2, t3: T3);
function!(t1: T1, t2: T2, t3: T3, t4: T4);
function!(t1: T1, t2: T2, t3: T3, t4: T4, t5: T5);
function!(t1: T1, t2: T2, t3: T3, t4: T4, t5: T5, t6: T6);

/// The answer of a handler with this extractor.
fn rejected(rejection: impl IntoResponse) -> ApplicationError {
    let mut response = rejection.into_response();
    let error = response.extensions_mut().remove::<Arc<Error>>();
    let error = error.and_then(Arc::into_inner).unwrap_or_else(|| {
        let status = response.status();
        let is_failure = status.is_client_error() || status.is_server_error();
        Error::Layer(if is_failure {
            status
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        })
    });
    error.into()
}

/// A function without its type.
pub(super) trait Function: Send + Sync {
    fn ask(&self, request: Parts) -> Answer;
}

/// The functions by the names of their checks.
pub(super) type Functions = BTreeMap<&'static str, Arc<dyn Function>>;

pub(super) fn of<T: 'static>(function: impl CheckFunction<T>) -> Arc<dyn Function> {
    struct Typed<F, T>(F, PhantomData<fn() -> T>);
    impl<T, F: CheckFunction<T>> Function for Typed<F, T> {
        fn ask(&self, request: Parts) -> Answer {
            self.0.ask(request)
        }
    }
    Arc::new(Typed(function, PhantomData))
}
