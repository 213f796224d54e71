//! The nodes that own the records: one, or in a cluster one for each range of slots.

use super::copies::Copies;
use super::node::{ANSWER, Node, Word};
use crate::store::RedisSettings;
use fred::error::{Error, ErrorKind};
use fred::types::cluster::ClusterRouting;
use futures::future::{join_all, try_join_all};
use std::sync::Arc;
use tokio::time::timeout;
use tower_sessions::session::Id;

/// Clones share their connections.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    nodes: Vec<Arc<Node>>,
    owners: Owners,
}

#[derive(Clone, Debug)]
enum Owners {
    /// There is one Redis.
    One,
    /// Before the first answer: the nodes are those of the settings.
    Unknown,
    /// The routing that all nodes have to agree on.
    Known(ClusterRouting),
}

/// The nodes' answer when all of them are asked.
#[derive(Debug)]
pub(super) enum Said {
    /// They announce every change, and agree on the owner of each slot.
    Tracked,
    /// They agree, and one of them does not announce changes or has not announced all.
    Untracked,
    /// One of them names other owners.
    Owners(ClusterRouting),
    /// One of them says nothing.
    TooLittle,
    /// None of a cluster says anything.
    Nothing,
}

impl Owners {
    /// The common answer of so many nodes.
    fn judge(&self, words: Vec<Word>, nodes: usize) -> Said {
        let silent = words.len() < nodes;
        let nothing = words.is_empty() && matches!(self, Self::Known(_));
        let good = words.iter().all(|word| word.is_good);
        let others = words.into_iter().filter_map(|word| word.owners);
        // A node that knows no owners has not met the others yet.
        let mut others = others.filter(|owners| owners.len() > 0 && !self.are(owners));
        match others.next() {
            Some(owners) => Said::Owners(owners),
            None if nothing => Said::Nothing,
            None if silent => Said::TooLittle,
            None if good => Said::Tracked,
            None => Said::Untracked,
        }
    }

    fn are(&self, owners: &ClusterRouting) -> bool {
        matches!(self, Self::Known(known) if known.slots() == owners.slots())
    }
}

impl Nodes {
    /// Those that the settings name.
    pub(super) fn connect(settings: &RedisSettings, copies: &Arc<Copies>) -> Result<Self, Error> {
        if !settings.config.server.is_clustered() {
            let node = Node::connect(settings, copies.clone())?;
            return Ok(Self {
                nodes: vec![Arc::new(node)],
                owners: Owners::One,
            });
        }
        let servers = settings.config.server.hosts().into_iter();
        let nodes = servers.map(|server| Node::join(settings, server, copies.clone()).map(Arc::new));
        Ok(Self {
            nodes: nodes.collect::<Result<_, _>>()?,
            owners: Owners::Unknown,
        })
    }

    /// The owners instead, over the connections that there are already where they stay the same.
    pub(super) fn with(
        &self,
        owners: ClusterRouting,
        settings: &RedisSettings,
        copies: &Arc<Copies>,
    ) -> Result<Self, Error> {
        let servers = owners.unique_primary_nodes().into_iter();
        let nodes = servers.map(|server| match self.nodes.iter().find(|node| node.is(&server)) {
            Some(node) => Ok(node.clone()),
            None => Node::join(settings, server, copies.clone()).map(Arc::new),
        });
        Ok(Self {
            nodes: nodes.collect::<Result<_, _>>()?,
            owners: Owners::Known(owners),
        })
    }

    /// Waits until all of them are connected.
    pub(super) async fn connected(&self) {
        join_all(self.nodes.iter().map(|node| node.connected())).await;
    }

    /// The node that owns a record.
    pub(super) fn of(&self, place: &Id) -> Option<&Arc<Node>> {
        match &self.owners {
            Owners::One => self.nodes.first(),
            Owners::Unknown => None,
            Owners::Known(owners) => {
                let owner = owners.get_server(ClusterRouting::hash_key(place.to_string().as_bytes()))?;
                self.nodes.iter().find(|node| node.is(owner))
            }
        }
    }

    /// Asks all of them.
    pub(super) async fn ask(&self, copies: &Copies) -> Said {
        let asked = self.nodes.iter().map(|node| {
            let kept = copies.any(|place| self.of(place).is_some_and(|owner| Arc::ptr_eq(owner, node)));
            timeout(ANSWER, node.ask(kept))
        });
        let mut words = Vec::new();
        for answer in join_all(asked).await {
            match answer {
                Ok(Ok(word)) => words.push(word),
                Ok(Err(error)) => tracing::debug!(%error, "Redis does not answer whether it announces changes"),
                Err(_) => tracing::debug!("Redis does not answer in time whether it announces changes"),
            }
        }
        self.owners.judge(words, self.nodes.len())
    }

    /// Has all of them announce changes.
    pub(super) async fn track(&self) -> Result<(), Error> {
        let tracked = try_join_all(self.nodes.iter().map(|node| node.track()));
        let late = |_| Error::new(ErrorKind::Timeout, "no answer in time");
        timeout(ANSWER, tracked).await.map_err(late)?.map(|_| ())
    }

    pub(super) async fn close(&self) -> Result<(), Error> {
        try_join_all(self.nodes.iter().map(|node| node.close())).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
