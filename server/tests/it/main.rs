//! Integration tests: the real router, walked by a browser with a cookie jar, against a real
//! Redis and a provider that misbehaves on purpose. Tests name the requirement that they hold.

// A rendered page is one type, nested as deep as its markup.
#![recursion_limit = "256"]

mod access;
mod api;
mod api_in_code;
mod backchannel_logout;
mod bff_process;
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
mod hostile_text;
mod identity;
mod key_sets;
mod leaks;
mod local_copy;
mod log_reader;
mod logged;
mod login;
mod logout;
#[path = "../loopback/loopback.rs"]
mod loopback;
mod mutual_tls;
mod notes;
mod odd_providers;
mod outage;
mod page_failed;
mod presets;
mod provider_certificates;
mod provider_faults;
mod provider_reading;
mod pushed_authorization_request;
#[path = "../redis/redis.rs"]
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
mod session_cookie;
mod sessions;
mod sign_in;
mod static_files;
mod step_up;
mod step_up_acr;
mod store_contract;
mod store_limits;
mod stranger_connections;
mod strangers;
mod suite;
mod tls_front;
mod topologies;
mod wire;
mod world;
