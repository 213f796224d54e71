//! The files of Traefik and Envoy, which are not in Debian's archive and run in no test, and what all proxies have in common.

use crate::proxy::read;
use crate::world::SHIPPED;
use crate::yaml::{document, documents};
use serde_json::json;
use std::time::Duration;

/// The files, and the time after which each closes a quiet answer or an answer that does not begin.
const FILES: [(&str, &str); 4] = [
    ("nginx/bff.conf", "proxy_read_timeout "),
    ("haproxy/haproxy.cfg", "timeout server "),
    ("apache/bff.conf", "ProxyTimeout "),
    ("caddy/Caddyfile", "response_header_timeout "),
];

/// The default of `BFF_ANSWER_TIMEOUT`. A quiet stream says `quiet` after 20 seconds, which is less.
const ANSWER: Duration = Duration::from_secs(45);

#[test]
fn every_proxy_waits_longer_than_the_server_takes_for_an_answer() {
    for (file, name) in FILES {
        let text = read(file);
        let found = text.lines().find_map(|line| line.trim().strip_prefix(name));
        let digits = found.expect(name).trim_end_matches(['s', ';']);
        let seconds = digits.parse().unwrap_or_else(|_| panic!("{file}: {found:?}"));
        assert!(Duration::from_secs(seconds) > ANSWER, "{file}: {seconds} s");
    }
}

/// The server goes on with the trace of a trusted proxy. A browser must not choose it ("Traces" in docs/operations.md).
#[test]
fn every_proxy_removes_the_trace_of_the_browser() {
    for (file, before, after) in [
        ("nginx/bff.conf", "proxy_set_header ", " \"\";"),
        ("compose/nginx.conf", "proxy_set_header ", " \"\";"),
        ("haproxy/haproxy.cfg", "http-request del-header ", ""),
        ("apache/bff.conf", "RequestHeader unset ", " early"),
        ("caddy/Caddyfile", "header_up -", ""),
        ("traefik/bff.yaml", "", ": \"\""),
    ] {
        let text = read(file);
        for header in ["traceparent", "tracestate"] {
            let line = format!("{before}{header}{after}");
            let removes = |found: &str| found.trim().eq_ignore_ascii_case(&line);
            assert!(text.lines().any(removes), "{file}: {line}");
        }
    }
    let resources = document("envoy/envoy.yaml")["static_resources"].clone();
    let manager = &resources["listeners"][1]["filter_chains"][0]["filters"][0]["typed_config"];
    let removed = &manager["route_config"]["request_headers_to_remove"];
    assert_eq!(*removed, json!(["forwarded", "traceparent", "tracestate"]));
}

/// SEC-07
///
/// Others on the machine can read the arguments of a program.
#[test]
fn no_script_gives_a_program_the_password_of_redis_as_an_argument() {
    for file in ["three-replicas.sh", "compose/redis.sh", "redis/redis.yaml"] {
        let text = read(file);
        assert!(text.contains("${rights%%PASSWORD*}"), "{file}");
        let shows = |line: &&str| line.contains("sed ") && line.to_lowercase().contains("password");
        assert_eq!(text.lines().find(shows), None, "{file}");
    }
}

/// Without a limit of its own Redis goes on until the system ends it, and `noeviction` says nothing.
#[test]
fn every_redis_has_a_limit_below_which_it_evicts_nothing() {
    for file in ["three-replicas.sh", "compose/redis.sh", "redis/redis.yaml"] {
        let text = read(file);
        assert!(
            text.contains("--maxmemory 640mb --maxmemory-policy noeviction"),
            "{file}"
        );
    }
    let redis = documents("redis/redis.yaml")[1].clone();
    let limit = &redis["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"];
    assert_eq!(*limit, "1Gi", "more than 640 MB");
}

/// A machine that is gone does not answer, and the default of nginx and Apache is to wait for a minute.
#[test]
fn every_proxy_gives_up_a_connection_within_seconds() {
    for (file, line) in [
        ("nginx/bff.conf", "proxy_connect_timeout 2s;"),
        ("compose/nginx.conf", "proxy_connect_timeout 2s;"),
        ("haproxy/haproxy.cfg", "timeout connect 2s"),
        ("apache/bff.conf", " connectiontimeout=2 "),
        ("caddy/Caddyfile", "dial_timeout 1s"),
        ("traefik/bff.yaml", "dialTimeout: 2s"),
        ("envoy/envoy.yaml", "connect_timeout: 2s"),
    ] {
        assert!(read(file).contains(line), "{file}: {line}");
    }
}

#[test]
fn every_proxy_has_the_three_replicas_of_the_documentation() {
    for file in [
        "nginx/bff.conf",
        "haproxy/haproxy.cfg",
        "apache/bff.conf",
        "caddy/Caddyfile",
        "traefik/bff.yaml",
    ] {
        let text = read(file);
        assert!(SHIPPED.iter().all(|replica| text.contains(replica)), "{file}");
    }
}

/// No test runs Traefik: Debian has no package of it.
#[test]
fn the_file_of_traefik_has_its_routers_services_and_time_outs() {
    let http = document("traefik/bff.yaml")["http"].clone();
    let app = &http["routers"]["app"];
    let service = app["service"].as_str().expect("a name");
    let balancer = &http["services"][service]["loadBalancer"];
    assert_eq!(balancer["servers"].as_array().map(Vec::len), Some(3));
    assert_eq!(balancer["healthCheck"]["path"], "/livez");
    let transport = balancer["serversTransport"].as_str().expect("a name");
    let timeouts = &http["serversTransports"][transport]["forwardingTimeouts"];
    assert_eq!(timeouts["responseHeaderTimeout"], "60s");
    for router in ["app", "to-https"] {
        for middleware in http["routers"][router]["middlewares"].as_array().expect("a list") {
            let name = middleware.as_str().expect("a name");
            assert!(http["middlewares"][name].is_object(), "{name}");
        }
    }
}

/// A redirect to the host of the request would lead wherever its sender likes.
#[test]
fn no_proxy_redirects_to_a_name_of_the_browsers_choice() {
    for file in ["nginx/bff.conf", "compose/nginx.conf"] {
        let text = read(file);
        assert!(!text.contains("https://$host"), "{file}");
        assert!(
            text.contains("default_server") && text.contains("return 444;"),
            "{file}"
        );
    }
    let listeners = document("envoy/envoy.yaml")["static_resources"]["listeners"].clone();
    for listener in listeners.as_array().expect("a list") {
        let manager = &listener["filter_chains"][0]["filters"][0]["typed_config"];
        let domains = &manager["route_config"]["virtual_hosts"][0]["domains"];
        assert_eq!(*domains, json!(["app.example.com"]));
    }
}

/// No test runs Envoy: Debian has no package of it.
#[test]
fn the_file_of_envoy_bounds_heads_and_leaves_streams_open() {
    let resources = document("envoy/envoy.yaml")["static_resources"].clone();
    let manager = &resources["listeners"][1]["filter_chains"][0]["filters"][0]["typed_config"];
    assert_eq!(manager["use_remote_address"], true);
    assert_eq!(manager["max_request_headers_kb"], 64);
    assert_eq!(manager["stream_idle_timeout"], "60s");
    assert_eq!(manager["upgrade_configs"], json!([{"upgrade_type": "websocket"}]));
    let route = &manager["route_config"]["virtual_hosts"][0]["routes"][0]["route"];
    assert_eq!(route["timeout"], "0s");
    let cluster = &resources["clusters"][0];
    assert_eq!(route["cluster"], cluster["name"]);
    let replicas = &cluster["load_assignment"]["endpoints"][0]["lb_endpoints"];
    assert_eq!(replicas.as_array().map(Vec::len), Some(3));
}

/// The site for compose is the shipped one with other names.
#[test]
fn compose_has_the_lines_of_the_shipped_nginx_site() {
    let lines = |text: &str| -> Vec<String> {
        let begin = text.find("location / {").expect("a location");
        let lines = text[begin..].lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "}");
        lines.map(str::to_owned).collect()
    };
    assert_eq!(lines(&read("compose/nginx.conf")), lines(&read("nginx/bff.conf")));
}
