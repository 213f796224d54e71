//! A proxy in front of Redis that can make connections vanish. It swallows what is sent over them, and neither end sees
//! a close. That happens when a firewall forgets connections, or when a machine is moved.

use crate::loopback::free_address;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often a connection checks whether it is swallowed now.
const LOOK: Duration = Duration::from_millis(10);

pub(crate) struct Proxy {
    pub(crate) port: u16,
    way: Arc<Way>,
}

#[derive(Default)]
struct Way {
    to: AtomicU16,
    /// How many connections there have been.
    made: AtomicU64,
    /// Connections up to this number are swallowed.
    swallowed: AtomicU64,
    /// If this is set, all other connections are swallowed too.
    closed: AtomicBool,
    /// Answers wait.
    held: AtomicBool,
    /// The commands that were sent while answers wait.
    asked: Mutex<Vec<u8>>,
    over: AtomicBool,
}

impl Way {
    fn swallows(&self, number: u64) -> bool {
        self.closed.load(Ordering::SeqCst) || number <= self.swallowed.load(Ordering::SeqCst)
    }

    fn holds(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    fn note(&self, commands: &[u8]) {
        if self.holds() {
            self.asked.lock().expect("no panic").extend_from_slice(commands);
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

impl Proxy {
    /// Listens on a free port. The proxy leads nowhere yet.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(free_address()).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let way = Arc::new(Way::default());
        let accepting = way.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if accepting.is_over() {
                    return;
                }
                let number = accepting.made.fetch_add(1, Ordering::SeqCst) + 1;
                let way = accepting.clone();
                if let Ok(client) = client {
                    std::thread::spawn(move || connect(&way, number, client));
                }
            }
        });
        Self { port, way }
    }

    /// Makes the proxy lead to this port of the same machine.
    pub(crate) fn lead_to(&self, port: u16) {
        self.way.to.store(port, Ordering::SeqCst);
    }

    /// Swallows what is sent over all existing connections. New ones work.
    pub(crate) fn swallow(&self) {
        let made = self.way.made.load(Ordering::SeqCst);
        self.way.swallowed.store(made, Ordering::SeqCst);
    }

    /// Swallows what is sent over every connection, also over new ones.
    pub(crate) fn close(&self) {
        self.way.closed.store(true, Ordering::SeqCst);
    }

    /// Keeps every answer back, and notes the commands that are sent meanwhile.
    pub(crate) fn hold_answers(&self) {
        self.way.held.store(true, Ordering::SeqCst);
    }

    /// The commands that were sent while answers were kept back.
    pub(crate) fn asked(&self) -> String {
        String::from_utf8_lossy(&self.way.asked.lock().expect("no panic")).into_owned()
    }

    /// Passes the answers on.
    pub(crate) fn release_answers(&self) {
        self.way.held.store(false, Ordering::SeqCst);
    }

    /// Lets new connections work again. Existing ones stay swallowed.
    pub(crate) fn open(&self) {
        self.swallow();
        self.way.closed.store(false, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.way.over.store(true, Ordering::SeqCst);
        // This connection wakes the listening thread, which then ends.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn connect(way: &Arc<Way>, number: u64, client: TcpStream) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", way.to.load(Ordering::SeqCst))) else {
        return;
    };
    let copies = [client.try_clone(), server.try_clone()];
    let [Ok(answered), Ok(asked)] = copies else { return };
    let back = way.clone();
    let answers = std::thread::spawn(move || pass(&back, number, Direction::Answers, (server, answered)));
    pass(way, number, Direction::Commands, (client, asked));
    let _ = answers.join();
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Commands,
    Answers,
}

/// Passes bytes on until one end closes. A swallowed connection stays open until the proxy is dropped.
fn pass(way: &Way, number: u64, direction: Direction, (mut from, mut to): (TcpStream, TcpStream)) {
    let _ = (from.set_read_timeout(Some(LOOK)), to.set_nodelay(true));
    let mut buffer = [0; 16 * 1024];
    while !way.is_over() {
        if way.swallows(number) || (direction == Direction::Answers && way.holds()) {
            std::thread::sleep(LOOK);
            continue;
        }
        match from.read(&mut buffer) {
            // The connection may have been swallowed meanwhile.
            _ if way.swallows(number) => {}
            Ok(0) => break,
            Ok(length) if to.write_all(&buffer[..length]).is_ok() => {
                if direction == Direction::Commands {
                    way.note(&buffer[..length]);
                }
            }
            Err(error) if [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind()) => {}
            Ok(_) | Err(_) => break,
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
