//! From page to page.
//!
//! The server has `leptos_router`, which makes the list of routes and picks the page of a request.
//! In the browser that weighed a sixth of the WASM, for patterns, parameters and nesting that no
//! path here has. So there it is this: a page is shown by its path, and what is no page of this
//! application is left to the browser and the server. An application with routes of another kind
//! has `leptos_router` in the browser too, by the feature `router`.

#[cfg(not(feature = "router"))]
mod paths;
#[cfg(feature = "router")]
mod router;

#[cfg(not(feature = "router"))]
pub(crate) use paths::{focus_heading_after_navigation, navigable, use_location, use_query};
#[cfg(feature = "router")]
pub(crate) use router::{navigable, use_location, use_query};
