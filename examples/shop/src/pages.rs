//! The pages. Each but the home page is a lazy route: the browser loads its code when somebody opens it.

mod cart;
mod home;
mod orders;
mod signed_out;
mod trouble;

pub(crate) use cart::CartRoute;
pub(crate) use home::HomePage;
pub(crate) use orders::{OrderRoute, OrdersRoute, StaffRoute};
pub(crate) use signed_out::SignedOutRoute;
pub(crate) use trouble::{Trouble, Unanswered};
