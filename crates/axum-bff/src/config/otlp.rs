//! Where traces go: a collector of OpenTelemetry, by OTLP over HTTP.

use super::Source;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use url::Url;

/// Settings of the export of traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Otlp {
    /// The address that spans are posted to: `BFF_OTLP_ENDPOINT` with `/v1/traces` behind it (OTLP/HTTP).
    pub traces: Url,
    /// `BFF_OTLP_HEADERS`. The values are marked as sensitive.
    pub headers: HeaderMap,
    /// `BFF_OTLP_SAMPLE`: the part of the traces that begin here and are recorded, from 0 to 1.
    pub sample: f64,
}

impl Otlp {
    /// The settings, if an endpoint is set. An error has been noted.
    pub(super) fn read(source: &mut Source) -> Result<Option<Self>, ()> {
        let headers = source.secret("BFF_OTLP_HEADERS");
        let headers = match &headers {
            Some(text) => match of_text(text.expose_secret()) {
                Ok(headers) => Some(headers),
                Err(problem) => {
                    source.error("BFF_OTLP_HEADERS", problem);
                    None
                }
            },
            None => Some(HeaderMap::new()),
        };
        let sample = source.parsed("BFF_OTLP_SAMPLE", ratio);
        if !source.is_set("BFF_OTLP_ENDPOINT") {
            for name in ["BFF_OTLP_HEADERS", "BFF_OTLP_SAMPLE"] {
                if source.is_set(name) {
                    source.error(name, "has no effect without BFF_OTLP_ENDPOINT");
                }
            }
            return if headers.is_some() && sample.is_some() {
                Ok(None)
            } else {
                Err(())
            };
        }
        if cfg!(not(feature = "otlp")) {
            source.error(
                "BFF_OTLP_ENDPOINT",
                "is set, but this program cannot export traces: build it with the feature otlp of axum-bff",
            );
            return Err(());
        }
        let traces = source.parsed("BFF_OTLP_ENDPOINT", endpoint);
        match (traces, headers, sample) {
            (Some(traces), Some(headers), Some(sample)) => Ok(Some(Self {
                traces,
                headers,
                sample,
            })),
            _ => Err(()),
        }
    }
}

fn endpoint(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is no http or https URL such as http://localhost:4318".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or a password; put credentials into BFF_OTLP_HEADERS".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment".to_owned());
    }
    let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// Pairs such as `authorization=Basic abc,x-tenant=7`. An error repeats no value.
fn of_text(text: &str) -> Result<HeaderMap, &'static str> {
    let mut headers = HeaderMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or("is no list of headers such as authorization=Basic abc,x-tenant=7")?;
        let name = HeaderName::try_from(name.trim()).map_err(|_| "has a header whose name is none")?;
        let mut value = HeaderValue::try_from(value.trim()).map_err(|_| "has a header whose value is none")?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

fn ratio(text: &str) -> Result<f64, String> {
    let ratio = text.parse::<f64>().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    ratio.ok_or_else(|| "is no number from 0 to 1, such as 0.05".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn spans_go_below_the_endpoint() {
        for (text, traces) in [
            ("http://localhost:4318", "http://localhost:4318/v1/traces"),
            ("http://localhost:4318/", "http://localhost:4318/v1/traces"),
            (
                "https://otlp.example.com/tenant/7/",
                "https://otlp.example.com/tenant/7/v1/traces",
            ),
        ] {
            assert_eq!(
                endpoint(text).map(|url| url.to_string()).as_deref(),
                Ok(traces),
                "{text}"
            );
        }
    }

    #[test]
    fn an_endpoint_that_is_none_or_has_credentials_is_refused() {
        for text in [
            "localhost:4318",
            "grpc://localhost:4317",
            "https://me:secret@otlp.example.com",
            "https://otlp.example.com/?key=secret",
        ] {
            let problem = endpoint(text).expect_err(text);
            assert!(!problem.contains("secret"), "{problem}");
        }
    }

    #[test]
    fn headers_are_pairs_and_hidden() {
        let headers = of_text("authorization=Basic YTpi==, x-tenant=7").expect("a list");
        assert_eq!(headers["authorization"], "Basic YTpi==");
        assert_eq!(headers["x-tenant"], "7");
        assert!(!format!("{headers:?}").contains("YTpi"), "{headers:?}");
        for bad in ["canary", "a b=canary", "a=canary\u{1}"] {
            let problem = of_text(bad).expect_err(bad);
            assert!(!problem.contains("canary"), "{problem}");
        }
    }

    #[test]
    fn a_ratio_is_a_number_from_0_to_1() {
        assert_eq!((ratio("0"), ratio("0.05"), ratio("1")), (Ok(0.0), Ok(0.05), Ok(1.0)));
        for bad in ["-0.1", "1.1", "NaN", "5%", ""] {
            assert!(ratio(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn without_an_endpoint_there_is_no_export_and_nothing_that_shapes_one() {
        assert_eq!(Config::in_memory(&[]).expect("settings").telemetry.otlp, None);
        let wrong = Config::in_memory(&[("BFF_OTLP_SAMPLE", "0.5")]).expect_err("no effect");
        assert!(wrong.to_string().contains("BFF_OTLP_SAMPLE"), "{wrong}");
    }

    #[test]
    fn an_endpoint_needs_the_feature() {
        let config = Config::in_memory(&[("BFF_OTLP_ENDPOINT", "http://localhost:4318")]);
        if cfg!(feature = "otlp") {
            assert!(config.expect("settings").telemetry.otlp.is_some());
        } else {
            let wrong = config.expect_err("the feature is missing").to_string();
            assert!(wrong.contains("the feature otlp"), "{wrong}");
        }
    }
}
