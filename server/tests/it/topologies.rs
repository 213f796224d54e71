//! Redis behind TLS, with sentinels, and as a cluster: the same application, told by its address.

mod cluster;
mod sentinel;
mod tls;
