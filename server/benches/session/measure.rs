//! Servers take turns at the same task.

use super::load::{self, Load, Request, Sample};
use super::machine;
use super::process::Server;
use super::redis::Redis;
use super::report::{self, Row};
use crate::Options;
use std::time::{Duration, Instant};

/// What one server is asked, and the status that it is to answer.
pub(crate) struct Asked<'a> {
    pub(crate) name: &'static str,
    pub(crate) server: &'a Server,
    pub(crate) request: Request,
    pub(crate) status: u16,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(server: &'a Server, request: Request, status: u16) -> Self {
        Self {
            name: server.name,
            server,
            request,
            status,
        }
    }

    /// The same under another name, where one server is asked twice.
    pub(crate) fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// A task.
pub(crate) struct Scenario<'a> {
    pub(crate) title: String,
    pub(crate) asked: Vec<Asked<'a>>,
    /// The names of those that the others are compared with.
    pub(crate) references: &'static [&'static str],
}

impl Scenario<'_> {
    /// Each warms up first, then they take turns.
    pub(crate) async fn measure(self, options: &Options, redis: &Redis) {
        if !options.want(&self.title) {
            return;
        }
        let warm_up = Load {
            first: 0,
            count: options.requests / 5,
            connections: options.connections,
        };
        let mut rows = Vec::new();
        for asked in &self.asked {
            asked.run(warm_up, &mut Sample::default()).await;
            rows.push(Row::new(asked.name));
        }
        let (begun, busy) = (Instant::now(), machine::busy().saturating_sub(self.cpu(redis)));
        for round in 0..options.rounds {
            let load = Load {
                first: warm_up.count + round * options.requests,
                count: options.requests,
                connections: options.connections,
            };
            for (asked, row) in self.asked.iter().zip(&mut rows) {
                let (cpu, switches, commands) = (asked.server.cpu(), asked.server.switches(), redis.commands().await);
                asked.run(load, &mut row.sample).await;
                row.cpu.push(asked.server.cpu().saturating_sub(cpu) / count(load.count));
                row.switches += asked.server.switches().saturating_sub(switches);
                row.commands += redis.commands().await - commands;
            }
        }
        let others = machine::busy().saturating_sub(self.cpu(redis)).saturating_sub(busy);
        report::print(&self.title, &rows, self.references);
        report::others(others, begun.elapsed());
    }

    /// Processor time of everything that belongs to the measurement.
    fn cpu(&self, redis: &Redis) -> Duration {
        let mut servers: Vec<&Server> = self.asked.iter().map(|asked| asked.server).collect();
        servers.sort_by_key(|server| server.address);
        servers.dedup_by_key(|server| server.address);
        let servers: Duration = servers.into_iter().map(Server::cpu).sum();
        servers + redis.cpu() + machine::cpu(std::process::id())
    }
}

impl Asked<'_> {
    async fn run(&self, load: Load, sample: &mut Sample) {
        load::run(self.server.address, &self.request, load, self.status, sample).await;
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).expect("fewer requests than that")
}
