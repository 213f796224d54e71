//! A part of a page whose type is forgotten, in the browser.
//!
//! `AnyView` keeps ten functions for each type that it forgets; a page needs these three of
//! them. On the server it is what forgets types.

use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use std::any::{Any, TypeId};

/// A view of any type.
pub(super) struct Part(Box<dyn Forgotten>);

/// What is in the document of a [`Part`].
pub(super) struct PartState {
    /// The type of the view, not of its state: different views may have states of one type.
    of: TypeId,
    state: Box<dyn Mounted>,
}

trait Mounted: Mountable + Any {}

impl<S: Mountable + Any> Mounted for S {}

trait Forgotten: Send {
    fn build(self: Box<Self>) -> PartState;
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> PartState;
    fn rebuild(self: Box<Self>, state: &mut PartState);
}

/// Drawn anew by putting new elements in the place of the old.
struct Replaced<V>(V);

/// Drawn anew over the elements that are there, where they come from a view of the same type.
struct Kept<V>(V);

impl<V: RenderHtml + 'static> Forgotten for Replaced<V> {
    fn build(self: Box<Self>) -> PartState {
        PartState::of::<V>(self.0.build())
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> PartState {
        PartState::of::<V>(self.0.hydrate::<true>(cursor, position))
    }

    fn rebuild(self: Box<Self>, state: &mut PartState) {
        let new = self.build();
        state.replace(new);
    }
}

impl<V: RenderHtml + 'static> Forgotten for Kept<V> {
    fn build(self: Box<Self>) -> PartState {
        PartState::of::<V>(self.0.build())
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> PartState {
        PartState::of::<V>(self.0.hydrate::<true>(cursor, position))
    }

    fn rebuild(self: Box<Self>, state: &mut PartState) {
        let there: &mut dyn Any = state.state.as_mut();
        match there.downcast_mut::<V::State>() {
            Some(there) if state.of == TypeId::of::<V>() => self.0.rebuild(there),
            _ => {
                let new = self.build();
                state.replace(new);
            }
        }
    }
}

impl Part {
    /// Forgets the type of a view.
    pub(super) fn replaced<V: RenderHtml + 'static>(view: V) -> Self {
        const { assert!(V::EXISTS, "nothing to hydrate") };
        Self(Box::new(Replaced(view)))
    }

    /// The same for a view whose elements stay when it is drawn anew.
    pub(super) fn kept<V: RenderHtml + 'static>(view: V) -> Self {
        const { assert!(V::EXISTS, "nothing to hydrate") };
        Self(Box::new(Kept(view)))
    }
}

impl PartState {
    fn of<V: RenderHtml + 'static>(state: V::State) -> Self {
        Self {
            of: TypeId::of::<V>(),
            state: Box::new(state),
        }
    }

    fn replace(&mut self, mut new: Self) {
        self.insert_before_this(&mut new);
        self.unmount();
        *self = new;
    }
}

impl Mountable for PartState {
    fn unmount(&mut self) {
        self.state.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.state.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.state.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.state.elements()
    }
}

impl Render for Part {
    type State = PartState;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

// In the browser nothing is written as HTML, and nothing adds attributes to a part of a page.
impl RenderHtml for Part {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate(cursor, position)
    }

    fn hydrate_async(self, _: &Cursor, _: &PositionState) -> impl Future<Output = Self::State> {
        std::future::pending()
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl AddAnyAttr for Part {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self
    }
}
