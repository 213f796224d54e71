//! The manifests for Kubernetes and the file for compose: they fit each other, the settings and the server.

use crate::proxy::{read, root};
use crate::yaml::{document, documents};
use serde_json::{Value, json};
use std::time::Duration;

const DEPLOYMENT: &str = "kustomize/base/deployment.yaml";

const SETTINGS: &str = "kustomize/base/kustomization.yaml";

/// At `SIGTERM` requests, the audit and traces have the whole grace each, and all other work together has it twice.
const STEPS: u32 = 5;

/// The settings of the replicas in Kubernetes, as `NAME=value`.
fn literals() -> Vec<String> {
    let literals = document(SETTINGS)["configMapGenerator"][0]["literals"].clone();
    serde_json::from_value(literals).expect("a list")
}

fn setting(name: &str) -> String {
    let literals = literals();
    let mut values = literals
        .iter()
        .filter_map(|literal| literal.strip_prefix(&format!("{name}=")));
    values.next().unwrap_or_else(|| panic!("{name} is not set")).to_owned()
}

/// A number of seconds such as `60s` or `60`.
fn seconds(text: &str) -> Duration {
    let digits = text.trim_end_matches('s');
    Duration::from_secs(
        digits
            .parse()
            .unwrap_or_else(|_| panic!("{text} is no number of seconds")),
    )
}

#[test]
fn compose_trusts_the_address_of_nginx_alone() {
    let services = document("compose.yaml")["services"].clone();
    let trusted = services["bff"]["environment"]["BFF_TRUSTED_PROXIES"].as_str();
    assert!(trusted.is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok()));
    assert_eq!(
        trusted,
        services["nginx"]["networks"]["inside"]["ipv4_address"].as_str()
    );
}

#[test]
fn every_supervisor_waits_longer_than_the_server_needs_to_end() {
    let grace = seconds(&setting("BFF_SHUTDOWN_GRACE"));
    let pod = &document(DEPLOYMENT)["spec"]["template"]["spec"];
    let number = |value: &Value| Duration::from_secs(value.as_u64().expect("a number"));
    let pause = number(&pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]);
    let kubernetes = number(&pod["terminationGracePeriodSeconds"]);
    assert!(kubernetes >= STEPS * grace + pause, "{kubernetes:?}");
    // The other two set no grace, so it is the same default.
    let compose = document("compose.yaml");
    let compose = compose["services"]["bff"]["stop_grace_period"]
        .as_str()
        .expect("a time");
    assert!(seconds(compose) >= STEPS * grace, "{compose}");
    let unit = read("systemd/bff.service");
    let systemd = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec="));
    assert!(seconds(systemd.expect("a time")) >= STEPS * grace, "{systemd:?}");
}

#[test]
fn the_probes_ask_paths_and_ports_that_the_server_has() {
    let container = &document(DEPLOYMENT)["spec"]["template"]["spec"]["containers"][0];
    let paths = ["livenessProbe", "readinessProbe"].map(|probe| container[probe]["httpGet"]["path"].clone());
    assert_eq!(paths, [json!("/livez"), json!("/readyz")]);
    for (name, setting_name) in [("http", "BFF_LISTEN"), ("metrics", "BFF_METRICS_LISTEN")] {
        let listen = setting(setting_name);
        let port = listen.rsplit(':').next().and_then(|port| port.parse::<u64>().ok());
        let ports = container["ports"].as_array().expect("a list");
        let declared = ports.iter().find(|declared| declared["name"] == name).expect("a port");
        assert_eq!(declared["containerPort"].as_u64(), port, "{listen}");
    }
}

#[test]
fn the_pods_have_no_rights_that_the_server_does_not_need() {
    let pods = [document(DEPLOYMENT), documents("redis/redis.yaml")[1].clone()];
    for pod in pods.map(|manifest| manifest["spec"]["template"]["spec"].clone()) {
        assert_eq!(pod["enableServiceLinks"], false);
        assert_eq!(pod["automountServiceAccountToken"], false);
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        let container = &pod["containers"][0];
        let context = &container["securityContext"];
        assert_eq!(context["readOnlyRootFilesystem"], true);
        assert_eq!(context["allowPrivilegeEscalation"], false);
        assert_eq!(context["capabilities"]["drop"], json!(["ALL"]));
        assert!(container["resources"]["limits"]["memory"].is_string());
    }
    let bff = &document("compose.yaml")["services"]["bff"];
    assert_eq!(bff["read_only"], true);
    assert_eq!(bff["cap_drop"], json!(["ALL"]));
}

/// A secret stands in no manifest: each comes from a file that the pod mounts.
#[test]
fn secrets_come_from_files_of_the_mounted_folder() {
    let pod = &document(DEPLOYMENT)["spec"]["template"]["spec"];
    let folder = pod["containers"][0]["volumeMounts"][0]["mountPath"]
        .as_str()
        .expect("a path");
    for name in ["BFF_CLIENT_SECRET_FILE", "BFF_SESSION_KEY_FILE", "BFF_REDIS_URL_FILE"] {
        assert!(setting(name).starts_with(folder), "{name}");
    }
    for literal in literals() {
        let name = literal.split('=').next().unwrap_or_default();
        let is_secret = ["BFF_CLIENT_SECRET", "BFF_SESSION_KEY", "BFF_REDIS_URL"].contains(&name);
        assert!(!is_secret, "{name} stands in a manifest");
    }
}

#[test]
fn the_resources_of_each_folder_exist() {
    for folder in ["kustomize/base", "kustomize/monitoring", "redis"] {
        let kustomization = document(&format!("{folder}/kustomization.yaml"));
        for resource in kustomization["resources"].as_array().expect("a list") {
            let path = root()
                .join("deploy")
                .join(folder)
                .join(resource.as_str().expect("a path"));
            assert!(path.exists(), "{}", path.display());
            if path.is_file() {
                let manifests = documents(&format!("{folder}/{}", resource.as_str().expect("a path")));
                assert!(manifests.iter().all(|one| one["kind"].is_string()), "{resource}");
            }
        }
    }
    let users = &document("redis/kustomization.yaml")["configMapGenerator"][0]["files"];
    assert_eq!(*users, json!(["bff.acl"]), "the rights that the tests run with");
}

/// Whatever selects pods, services or replicas selects by labels that these have.
#[test]
fn selectors_find_what_they_are_written_for() {
    let deployment = document(DEPLOYMENT);
    let labels = deployment["spec"]["template"]["metadata"]["labels"].clone();
    let services = documents("kustomize/base/service.yaml");
    for selector in [
        &deployment["spec"]["selector"]["matchLabels"],
        &document("kustomize/base/disruption.yaml")["spec"]["selector"]["matchLabels"],
        &documents("kustomize/base/network.yaml")[0]["spec"]["podSelector"]["matchLabels"],
        &services[0]["spec"]["selector"],
        &services[1]["spec"]["selector"],
    ] {
        assert_eq!(*selector, labels);
    }
    let monitor = document("kustomize/monitoring/monitor.yaml");
    assert_eq!(
        monitor["spec"]["selector"]["matchLabels"], services[1]["metadata"]["labels"],
        "Prometheus finds the service of the metrics"
    );
    assert_eq!(
        monitor["spec"]["endpoints"][0]["port"],
        services[1]["spec"]["ports"][0]["name"]
    );
    let scaled = &document("kustomize/base/autoscaler.yaml")["spec"]["scaleTargetRef"]["name"];
    assert_eq!(*scaled, deployment["metadata"]["name"]);
    assert!(
        deployment["spec"]["replicas"].is_null(),
        "the autoscaler has the number"
    );
}

/// Wrong settings end the program with the status 2. All else may go by itself.
#[test]
fn systemd_starts_again_what_may_have_mended_itself() {
    let unit = read("systemd/bff.service");
    for line in [
        "RestartPreventExitStatus=2",
        "StartLimitIntervalSec=0",
        "Restart=on-failure",
    ] {
        assert!(unit.lines().any(|found| found == line), "{line}");
    }
}

/// One call that fails at night is more than a tenth of the calls.
#[test]
fn an_alert_about_a_share_of_calls_needs_more_than_ten_calls() {
    let groups = document("prometheus/alerts.yaml")["groups"].clone();
    let rules = groups[0]["rules"].as_array().expect("a list");
    for name in ["BffSignInsFail", "BffProviderFails", "BffApiFails", "BffRefreshesFail"] {
        let rule = rules.iter().find(|rule| rule["alert"] == name).expect("the rule");
        let expression = rule["expr"].as_str().expect("an expression");
        assert!(
            expression.contains("increase(") && expression.contains("> 10"),
            "{expression}"
        );
    }
}

#[test]
fn every_alert_has_an_expression_and_a_page_that_explains_it() {
    let groups = document("prometheus/alerts.yaml")["groups"].clone();
    for group in groups.as_array().expect("a list") {
        for rule in group["rules"].as_array().expect("a list") {
            let runbook = rule["annotations"]["runbook"].as_str().unwrap_or_default();
            let page = runbook.split('#').next().unwrap_or_default();
            assert!(rule["alert"].is_string() && rule["expr"].is_string(), "{rule}");
            assert!(root().join(page).is_file(), "{rule}");
        }
    }
}

#[test]
fn compose_names_files_that_are_there_and_secrets_that_its_script_makes() {
    let compose = document("compose.yaml");
    let script = read("compose/prepare.sh");
    for (name, secret) in compose["secrets"].as_object().expect("secrets") {
        let file = secret["file"]
            .as_str()
            .expect("a file")
            .trim_start_matches("./compose/secrets/");
        let stem = file.trim_end_matches(".pem").trim_end_matches(".key");
        assert!(script.contains(stem), "{name}: {file}");
    }
    for service in ["nginx", "redis", "keycloak"] {
        for volume in compose["services"][service]["volumes"].as_array().expect("volumes") {
            let source = volume
                .as_str()
                .and_then(|volume| volume.split(':').next())
                .unwrap_or_default();
            let is_there = !source.starts_with("./") || root().join("deploy").join(source).is_file();
            assert!(is_there, "{service}: {source}");
        }
    }
    let realm: Value = serde_json::from_str(&read("compose/realm.json")).expect("JSON");
    let url = compose["services"]["bff"]["environment"]["BFF_PUBLIC_URL"]
        .as_str()
        .expect("a URL");
    assert_eq!(
        realm["clients"][0]["redirectUris"],
        json!([format!("{url}/auth/callback")])
    );
    assert_eq!(realm["clients"][0]["secret"], "${CLIENT_SECRET}");
    let mapper = &realm["clients"][0]["protocolMappers"][0]["config"];
    assert_eq!(
        mapper["claim.name"], "realm_access.roles",
        "the claim of BFF_PROVIDER=keycloak"
    );
    assert_eq!(mapper["id.token.claim"], "true");
}
