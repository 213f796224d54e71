//! From settings to a server that answers, and to its end.

mod accept;
mod connection;
mod ending;
mod host;
mod listener;
mod open_connections;
mod rest;
mod scraped;
#[cfg(unix)]
mod socket;
mod socket_error;
mod stream;
mod tls;

pub use socket_error::SocketError;

use crate::audit::AuditError;
use crate::bff::Bff;
use crate::builder::BuildError;
use crate::config::Connections;
use crate::descriptors;
use crate::metrics::{self, MetricsListener};
use crate::reload::{Hangups, watch};
use crate::routes::{RouteList, UselessRule, WrongRoute};
use axum::Router;
use listener::Listener;
use open_connections::OpenConnections;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use tls::Tls;

/// Why the server did not start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no backend-for-frontend.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The audit cannot write its first record.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Rules of the access table reach nothing.
    #[error("the access table: {}", each(.0))]
    Access(Vec<UselessRule>),
    /// [`Builder::body_limit`](crate::Builder::body_limit) or
    /// [`Builder::answer_timeout`](crate::Builder::answer_timeout) names a path without a route.
    #[error("Builder::body_limit or Builder::answer_timeout: {0:?} matches no route of the application")]
    Bound(&'static str),
    /// Routes of the application stand at paths at which the library answers, or a page that a sign-in or a sign-out leads to is missing.
    #[error("{}", each(.0))]
    Routes(Vec<WrongRoute>),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// `BFF_LISTEN`.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The Unix socket is taken, or cannot be made.
    #[error("cannot listen on unix:{}: {source}", .path.display())]
    Socket {
        /// The path in `BFF_LISTEN`.
        path: PathBuf,
        /// Why not.
        source: SocketError,
    },
    /// TLS has no version that both sides could speak.
    #[error("TLS: {0}")]
    Tls(rustls::Error),
    /// The address of the metrics is taken or not ours.
    #[error("BFF_METRICS_LISTEN: cannot listen on {address}: {source}")]
    ListenForMetrics {
        /// `BFF_METRICS_LISTEN`.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The system lets nobody listen for the signals that end a server in good order, or make it read its settings again.
    #[error("cannot listen for SIGINT, SIGTERM and SIGHUP: {0}")]
    Signals(std::io::Error),
}

fn each(faults: &[impl ToString]) -> String {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    faults.join("; ")
}

/// A server that has its address and is about to answer.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    tls: Option<Tls>,
    router: Router,
    connections: Connections,
    metrics: Option<MetricsListener>,
    hangups: Hangups,
    bff: Bff,
}

impl Server {
    /// Takes the address, for an application behind [`Bff::router`].
    ///
    /// It raises the soft limit of file descriptors of this process to the hard limit. If that is too few for
    /// `BFF_CONNECTIONS`, fewer connections may be open, and the log says so.
    ///
    /// # Errors
    ///
    /// A rule of the access table or a bound that reaches nothing (invariant 14), a route of the application where the library
    /// answers, a page that is missing after a sign-in or a sign-out, an address that cannot be had, or a file of the audit that
    /// takes no record.
    pub async fn start(bff: Bff, application: Router) -> Result<Self, ServeError> {
        let apis: Vec<&str> = bff.relay.names().collect();
        let listed = RouteList::of(&application);
        let useless = listed.useless_rules(&bff.access, &apis);
        if !useless.is_empty() {
            return Err(ServeError::Access(useless));
        }
        let wrong = listed.wrong_routes(&bff.access, bff.paths);
        if !wrong.is_empty() {
            return Err(ServeError::Routes(wrong));
        }
        if let Some(path) = bff.bounds.without_a_route(&listed, &RouteList::of(&bff.for_machines)) {
            return Err(ServeError::Bound(path));
        }
        let mut connections = bff.http.connections;
        descriptors::fit(&mut connections, descriptors::raise());
        let tls = bff.http.certificate.clone().map(Tls::new).transpose()?;
        let listener = Listener::bind(&bff.http.listen).await?;
        let metrics = scraped::listener(&bff, connections.at_once).await?;
        // Before anybody can tell that the server runs: until then the signal would end it.
        let hangups = Hangups::listen().map_err(ServeError::Signals)?;
        bff.tell_of_start();
        bff.events.first_written().await?;
        let relying_party = bff.relying_party.clone();
        // Nobody waits for it, and no request of a stranger has to.
        tokio::spawn(async move { relying_party.read_in_advance().await });
        let router = bff.router(application);
        tracing::info!(code = "started", public_url = %bff.public_url, "serving");
        Ok(Self {
            listener,
            tls,
            router,
            connections,
            metrics,
            hangups,
            bff,
        })
    }

    /// The address of the metrics, with the port that the system chose where `BFF_METRICS_LISTEN` has the port 0. `None`: there
    /// are no metrics.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref()?.listener.local_addr().ok()
    }

    /// Answers until `end` is there, then lets requests under way finish for as long as the settings allow. It ends within four
    /// times `BFF_SHUTDOWN_GRACE`. Meanwhile it reads
    /// secrets, keys, certificates and authorities from files again when the files change, or at SIGHUP
    /// ([`Bff::reload`]).
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) {
        let (ending, ended) = tokio::sync::oneshot::channel();
        let bff = self.bff;
        // Until this server has ended: what happens at the end is counted too.
        let _scraped = self.metrics.map(scraped::answer);
        let open = metrics::open_connections(bff.metrics.recorder());
        let open = OpenConnections::counted(self.connections.at_once, open);
        let reloads = Box::pin(watch(bff.clone(), self.hangups));
        let (relay, event_streams, grace) = (bff.relay.clone(), bff.event_streams.clone(), bff.http.grace);
        let server = accept::serve(
            (self.listener, self.tls),
            self.router,
            self.connections,
            open,
            async move {
                end.await;
                tracing::info!(code = "shutdown", "no new requests; finishing those under way");
                relay.go_away();
                event_streams.go_away();
                let _ = ending.send(());
            },
        );
        let too_late = async {
            if ended.await.is_ok() {
                tokio::time::sleep(grace).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = server => {}
            () = too_late => tracing::warn!(code = "shutdown_cut", "requests under way were cut off"),
            () = reloads => {}
        }
        ending::finish(&bff).await;
    }
}
