//! The place at which a frame of a WebSocket ends and the next one begins (RFC 6455 §5.2), and the frame that
//! closes (§5.5.1).
//!
//! Bytes pass as they are. Only the length in each frame's head is read, and whether the frame is a Close, because a
//! frame of our own may stand between two others and never inside of one (§5.4). The two ends judge the rest.
//! Extensions need no care here: they change the content of a frame, and not the meaning of its length.

/// The longest head: two bytes, a length of eight, a mask of four.
const LONGEST_HEAD: usize = 14;
/// The opcode of a frame that closes.
const CLOSE: u8 = 0x8;
const OPCODE: u8 = 0x0f;
const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7f;

/// A place in a stream of frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    head: [u8; LONGEST_HEAD],
    /// How much of a head has passed; 0 if none has begun.
    head_passed: usize,
    /// How much of a payload has not passed yet, in bytes.
    payload_left: u64,
    is_closed: bool,
}

impl Frames {
    /// Whether the last frame is over and no other has begun.
    pub(super) fn is_between(&self) -> bool {
        self.head_passed == 0 && self.payload_left == 0
    }

    /// Whether a frame has begun after which there is no other (§5.5.1).
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// These bytes have passed.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let passed = self.pass_frame(bytes);
            bytes = &bytes[passed..];
        }
    }

    /// How many of these bytes belong to the frame that has begun, or that begins with them.
    pub(super) fn of_this_frame(&self, bytes: &[u8]) -> usize {
        self.clone().pass_frame(bytes)
    }

    fn pass_frame(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        if self.payload_left == 0 {
            for byte in bytes {
                self.head[self.head_passed] = *byte;
                self.head_passed += 1;
                passed += 1;
                if self.head_passed == self.head_length() {
                    self.payload_left = self.payload_length();
                    self.is_closed |= self.head[0] & OPCODE == CLOSE;
                    self.head_passed = 0;
                    break;
                }
            }
        }
        let rest = bytes.len() - passed;
        let payload = usize::try_from(self.payload_left).map_or(rest, |left| left.min(rest));
        self.payload_left -= payload as u64;
        passed + payload
    }

    fn head_length(&self) -> usize {
        let mask = if self.head[1] & MASKED == 0 { 0 } else { 4 };
        match (self.head_passed, self.head[1] & LENGTH) {
            (0 | 1, _) => 2,
            (_, 126) => 2 + 2 + mask,
            (_, 127) => 2 + 8 + mask,
            _ => 2 + mask,
        }
    }

    fn payload_length(&self) -> u64 {
        let big_endian = |bytes: &[u8]| bytes.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
        match self.head[1] & LENGTH {
            126 => big_endian(&self.head[2..4]),
            127 => big_endian(&self.head[2..10]),
            length => u64::from(length),
        }
    }
}

/// Why a socket is closed, for both of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The session has ended. 1008, "policy violation", is the registered code for reasons without a
    /// closer one, and every library knows it. Codes from 4000 on are for agreements between
    /// page and API; the reason tells ours from a 1008 of theirs.
    SessionEnded,
    /// This server ends: 1001, "going away". Another replica takes the next handshake.
    GoingAway,
}

impl Close {
    /// The status code (§7.4.1).
    fn status(self) -> u16 {
        match self {
            Self::SessionEnded => 1008,
            Self::GoingAway => 1001,
        }
    }

    /// The reason, which is also the code of the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::GoingAway => "server_going_away",
        }
    }

    /// The frame. With a mask if it goes to a server (§5.1).
    pub(super) fn frame(self, mask: Option<[u8; 4]>) -> Vec<u8> {
        let mut payload = self.status().to_be_bytes().to_vec();
        payload.extend_from_slice(self.reason().as_bytes());
        // Short enough for every control frame, and for a length of seven bits (§5.5).
        let length = u8::try_from(payload.len()).unwrap_or_default() & LENGTH;
        let mut frame = vec![FINAL | CLOSE, length | mask.map_or(0, |_| MASKED)];
        if let Some(mask) = mask {
            frame.extend_from_slice(&mask);
            for (byte, key) in payload.iter_mut().zip(mask.iter().cycle()) {
                *byte ^= key;
            }
        }
        frame.append(&mut payload);
        frame
    }
}

#[cfg(test)]
mod tests;
