//! Letters by krilla, as PDF/A-2a and PDF/UA-1. Usage: krilla-peer WORDS FONTS
//!
//! For each line "FROM COUNT [DIR]" these letters are made on this one thread, and "SECONDS BYTES" is the answer. Words and
//! faces are loaded before.

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

mod face;
mod letter;
mod page;
mod text;

/// As hoso has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [words, fonts] = args.as_slice() else { return Err("usage: krilla-peer WORDS FONTS".into()) };
    let faces = face::Faces::load(Path::new(fonts))?;
    let letters: Result<Vec<letter::Letter>, _> =
        std::fs::read_to_string(words)?.lines().map(serde_json::from_str).collect();
    let letters = letters?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut asked = line.split_whitespace();
        let mut number = || asked.next().and_then(|word| word.parse::<usize>().ok());
        let (from, count) = number().zip(number()).ok_or("not FROM COUNT [DIR]")?;
        let wanted = letters.get(from..from + count).ok_or("not so many letters")?;
        let mut made = Vec::with_capacity(count);
        let started = Instant::now();
        for letter in wanted {
            made.push(page::export(letter, &faces)?);
        }
        let seconds = started.elapsed().as_secs_f64();
        if let Some(dir) = asked.next() {
            for (place, bytes) in (from..).zip(&made) {
                std::fs::write(Path::new(dir).join(format!("{place}.pdf")), bytes)?;
            }
        }
        writeln!(out, "{seconds} {}", made.iter().map(Vec::len).sum::<usize>())?;
        out.flush()?;
    }
    Ok(())
}
