use super::*;
use axum::Router;
use axum::routing::{any, get, post};
use bff_contract::access::Table;

async fn unasked() -> &'static str {
    unreachable!("no handler is called to check a rule")
}

/// The routes of an application whose handlers all panic, because the rules are checked without calling a handler.
fn application() -> RouteList {
    let nested = Router::new().route("/list", get(unasked)).route("/{id}", any(unasked));
    let router = Router::new()
        .route("/", get(unasked))
        .route("/signed-out", get(unasked))
        .route("/orders/{id}", get(unasked))
        .route("/_fn/erase_notes", post(unasked))
        .route("/report", post(unasked))
        .nest("/admin", nested)
        .fallback(unasked);
    RouteList::of(&router)
}

fn why(table: Table) -> Vec<WhyUseless> {
    let useless = application().useless_rules(&table.access(), &["stock"]);
    useless.into_iter().map(|rule| rule.why).collect()
}

#[test]
fn rules_that_reach_a_page_a_function_a_route_or_an_api_start() {
    let table = Table::new(&[
        ("/", Rule::Public),
        ("/signed-out", Rule::Public),
        ("/sign-in-failed", Rule::Public),
        ("/report", Rule::Role("staff")),
        ("/admin/list", Rule::Fresh(60)),
        ("/_fn/erase_notes", Rule::Fresh(60)),
        ("/api/stock", Rule::All(&[Rule::Role("clerk"), Rule::Fresh(60)])),
    ]);
    assert_eq!(why(table), []);
}

#[test]
fn a_rule_that_matches_no_route_is_named() {
    for (path, expected) in [
        ("/nowhere", WhyUseless::NoRoute),
        ("/signed-out/", WhyUseless::NoRoute),
        ("/Signed-Out", WhyUseless::NoRoute),
        ("/admin", WhyUseless::NoRoute),
        ("/_fn/unknown", WhyUseless::NoRoute),
        ("/admin/*", WhyUseless::Pattern),
        ("/admin/{id}/edit", WhyUseless::NoRoute),
        ("/reports/{*rest}", WhyUseless::NoRoute),
        ("/admin/li{rest}", WhyUseless::Parameters("/admin/{id}".to_owned())),
        ("/{folder}/list", WhyUseless::Parameters("/admin/{id}".to_owned())),
        (
            "/orders/{id",
            WhyUseless::Unusable(Unusable::Pattern(
                "Parameters must be registered with a valid name".to_owned(),
            )),
        ),
        ("/admin/:id", WhyUseless::Pattern),
        ("/admin/7", WhyUseless::Parameters("/admin/{id}".to_owned())),
        ("/orders/7", WhyUseless::Parameters("/orders/{id}".to_owned())),
        ("admin", WhyUseless::NoPath),
        ("", WhyUseless::NoPath),
        ("/report?all", WhyUseless::NoPath),
        ("/report#all", WhyUseless::NoPath),
        ("/auth/session", WhyUseless::Own),
        ("/livez", WhyUseless::Own),
        ("/sign-in-failed", WhyUseless::Own),
        ("/api/other", WhyUseless::NoApi),
        ("/api/stock/", WhyUseless::NoApi),
        ("/api/stock/items", WhyUseless::NoApi),
    ] {
        let rules: &'static [(&str, Rule)] = Box::leak(Box::new([(path, Rule::Role("admin"))]));
        assert_eq!(why(Table::new(rules)), [expected], "{path}");
    }
}

#[test]
fn a_rule_that_nobody_can_satisfy_or_that_does_not_count_is_named() {
    let public = Table::new(&[("/api/stock", Rule::Public)]);
    assert_eq!(why(public), [WhyUseless::PublicApi]);
    let twice = Table::new(&[("/", Rule::Public), ("/", Rule::SignedIn)]);
    assert_eq!(why(twice), [WhyUseless::Unusable(Unusable::Twice)]);
    for path in ["/api/stock", "/_fn/erase_notes"] {
        let rules: &'static [(&str, Rule)] =
            Box::leak(Box::new([(path, Rule::Fresh(60)), ("/report", Rule::Fresh(90))]));
        assert_eq!(why(Table::new(rules)), [WhyUseless::NoPageToStepUpOn], "{path}");
    }
}

#[test]
fn patterns_reach_what_they_match() {
    let table = Table::new(&[
        ("/orders/{number}", Rule::Role("clerk")),
        ("/admin/{*rest}", Rule::Role("admin")),
        ("/admin/list", Rule::Any(&[Rule::Role("admin"), Rule::Role("staff")])),
        ("/_fn/{*rest}", Rule::Not(&Rule::Role("guest"))),
    ]);
    assert_eq!(why(table), []);
    let (application, access) = (application(), table.access());
    let rules: Vec<_> = application
        .paths()
        .filter(|path| !path.starts_with("/_fn/"))
        .map(|path| format!("{path}: {}", application.rule(&access, path)))
        .collect();
    assert_eq!(
        rules,
        [
            "/: signed in",
            "/admin/list: any of (role admin, role staff)",
            "/admin/{id}: role admin",
            "/orders/{id}: role clerk",
            "/report: signed in",
            "/signed-out: signed in",
        ]
    );
}

#[test]
fn a_pattern_that_decides_nothing_or_forgets_its_folder_is_named() {
    let shadowed = Table::new(&[("/repor{rest}", Rule::Role("admin")), ("/report", Rule::SignedIn)]);
    assert_eq!(why(shadowed), [WhyUseless::Shadowed]);
    let same = Table::new(&[("/orders/{id}", Rule::SignedIn), ("/orders/{number}", Rule::Public)]);
    assert_eq!(
        why(same),
        [WhyUseless::Unusable(Unusable::Same("/orders/{id}".to_owned()))]
    );
    let forgotten: &'static [(&str, Rule)] = &[("/{*rest}", Rule::Role("staff"))];
    assert_eq!(why(Table::new(forgotten)), [WhyUseless::Folder("/".to_owned())]);
    let remembered = Table::new(&[("/{*rest}", Rule::Role("staff")), ("/", Rule::Public)]);
    assert_eq!(why(remembered), []);
}
