use super::*;

#[test]
fn names_of_functions_documentation_and_bodies_count() {
    let source = "\
/// Also IDT-01, and no IDT-1.
#[tokio::test]
async fn idt_03_to_05_a_signature_lo_16_or_so() {
is_refused(\"oidcc-client-test-invalid-iss\");
}

fn not_a_test_idt_09() {}

mod inner {
#[test]
fn quiet() {}
#[test]
fn loud() {
    // CB-02.
}
}
";
    let tests = named(Path::new("server/tests/it/faults/signature.rs"), source);
    let found: Vec<(&str, Vec<&str>)> = tests
        .iter()
        .map(|test| (test.name.as_str(), test.shows.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "faults::signature::idt_03_to_05_a_signature_lo_16_or_so",
                vec![
                    "IDT-01",
                    "IDT-03",
                    "IDT-04",
                    "IDT-05",
                    "LO-16",
                    "oidcc-client-test-invalid-iss"
                ]
            ),
            ("faults::signature::inner::loud", vec!["CB-02"]),
        ]
    );
}

#[test]
fn a_functions_name_on_the_list_of_both_stores_is_a_test() {
    let source = "both!(\n    one,\n);\n\nasync fn one(subject: &Subject) {\n    \"RT-03\";\n}\n\nasync fn two() {\n    \"RT-04\";\n}\n";
    let tests = named(
        Path::new("crates/bff-session/tests/it/store_contract/refresh.rs"),
        source,
    );
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0].name, "store_contract::refresh::one");
}

#[test]
fn a_specification_is_named_by_its_file_and_title() {
    let source = "test('ses_09 nothing leaks', async () => {\n  // HDR-01\n});\n\ntest('plain', async () => {});\n";
    let tests = named(Path::new("end2end/specs/tokens.spec.ts"), source);
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0].name, "tokens.spec.ts: ses_09 nothing leaks");
    assert_eq!(tests[0].shows.iter().collect::<Vec<_>>(), ["HDR-01", "SES-09"]);
}

#[test]
fn a_files_place_says_its_modules() {
    for (file, modules) in [
        ("server/src/relying_party/jws/tests.rs", "relying_party::jws::tests"),
        ("server/src/lib.rs", ""),
        ("server/tests/it/main.rs", ""),
        ("server/tests/it/callback.rs", "callback"),
        ("crates/axum-bff/tests/it/callback/late.rs", "callback::late"),
        ("crates/axum-bff/tests/application.rs", ""),
        ("server/examples/own_application.rs", ""),
    ] {
        assert_eq!(modules_of(Path::new(file)).join("::"), modules, "{file}");
    }
}
