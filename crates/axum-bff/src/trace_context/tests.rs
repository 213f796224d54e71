use super::*;
use axum::body::Body;
use std::net::SocketAddr;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SAMPLED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NOT_SAMPLED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

fn of(peer: &str, headers: &[(&'static str, &str)]) -> TraceContext {
    let mut request = Request::new(Body::empty());
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("a value");
        request.headers_mut().append(*name, value);
    }
    let peer: SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(Peer(peer)));
    TraceContext::of(&TrustedProxies::parse("10.0.0.0/8").expect("a list"), &request)
}

fn of_proxy(headers: &[(&'static str, &str)]) -> TraceContext {
    of("10.1.2.3:4000", headers)
}

fn sent(trace: &TraceContext) -> HeaderMap {
    let mut headers = HeaderMap::new();
    trace.add_to(&mut headers);
    headers
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

#[test]
fn the_trace_of_a_trusted_proxy_goes_on_with_a_span_of_its_own() {
    for (parent, end) in [(SAMPLED, "-01"), (NOT_SAMPLED, "-00")] {
        let trace = of_proxy(&[("traceparent", parent)]);
        assert_eq!(trace.known_id().as_deref(), Some(TRACE));
        let (first, second) = (sent(&trace), sent(&trace));
        let (first, second) = (text(&first, "traceparent"), text(&second, "traceparent"));
        assert!(
            first.starts_with(&format!("00-{TRACE}-")) && first.ends_with(end),
            "{first}"
        );
        assert_eq!(first.len(), SAMPLED.len());
        assert!(
            !first.contains("b7ad6b7169203331"),
            "the caller's span is no span of ours"
        );
        assert_ne!(first, second, "each call is a span of its own");
    }
}

#[test]
fn the_trace_of_a_stranger_is_not_read() {
    let strange = of("203.0.113.9:4000", &[("traceparent", SAMPLED), ("tracestate", "a=1")]);
    assert_eq!(strange.known_id(), None);
    assert_ne!(strange.id().text().as_str(), TRACE);
    let headers = sent(&strange);
    assert!(text(&headers, "traceparent").ends_with("-00"), "{headers:?}");
    assert_eq!(text(&headers, "tracestate"), "");
    let without_address = Request::new(Body::empty());
    let proxies = TrustedProxies::parse("0.0.0.0/0").expect("a list");
    assert_eq!(TraceContext::of(&proxies, &without_address).known_id(), None);
}

#[test]
fn a_traceparent_that_is_none_begins_a_new_trace() {
    let long = format!("01-{TRACE}-b7ad6b7169203331-01-{}", "x".repeat(300));
    for hostile in [
        "",
        "canary",
        "00",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        &long,
    ] {
        let trace = of_proxy(&[("traceparent", hostile)]);
        assert_eq!(trace.known_id(), None, "{hostile}");
        assert_ne!(trace.id().text().as_str(), TRACE, "{hostile}");
    }
    let twice = of_proxy(&[("traceparent", SAMPLED), ("traceparent", SAMPLED)]);
    assert_eq!(twice.known_id(), None);
}

#[test]
fn a_later_version_is_read_as_far_as_it_is_known_and_sent_as_version_00() {
    for later in [
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-the-future-brings",
    ] {
        let trace = of_proxy(&[("traceparent", later)]);
        assert_eq!(trace.known_id().as_deref(), Some(TRACE), "{later}");
        let headers = sent(&trace);
        let parent = text(&headers, "traceparent");
        assert!(parent.starts_with("00-") && parent.ends_with("-01"), "{parent}");
        assert_eq!(parent.len(), SAMPLED.len());
    }
}

#[test]
fn a_good_tracestate_is_passed_on_and_another_is_left_out() {
    let state = |values: &[&str]| {
        let states = values.iter().map(|value| ("tracestate", *value));
        let headers: Vec<_> = std::iter::once(("traceparent", SAMPLED)).chain(states).collect();
        let trace = of_proxy(&headers);
        assert_eq!(trace.known_id().as_deref(), Some(TRACE), "the trace goes on");
        text(&sent(&trace), "tracestate").to_owned()
    };
    assert_eq!(state(&[]), "");
    assert_eq!(
        state(&["congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"]),
        "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"
    );
    assert_eq!(state(&["a=1", "fw529a3039@dt=x y"]), "a=1,fw529a3039@dt=x y");
    assert_eq!(state(&["a=1 , ,b=2"]), "a=1 , ,b=2");
    let long = format!("a={}", "x".repeat(256));
    assert_eq!(state(&[&long]), long);
    let many: Vec<String> = (0..33).map(|number| format!("k{number}=1")).collect();
    let too_long = format!("a={}", "x".repeat(257));
    for bad in [
        "",
        " , ",
        "a",
        "a=",
        "=1",
        "A=1",
        "a=1,a=2",
        "a=1=2",
        "a b=1",
        "_a=1",
        &too_long,
        &many.join(","),
    ] {
        assert_eq!(state(&[bad]), "", "{bad}");
    }
    assert_eq!(
        state(&[&long, &format!("b={}", "x".repeat(256))]),
        "",
        "more than 512 characters"
    );
}

#[test]
fn headers_that_a_call_has_already_are_replaced() {
    let mut headers = HeaderMap::new();
    for value in ["canary", "another"] {
        headers.append("traceparent", HeaderValue::from_static(value));
        headers.append("tracestate", HeaderValue::from_static(value));
    }
    of_proxy(&[("traceparent", SAMPLED)]).add_to(&mut headers);
    assert_eq!(headers.get_all("traceparent").iter().count(), 1);
    assert!(!headers.contains_key("tracestate"), "{headers:?}");
}

#[tokio::test]
async fn the_trace_goes_along_into_a_task_of_its_own() {
    let trace = of_proxy(&[("traceparent", SAMPLED)]);
    let work = async {
        let headers = tokio::spawn(carried(async {
            let mut headers = HeaderMap::new();
            add_current_to(&mut headers);
            headers
        }));
        headers.await
    };
    let headers = within(trace, work).await.expect("the task ends");
    assert!(text(&headers, "traceparent").contains(TRACE), "{headers:?}");
    let mut headers = HeaderMap::new();
    add_current_to(&mut headers);
    assert!(headers.is_empty(), "no request brings this about");
}
