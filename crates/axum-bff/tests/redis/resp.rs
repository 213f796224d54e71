//! Just enough of RESP2 to send a server one command.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};

/// Sends one command, and returns the answer as the server wrote it (RESP2).
pub(super) fn exchange(mut connection: impl Read + Write, words: &[&str]) -> io::Result<String> {
    let mut command = format!("*{}\r\n", words.len());
    for word in words {
        let _ = write!(command, "${}\r\n{word}\r\n", word.len());
    }
    connection.write_all(command.as_bytes())?;
    let mut answer = Vec::new();
    read_answer(&mut BufReader::new(connection), &mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn read_answer(connection: &mut impl BufRead, answer: &mut Vec<u8>) -> io::Result<()> {
    let begun = answer.len();
    if connection.read_until(b'\n', answer)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = String::from_utf8_lossy(&answer[begun..]).into_owned();
    let length: usize = line[1..].trim().parse().unwrap_or_default();
    match line.chars().next() {
        Some('*') => (0..length).try_for_each(|_| read_answer(connection, answer))?,
        Some('$') if !line.starts_with("$-1") => {
            let mut text = vec![0; length + 2];
            connection.read_exact(&mut text)?;
            answer.extend(text);
        }
        _ => {}
    }
    Ok(())
}
