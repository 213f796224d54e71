//! Tests of the provider through HTTP connections.

mod browser;
mod friendly;
mod hostile;
