//! Redis behind TLS, with sentinels, and as a cluster: the same application, told by its address.

mod cluster;
mod cluster_copy;
mod sentinel;
mod tls;
