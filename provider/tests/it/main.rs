//! The provider seen from outside, over real connections.

mod browser;
mod friendly;
mod hostile;
