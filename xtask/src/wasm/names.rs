//! The names by which the WASM and its JavaScript module take functions from each other. wasm-bindgen makes them up, out of a hash
//! or the symbol of a Rust function. Every page loads them twice, and nobody reads them: in a release they are numbers.

use std::collections::BTreeMap;

/// The new names by the old ones.
#[derive(Debug)]
pub(super) struct Numbered(BTreeMap<String, String>);

impl Numbered {
    /// Numbers those of the names that wasm-bindgen made up. The others are for people, such as `hydrate`.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a mut String>) -> Self {
        let mut numbered = BTreeMap::new();
        for name in names.filter(|name| is_made_up(name)) {
            // A page that guards itself against a panic tells a closure's entry by its name (`start.js` of leptos-bff).
            let kind = if name.starts_with("__") { "__wbg" } else { "_R" };
            let short = format!("{kind}_{}", numbered.len());
            let old = std::mem::replace(name, short.clone());
            numbered.insert(old, short);
        }
        Self(numbered)
    }

    /// The JavaScript module with the new names.
    pub(super) fn in_script(&self, script: &str) -> String {
        let mut written = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_of_identifier) {
            let (between, from_word) = rest.split_at(start);
            let end = from_word.find(|letter: char| !is_of_identifier(letter));
            let (word, after) = from_word.split_at(end.unwrap_or(from_word.len()));
            written.push_str(between);
            written.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = after;
        }
        written.push_str(rest);
        written
    }
}

/// `__wbg_then_3a4f899454bcf8c9`, `__wbindgen_generic_000000000000000a`, or the symbol of a function that calls a closure.
fn is_made_up(name: &str) -> bool {
    let has_hash = name.rsplit_once('_').is_some_and(|(_, hash)| {
        hash.len() == 16
            && hash
                .bytes()
                .all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
    });
    (name.starts_with("__wb") && has_hash) || name.starts_with("_R")
}

fn is_of_identifier(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::Numbered;

    #[test]
    fn names_that_nobody_reads_are_numbers_in_the_wasm_and_in_its_script() {
        let mut names = [
            "__wbg_then_3a4f899454bcf8c9",
            "hydrate",
            "_RNvC3app6invoke",
            "_RNvC3app6invoke_17",
            "__wbindgen_init_externref_table",
        ]
        .map(str::to_owned);
        let numbered = Numbered::new(names.iter_mut());
        let expected = ["__wbg_0", "hydrate", "_R_1", "_R_2", "__wbindgen_init_externref_table"];
        assert_eq!(names, expected);
        let script = "import0 = { __wbg_then_3a4f899454bcf8c9: function(arg0) { wasm._RNvC3app6invoke_17(arg0) } };\n\
                      function _RNvC3app6invoke(a) { hydrate(\"é\", _RNvC3app6invoke) }";
        assert_eq!(
            numbered.in_script(script),
            "import0 = { __wbg_0: function(arg0) { wasm._R_2(arg0) } };\n\
             function _R_1(a) { hydrate(\"é\", _R_1) }"
        );
    }
}
