//! Views that are hydrated in one go.
//!
//! Leptos can also hydrate a view bit by bit, awaiting the parts that load late. There are none
//! here, and yet the code for it is generated for each type of view: it made up a fifth of the
//! WASM. [`at_once`] leaves it out, for everything inside of the view it is given.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};

/// A view as it is, but for [`RenderHtml::hydrate_async`].
pub(crate) struct AtOnce<V>(V);

/// Wraps a page: the router erases its type, and with it would keep all that it can do.
pub(crate) fn at_once<V: IntoView>(page: V) -> AtOnce<V> {
    AtOnce(page)
}

/// Wraps a part of a page and erases its type: one whose type is large, or one of several.
pub(crate) fn erased(part: impl IntoView + 'static) -> AnyView {
    AtOnce(part).into_any()
}

impl<V: Render> Render for AtOnce<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

// `hydrate_async` is the one method that is not passed on: its default is `hydrate`.
impl<V: RenderHtml> RenderHtml for AtOnce<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = AtOnce<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = Self::AsyncOutput> + Send {
        self.0.resolve()
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        AtOnce(self.0.into_owned())
    }
}

impl<V: AddAnyAttr> AddAnyAttr for AtOnce<V> {
    type Output<SomeNewAttr: Attribute> = AtOnce<V::Output<SomeNewAttr>>;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        AtOnce(self.0.add_any_attr(attr))
    }
}
