//! The docs, the alerts and the dashboard name metrics that are there.

use axum_bff::metrics::{Kind, TABLE};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../../docs/metrics.md");
const ALERTS: &str = include_str!("../../../../../deploy/prometheus/alerts.yaml");
const DASHBOARD: &str = include_str!("../../../../../deploy/grafana/dashboard.json");

/// The words of a text that are names of metrics, without the suffixes of a histogram.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = text.split(|letter| !is_of_name(letter));
    words.filter(|word| word.starts_with("bff_")).map(of_series).collect()
}

fn of_series(series: &str) -> &str {
    let is_histogram = |name: &&str| {
        let found = TABLE.iter().find(|metric| metric.name == *name);
        found.is_some_and(|metric| metric.kind == Kind::Histogram)
    };
    let suffixes = ["_bucket", "_sum", "_count"];
    let name = suffixes.iter().find_map(|suffix| series.strip_suffix(suffix));
    name.filter(is_histogram).unwrap_or(series)
}

fn assert_known<'a>(place: &str, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        assert!(
            TABLE.iter().any(|metric| metric.name == name),
            "{name} of {place} is no metric"
        );
    }
}

/// The anchor of each heading, as it is made on the web: lower case, and hyphens for spaces.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
        })
        .collect()
}

#[test]
fn the_docs_have_a_row_for_each_metric_with_its_kind_and_labels() {
    let (section, _) = PAGE.split_once("\n## Alerts\n").expect("the section");
    for metric in TABLE {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let row = format!(
            "| `{}` | {} | {} | ",
            metric.name,
            metric.kind.word(),
            labels.join(", ")
        );
        assert!(section.contains(&row), "docs/metrics.md lacks: {row}");
    }
    assert_known("docs/metrics.md", metrics_in(section));
}

#[test]
fn every_alert_is_about_metrics_that_are_there_and_has_a_section_in_the_docs() {
    assert_known("deploy/prometheus/alerts.yaml", metrics_in(ALERTS));
    let values = |key: &'static str| {
        let lines = ALERTS.lines().map(|line| line.trim_start().trim_start_matches("- "));
        lines.filter_map(move |line| line.strip_prefix(key)).map(str::trim)
    };
    let (alerts, runbooks): (Vec<&str>, Vec<&str>) = (values("alert:").collect(), values("runbook:").collect());
    assert!(alerts.len() > 10, "{alerts:?}");
    assert_eq!(alerts.len(), runbooks.len(), "each alert has a section to read");
    let anchors = anchors(PAGE);
    for (alert, runbook) in alerts.iter().zip(&runbooks) {
        let anchor = runbook.strip_prefix("docs/metrics.md#").expect("a section of the docs");
        assert_eq!(anchor, alert.to_lowercase());
        assert!(anchors.contains(anchor), "docs/metrics.md has no section {alert}");
    }
}

#[test]
fn every_panel_of_the_dashboard_is_about_metrics_that_are_there() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut shown = BTreeSet::new();
    for panel in panels {
        for target in panel["targets"].as_array().expect("targets") {
            let found = metrics_in(target["expr"].as_str().expect("an expression"));
            assert!(!found.is_empty(), "{panel}");
            shown.extend(found);
        }
    }
    assert_known("deploy/grafana/dashboard.json", shown.iter().copied());
    for metric in TABLE {
        assert!(shown.contains(metric.name), "{} is on no panel", metric.name);
    }
}
