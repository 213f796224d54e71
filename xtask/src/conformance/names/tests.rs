use super::*;

fn names(file: &str, source: &str) -> Names {
    let mut names = Names::default();
    names.add(Path::new(file), source);
    names
}

/// Each test that names something, and what it names.
fn found(names: &Names) -> Vec<(&str, Vec<&str>)> {
    names
        .tests
        .iter()
        .map(|test| (test.name.as_str(), test.shows.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn the_first_line_of_the_documentation_counts_and_nothing_else_does() {
    let names = names(
        "server/tests/it/faults/signature.rs",
        r#"
            /// IDT-05, LO-16, oidcc-client-test-invalid-sig-rs256
            ///
            /// CB-01 is another matter.
            #[tokio::test(flavor = "current_thread")]
            async fn a_forged_signature_is_refused() {
                // CB-02.
                is_refused("CB-03");
            }

            /// IDT-06
            fn no_test() {}

            mod inner {
                mod within {
                    #[test]
                    /// IDT-07,
                    /// IDT-08
                    fn a_list_may_go_on() {
                    assert!("}".len() == 1);
                    }
                }

                /// Not about IDT-09.
                #[test]
                fn nothing_is_named() {}
            }
        "#,
    );
    assert_eq!(
        found(&names),
        [
            (
                "faults::signature::a_forged_signature_is_refused",
                vec!["IDT-05", "LO-16", "oidcc-client-test-invalid-sig-rs256"]
            ),
            (
                "faults::signature::inner::within::a_list_may_go_on",
                vec!["IDT-07", "IDT-08"]
            ),
        ]
    );
    assert!(names.mistakes.is_empty(), "{:?}", names.mistakes);
}

#[test]
fn tests_that_a_macro_makes_are_found() {
    let names = names(
        "server/tests/it/store_contract/refresh.rs",
        r"
            both!(
                one_refreshes_and_the_others_wait,
            );

            /// RT-03
            async fn one_refreshes_and_the_others_wait(subject: &Subject) {}

            /// RT-04
            async fn something_else() {}

            proptest::proptest! {
                #![proptest_config(config())]

                /// IDT-01
                #[test]
                fn no_text_makes_the_parser_panic(text: String, number in 0..7) { let _ = (text, number); }

                fn helper() {}
            }
        ",
    );
    assert_eq!(
        found(&names),
        [
            (
                "store_contract::refresh::one_refreshes_and_the_others_wait",
                vec!["RT-03"]
            ),
            (
                "store_contract::refresh::no_text_makes_the_parser_panic",
                vec!["IDT-01"]
            ),
        ]
    );
}

#[test]
fn the_modules_of_a_table_count_for_the_test_beside_it() {
    let names = names(
        "server/tests/it/suite.rs",
        r#"
            const MODULES: &[(&str, Module)] = &[
                ("oidcc-client-test-invalid-iss", Rejects(|| Fault("iss", "1"))),
                ("fapi2-security-profile-final-client-test-without-expires_in", Accepts),
            ];

            const OTHERS: &str = "oidcc-client-test-invalid-aud";

            #[tokio::test]
            async fn every_module_is_passed() {}
        "#,
    );
    let modules = [
        "fapi2-security-profile-final-client-test-without-expires-in",
        "oidcc-client-test-invalid-iss",
    ];
    assert_eq!(found(&names), [("suite::every_module_is_passed", modules.to_vec())]);
}

#[test]
fn a_name_that_is_too_long_or_has_a_row_and_a_list_that_is_none_are_mistakes() {
    let long = "a".repeat(NAME_LIMIT + 1);
    let longest = "a".repeat(NAME_LIMIT);
    let names = names(
        "server/src/a.rs",
        &format!(
            "#[test] fn {long}() {{}}\n#[test] fn {longest}() {{}}\n#[test] fn idt_15_nonce() {{}}\n\
             /// IDT-15 and IDT-16\n#[test] fn a_list() {{}}\n"
        ),
    );
    let expected = [
        "has 81 characters",
        "its name names a requirement",
        "`IDT-15 and IDT-16` is no list",
    ];
    assert_eq!(names.mistakes.len(), expected.len(), "{:?}", names.mistakes);
    for (mistake, expected) in names.mistakes.iter().zip(expected) {
        assert!(mistake.contains(expected), "{mistake}");
    }
    let broken = self::names("server/src/b.rs", "fn {");
    assert!(
        broken.mistakes[0].starts_with("server/src/b.rs: "),
        "{:?}",
        broken.mistakes
    );
}

#[test]
fn a_row_of_a_section_that_does_not_exist_is_named_all_the_same() {
    let names = names("server/src/a.rs", "/// REJ-04\n#[test] fn something() {}\n");
    assert_eq!(found(&names), [("a::something", vec!["REJ-04"])]);
}

#[test]
fn a_specification_is_named_by_its_file_and_title() {
    let source = "test('ses_09 nothing leaks', async () => {\n  // HDR-01\n});\n\ntest('plain', async () => {});\n";
    let names = names("end2end/specs/tokens.spec.ts", source);
    let name = "tokens.spec.ts: ses_09 nothing leaks";
    assert_eq!(found(&names), [(name, vec!["HDR-01", "SES-09"])]);
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
