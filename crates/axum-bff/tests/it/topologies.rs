//! Redis with TLS, with sentinels, and as a cluster. The application is always the same, and learns the topology from
//! the address of Redis.

mod cluster;
mod sentinel;
mod silence;
mod tls;
mod tls_of_clients;
mod tls_of_several;
