//! A drawing of the kind of device.

use leptos::prelude::*;

const COMPUTER: &str = concat!(
    r#"<svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><rect x="3" y="4" width="18" height="12" rx="1.5"/>"#,
    r#"<path d="M1.5 20h21M9.5 16l-.6 4m5.6-4l.6 4"/></svg>"#,
);

const HANDHELD: &str = concat!(
    r#"<svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><rect x="6.5" y="2" width="11" height="20" rx="2"/>"#,
    r#"<path d="M10.5 19h3"/></svg>"#,
);

/// A computer, or a phone. The words beside it say the same.
#[component]
pub(crate) fn DeviceIcon(
    /// Whether it is a phone or a tablet.
    is_handheld: bool,
) -> impl IntoView {
    let drawing = if is_handheld { HANDHELD } else { COMPUTER };
    view! { <span class="device-icon" inner_html=drawing></span> }
}
