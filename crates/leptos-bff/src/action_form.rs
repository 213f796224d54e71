//! The form of a server function, below a path too.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::public_path::href;
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::html;
use leptos::logging;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::error::{IntoAppError, ServerFnErrorErr};
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;
use web_sys::FormData;

/// Leptos' `ActionForm`, with an address below the path of `BFF_PUBLIC_URL`. A browser without scripts, or before hydration, sends
/// the form to that address; Leptos' own form would lead past the path. Use it inside of a router.
#[component]
pub fn ActionForm<F, O>(
    /// The action that calls the server function.
    action: ServerAction<F>,
    /// A reference to the `form`.
    #[prop(optional)]
    node_ref: NodeRef<html::Form>,
    /// The fields.
    children: Children,
) -> impl IntoView
where
    F: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, O>> + Clone + Send + Sync + 'static,
    <<F::Client as Client<F::Error>>::Request as ClientReq<F::Error>>::FormData: From<FormData>,
    F::Output: Send + Sync + 'static,
    F::Error: Send + Sync + 'static,
    F::Client: Client<F::Error>,
{
    let (version, value) = (action.version(), action.value());
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        match F::from_event(&event) {
            Ok(input) => {
                action.dispatch(input);
            }
            Err(error) => {
                logging::error!("the fields do not fit the arguments of the server function: {error:?}");
                let error: F::Error = ServerFnErrorErr::Serialization(error.to_string()).into_app_error();
                value.set(Some(Err(error)));
                version.update(|count| *count += 1);
            }
        }
    };
    view! {
        <form action=href(F::url()) method="post" node_ref=node_ref on:submit=submit>
            {children()}
        </form>
    }
}
