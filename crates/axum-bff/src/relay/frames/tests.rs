use super::*;
use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// A frame that tungstenite wrote, with a payload of zeros.
fn frame(opcode: OpCode, mask: Option<[u8; 4]>, length: usize) -> Vec<u8> {
    let header = FrameHeader {
        opcode,
        mask,
        ..FrameHeader::default()
    };
    let mut bytes = Vec::new();
    header.format(length as u64, &mut bytes).expect("written");
    bytes.resize(bytes.len() + length, 0);
    bytes
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![0..126_usize, 126..300_usize, 65_530..65_540_usize];
    let opcode = prop_oneof![
        Just(OpCode::Data(Data::Continue)),
        Just(OpCode::Data(Data::Binary)),
        Just(OpCode::Control(Control::Ping)),
    ];
    (opcode, any::<Option<[u8; 4]>>(), length).prop_map(|(opcode, mask, length)| frame(opcode, mask, length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn frames_end_where_they_end_however_the_stream_is_cut(
        stream in prop::collection::vec(any_frame(), 1..5),
        pieces in prop::collection::vec(1..40_000_usize, 1..20),
    ) {
        let ends: Vec<usize> = stream.iter().scan(0, |end, frame| { *end += frame.len(); Some(*end) }).collect();
        let bytes = stream.concat();
        let (mut frames, mut at) = (Frames::default(), 0);
        for piece in pieces.into_iter().cycle() {
            let next = bytes.len().min(at + piece);
            // At the boundary between two frames, the current frame is the one that follows.
            let end = ends.iter().copied().find(|end| *end > at).expect("another frame");
            prop_assert_eq!(frames.of_this_frame(&bytes[at..next]), end.min(next) - at);
            frames.pass(&bytes[at..next]);
            at = next;
            prop_assert_eq!(frames.is_between(), ends.contains(&at));
            prop_assert!(!frames.is_closed());
            if at == bytes.len() {
                break;
            }
        }
    }
}

#[test]
fn heads_pass_byte_by_byte() {
    for (mask, length) in [(None, 0), (None, 200), (Some([1, 2, 3, 4]), 0), (Some([0; 4]), 70_000)] {
        let bytes = frame(OpCode::Data(Data::Text), mask, length);
        let mut frames = Frames::default();
        for (at, byte) in bytes.iter().enumerate() {
            frames.pass(&[*byte]);
            assert_eq!(frames.is_between(), at + 1 == bytes.len(), "{mask:?} {length} {at}");
        }
    }
}

#[test]
fn a_length_that_nobody_sends_is_never_over() {
    let mut frames = Frames::default();
    frames.pass(&[0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255]);
    frames.pass(&[0; 4096]);
    assert!(!frames.is_between());
    assert_eq!(frames.of_this_frame(&[0; 100]), 100);
}

#[test]
fn a_frame_that_closes_is_the_last() {
    let mut frames = Frames::default();
    frames.pass(&frame(OpCode::Control(Control::Pong), None, 3));
    assert!(!frames.is_closed());
    frames.pass(&frame(OpCode::Control(Control::Close), None, 2)[..3]);
    assert!(frames.is_closed() && !frames.is_between());
}

#[test]
fn our_close_says_why() {
    assert_eq!(Close::SessionEnded.frame(None), b"\x88\x0f\x03\xf0session_ended");
    assert_eq!(Close::GoingAway.frame(None), b"\x88\x13\x03\xe9server_going_away");
    for close in [Close::SessionEnded, Close::GoingAway] {
        let (plain, mask) = (close.frame(None), [0xa5, 0, 0xff, 0x11]);
        let masked = close.frame(Some(mask));
        assert_eq!((masked[0], masked[1]), (plain[0], plain[1] | 0x80));
        assert_eq!(masked[2..6], mask);
        let unmasked: Vec<u8> = masked[6..]
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, key)| byte ^ key)
            .collect();
        assert_eq!(unmasked, plain[2..]);
        let mut frames = Frames::default();
        frames.pass(&masked);
        assert!(frames.is_closed() && frames.is_between());
    }
}
