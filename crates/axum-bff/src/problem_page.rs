//! The page that describes a problem. The application renders it.

use crate::config::PublicUrl;
use crate::response::FinalResponse;
use axum::Extension;
use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{StatusCode, request};
use axum::response::{Html, IntoResponse, Response};
use bff_contract::problem::Problem;
use html_escape::encode_quoted_attribute as escaped;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

type Rendered = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler that answers a person whose request failed.
#[derive(Clone)]
pub(crate) struct ProblemPage(Arc<dyn Fn(Request) -> Rendered + Send + Sync>);

impl fmt::Debug for ProblemPage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProblemPage")
    }
}

impl Default for ProblemPage {
    fn default() -> Self {
        Self::new(plain)
    }
}

impl ProblemPage {
    pub(crate) fn new<H: Handler<T, ()> + Sync, T: 'static>(handler: H) -> Self {
        Self(Arc::new(move |request| Box::pin(handler.clone().call(request, ()))))
    }

    /// The page for this request. The request's extensions hold the problem.
    pub(crate) async fn render(&self, asked: request::Parts, status: StatusCode) -> Response {
        let mut response = (self.0)(Request::from_parts(asked, Body::empty())).await;
        *response.status_mut() = status;
        response.extensions_mut().insert(FinalResponse);
        response
    }
}

/// The page of an application that has none of its own. It holds nothing that somebody else wrote: the application's words
/// about a refusal are its own, and are escaped.
async fn plain(Extension(public_url): Extension<Arc<PublicUrl>>, Extension(problem): Extension<Problem>) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = status.canonical_reason().unwrap_or("Something went wrong");
    let title = escaped(problem.title.as_deref().unwrap_or(title));
    let detail = problem
        .detail
        .as_deref()
        .map(|detail| format!("<p>{}</p>", escaped(detail)));
    let detail = detail.unwrap_or_default();
    let home = public_url.seen("/");
    let (code, reference) = (escaped(&problem.code), escaped(&problem.reference));
    let trace = problem
        .trace_id
        .as_deref()
        .map(|id| format!(" Trace: {}.", escaped(id)));
    let trace = trace.unwrap_or_default();
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1>{detail}<p>Problem: {code}. Reference: {reference}.{trace}</p>\
         <p><a href=\"{home}\">Go to the start</a></p></main></body></html>"
    ))
    .into_response()
}
