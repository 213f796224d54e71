use super::*;
use std::sync::mpsc;

const LONG: Duration = Duration::from_secs(20);

/// An output that fails or hangs when the test tells it to.
#[derive(Clone, Default)]
struct Output(Arc<(Mutex<Told>, Condvar)>);

#[derive(Default)]
struct Told {
    written: Vec<u8>,
    fails: bool,
    hangs: bool,
    /// The number of bytes of each write that are written before it fails.
    part: usize,
}

impl Output {
    fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.0.0.lock().expect("nobody panicked"));
        self.0.1.notify_all();
    }

    fn text(&self) -> String {
        let told = self.0.0.lock().expect("nobody panicked");
        String::from_utf8(told.written.clone()).expect("text")
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let told = self.0.0.lock().expect("nobody panicked");
        let mut told = self.0.1.wait_while(told, |told| told.hangs).expect("nobody panicked");
        if !told.fails {
            told.written.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        match mem::take(&mut told.part) {
            0 => Err(io::ErrorKind::BrokenPipe.into()),
            part => {
                told.written.extend_from_slice(&bytes[..part]);
                Ok(part)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn started() -> (Lines, Output, mpsc::Receiver<u64>) {
    let (lines, output) = (Lines::default(), Output::default());
    let (say, said) = mpsc::channel();
    let say_lost = move |lost| say.send(lost).expect("the test listens");
    lines.write_to(output.clone(), say_lost).expect("a thread");
    (lines, output, said)
}

#[test]
fn log_lines_are_written_in_order() {
    let (mut lines, output, said) = started();
    // The subscriber writes each line in one call too.
    for number in 0..100 {
        lines.write_all(format!("{number}\n").as_bytes()).expect("never fails");
    }
    lines.flush(LONG);
    let expected: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(output.text().lines().collect::<Vec<_>>(), expected);
    assert!(said.try_recv().is_err(), "nothing was lost");
}

#[test]
fn an_output_that_hangs_stops_nobody_and_what_was_lost_is_said_when_it_goes_on() {
    let (mut lines, output, said) = started();
    output.tell(|told| told.hangs = true);
    let line = [&[b'x'; 1023][..], b"\n"].concat();
    let all = 4 * WAITING / line.len();
    for _ in 0..all {
        lines.write_all(&line).expect("never fails");
    }
    lines.flush(Duration::from_millis(1));
    assert!(lines.0.queue().lines.len() <= WAITING);
    output.tell(|told| told.hangs = false);
    let lost = said.recv_timeout(LONG).expect("the loss is reported");
    lines.flush(LONG);
    let written = output.text().lines().count() as u64;
    assert_eq!(written + lost, all as u64);
    assert!(lost >= all as u64 / 2, "{lost}");
}

#[test]
fn an_output_that_fails_costs_its_lines_and_the_next_that_works_says_how_many() {
    let (mut lines, output, said) = started();
    output.tell(|told| (told.fails, told.part) = (true, 3));
    for line in ["first\n", "second\n", "third\n"] {
        lines.write_all(line.as_bytes()).expect("never fails");
        lines.flush(LONG);
    }
    assert_eq!(output.text(), "fir");
    output.tell(|told| told.fails = false);
    lines.write_all(b"fourth\n").expect("never fails");
    assert_eq!(said.recv_timeout(LONG), Ok(3));
    assert_eq!(output.text(), "fir\nfourth\n", "a torn line gets a line break");
}
