//! The routes of an application, held against its access table.

mod list;
mod pattern;
mod rules;
mod wrong;

pub use list::RouteList;
pub(crate) use list::has_default_fallback;
pub(crate) use pattern::Pattern;
pub use rules::{UselessRule, WhyUseless};
pub use wrong::WrongRoute;
