//! The proof that news would come: asked for again and again, of every node.

use super::copies::{Copies, Era};
use super::nodes::{Nodes, Said};
use crate::store::RedisSettings;
use fred::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often Redis is asked whether it still announces changes.
const EVERY: Duration = Duration::from_millis(250);

/// How long its answer is good for, from when it was asked.
const GOOD_FOR: Duration = Duration::from_millis(900);

const _: () = assert!(GOOD_FOR.as_millis() < 1000);

pub(super) struct Proof {
    settings: RedisSettings,
    copies: Arc<Copies>,
    nodes: watch::Sender<Nodes>,
    /// The era that began with the tracking: another one may have begun with a broken connection.
    tracked: Option<Era>,
}

impl Proof {
    pub(super) fn new(settings: RedisSettings, copies: Arc<Copies>, nodes: watch::Sender<Nodes>) -> Self {
        Self {
            settings,
            copies,
            nodes,
            tracked: None,
        }
    }

    /// Asks the nodes whether these connections are tracked, and has them tracked where they are not.
    pub(super) async fn ask_again_and_again(mut self) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.ask().await {
                tracing::warn!(
                    code = "session_copy_unavailable",
                    %error,
                    "Redis does not announce changes: the local copy is not used"
                );
            }
        }
    }

    async fn ask(&mut self) -> Result<(), Error> {
        let nodes = self.nodes.borrow().clone();
        let (era, asked) = (self.copies.era(), Instant::now());
        match nodes.ask(&self.copies).await {
            Said::Tracked if self.tracked == Some(era) => self.copies.trust(era, asked + GOOD_FOR),
            Said::Tracked | Said::Untracked => {
                // Redis does not announce changes to records that were read before. A break from here on begins another
                // era.
                let era = self.copies.forget_all();
                nodes.track().await?;
                self.tracked = Some(era);
            }
            Said::Owners(owners) => self.turn_to(nodes.with(owners, &self.settings, &self.copies)?).await,
            Said::Nothing => self.turn_to(Nodes::connect(&self.settings, &self.copies)?).await,
            // Trust runs out by itself.
            Said::TooLittle => {}
        }
        Ok(())
    }

    /// Nothing is read before these nodes have been asked.
    async fn turn_to(&mut self, nodes: Nodes) {
        self.copies.forget_all();
        self.nodes.send_replace(nodes.clone());
        let _ = timeout(self.settings.timeout, nodes.connected()).await;
    }
}
