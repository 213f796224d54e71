//! Access rules that checks of the application decide, and the testing kit.

mod checks;
mod failing_checks;
mod testing_kit;
