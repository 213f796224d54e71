//! Where the server listens: an address with a port, or a Unix socket.

use super::Source;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// `BFF_LISTEN`, and `BFF_LISTEN_MODE` of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An IP address and a port.
    Address(SocketAddr),
    /// A Unix socket: `unix:/run/bff/bff.sock`.
    Socket {
        /// The file of the socket: an absolute path.
        path: PathBuf,
        /// The permissions of the file, such as `0o660`. A connection needs the right to write.
        mode: u32,
    },
}

const PREFIX: &str = "unix:";

const NO_ADDRESS: &str = "is neither an address with a port, such as 127.0.0.1:3000, nor unix: with an absolute path, \
     such as unix:/run/bff/bff.sock";

impl Listen {
    pub(crate) fn read(source: &mut Source) -> Option<Self> {
        let mode = source.parsed("BFF_LISTEN_MODE", mode);
        let listen = source.parsed("BFF_LISTEN", |text| parse(text, mode.unwrap_or_default()));
        mode.and(listen)
    }

    /// Whether this is a socket that only its owner and its group may open: the last three bits are those of everybody else.
    pub(crate) fn is_closed_to_others(&self) -> bool {
        matches!(self, Self::Socket { mode, .. } if mode.trailing_zeros() >= 3)
    }
}

fn parse(text: &str, mode: u32) -> Result<Listen, String> {
    let Some(path) = text.strip_prefix(PREFIX) else {
        return text.parse().map(Listen::Address).map_err(|_| NO_ADDRESS.to_owned());
    };
    let path = Path::new(path);
    if !cfg!(unix) {
        return Err("is a Unix socket, and this system has none".to_owned());
    }
    if !path.is_absolute() || path.file_name().is_none() {
        return Err(NO_ADDRESS.to_owned());
    }
    Ok(Listen::Socket {
        path: path.to_owned(),
        mode,
    })
}

/// Permissions as `chmod` takes them: octal digits.
fn mode(text: &str) -> Result<u32, String> {
    let is_octal = !text.is_empty() && text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    let mode = is_octal.then(|| u32::from_str_radix(text, 8).ok()).flatten();
    mode.filter(|mode| *mode <= 0o777)
        .ok_or_else(|| "is no mode of a file from 0000 to 0777, such as 0660".to_owned())
}

impl fmt::Display for Listen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(formatter, "{address}"),
            Self::Socket { path, .. } => write!(formatter, "{PREFIX}{}", path.display()),
        }
    }
}
