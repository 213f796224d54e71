//! The figures of a scenario. They are printed, and written to a file if `FORCE_FIGURES` names one.

use std::fmt::Display;
use std::fs::File;
use std::io::Write;

/// The figures of one scenario.
pub(crate) struct Report {
    scenario: &'static str,
    figures: Vec<(String, String)>,
}

impl Report {
    pub(crate) fn new(scenario: &'static str) -> Self {
        Self {
            scenario,
            figures: Vec::new(),
        }
    }

    pub(crate) fn figure(mut self, name: &str, value: impl Display) -> Self {
        self.figures.push((name.to_owned(), value.to_string()));
        self
    }

    /// Prints the figures, and adds them to the file that `FORCE_FIGURES` names. Each line has the scenario, the name
    /// and the figure, with tabs between them.
    pub(crate) fn publish(self) {
        let lines: Vec<String> = self
            .figures
            .iter()
            .map(|(name, value)| format!("{}\t{name}\t{value}\n", self.scenario))
            .collect();
        print!("{}", lines.concat());
        if let Some(path) = std::env::var_os("FORCE_FIGURES") {
            let file = File::options().create(true).append(true).open(path);
            file.and_then(|mut file| file.write_all(lines.concat().as_bytes()))
                .expect("written");
        }
    }
}
