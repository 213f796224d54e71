//! Access rules that the application decides, and the testing kit.

mod checks;
mod failing_checks;
mod testing_kit;
