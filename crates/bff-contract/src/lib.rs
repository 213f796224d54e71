#![doc = include_str!("../README.md")]

pub mod access;
pub mod paths;
pub mod problem;
pub mod session;
