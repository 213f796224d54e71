//! Integration tests. A browser with a cookie jar sends requests to the real router. The Redis is real, and the
//! provider can misbehave on purpose. The name of a test begins with the id of the requirement that it checks, if there
//! is one.

mod access;
mod address;
mod api;
mod api_in_code;
mod application;
mod backchannel_logout;
mod browser;
mod callback;
mod client_authentication;
mod clocks;
mod csrf;
mod dismiss;
mod doctor;
mod dpop;
mod dpop_client;
mod early_answers;
mod events;
mod fapi;
mod frontchannel_logout;
mod guards;
mod headers;
mod held_tokens;
mod identity;
mod key_sets;
mod leaks;
mod logged;
mod login;
mod logout;
#[path = "../loopback/loopback.rs"]
mod loopback;
mod metrics;
mod mutual_tls;
mod odd_providers;
mod outage;
mod page_failed;
mod presets;
mod provider_faults;
mod provider_reading;
mod pushed_authorization_request;
#[path = "../redis/redis.rs"]
#[expect(dead_code, reason = "the tests of bff-session use more of it")]
mod redis;
mod refresh;
mod rejection;
mod relay;
mod relay_bounds;
mod relay_headers;
mod relay_rooms;
mod relay_rules;
mod relay_sockets;
mod relay_streams;
mod relay_targets;
mod relay_tls;
mod relay_tokens;
mod reload;
mod session_cookie;
mod sessions;
mod sign_in;
mod static_files;
mod step_up;
mod step_up_acr;
mod step_up_by_handler;
mod step_up_person;
mod store_limits;
mod strangers;
mod suite;
mod tls_front;
mod topologies;
mod traces;
mod unusable_metadata;
mod wire;
mod world;
