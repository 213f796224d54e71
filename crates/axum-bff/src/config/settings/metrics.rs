//! The metrics.

use super::DefaultValue::Value;
use super::setting::{Setting, setting};

pub(super) const METRICS: &[Setting] = &[setting(
    "BFF_METRICS_LISTEN",
    Value("off"),
    "Where Prometheus reads /metrics: an IP address with a port, or a port of loopback, such as 9464. Every machine that \
     reaches it reads how much this server is used. off: nothing is counted.",
)];
