//! The pages.

mod cart;
mod home;
mod orders;
mod signed_out;
mod trouble;

pub(crate) use cart::CartPage;
pub(crate) use home::HomePage;
pub(crate) use orders::{OrderPage, OrdersPage, StaffPage};
pub(crate) use signed_out::SignedOutPage;
pub(crate) use trouble::{Trouble, Unanswered};
