//! The small pieces of PDF syntax: numbers, names, strings; and deflate.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};

use super::Error;

/// Fast enough for tens of thousands of letters, and within a few per cent of the smallest.
const LEVEL: u32 = 1;

/// Appends an integer.
pub(super) fn integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends a number with at most `decimals` decimals, zeros at the end left out.
pub(super) fn number(out: &mut Vec<u8>, value: f32, decimals: u32) {
    let scale = 10i64.pow(decimals);
    let scaled = (f64::from(value) * scale as f64).round() as i64;
    if scaled < 0 {
        out.push(b'-');
    }
    let scaled = scaled.unsigned_abs();
    let (whole, mut rest) = (scaled / scale as u64, scaled % scale as u64);
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    if rest > 0 {
        out.push(b'.');
        let mut place = scale as u64 / 10;
        while rest > 0 {
            out.push(b'0' + (rest / place) as u8);
            rest %= place;
            place /= 10;
        }
    }
}

/// Appends a reference to an object.
pub(super) fn reference(out: &mut Vec<u8>, id: u32) {
    integer(out, i64::from(id));
    out.extend_from_slice(b" 0 R");
}

/// Whether a byte of a literal string is written otherwise than as it is.
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'\\' | b'\r')
}

/// Appends one byte of a literal string (ISO 32000-1, 7.3.4.2).
pub(super) fn escaped(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\r' => out.extend_from_slice(b"\\r"),
        _ => out.push(byte),
    }
}

/// Appends a text string: as it is in ASCII, else in UTF-16 (ISO 32000-1, 7.9.2.2).
pub(super) fn string(out: &mut Vec<u8>, value: &str) {
    out.push(b'(');
    if value.is_ascii() {
        value.bytes().for_each(|byte| escaped(out, byte));
    } else {
        [0xfe, 0xff]
            .into_iter()
            .chain(value.encode_utf16().flat_map(u16::to_be_bytes))
            .for_each(|byte| escaped(out, byte));
    }
    out.push(b')');
}

thread_local! {
    // Making one costs more than a page's worth of work.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), true));
}

/// `data` deflated, with the zlib header.
pub(super) fn deflated(data: &[u8]) -> Result<Vec<u8>, Error> {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        finished(deflate, data)
    })
}

/// `data` deflated as small as it goes, for what is kept and used again.
pub(super) fn packed(data: &[u8]) -> Result<Vec<u8>, Error> {
    finished(&mut Compress::new(Compression::best(), true), data)
}

fn finished(deflate: &mut Compress, data: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(data.len() + data.len() / 1000 + 64);
    let status = deflate
        .compress_vec(data, &mut out, FlushCompress::Finish)
        .map_err(|error| Error::Library(error.to_string()))?;
    if status == Status::StreamEnd { Ok(out) } else { Err(Error::Library("deflate".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_short_and_exact() {
        for (value, decimals, expected) in [
            (841.89, 2, "841.89"),
            (0.5, 2, "0.5"),
            (0.05, 2, "0.05"),
            (-12.3, 2, "-12.3"),
            (100.0, 2, "100"),
            (0.001, 2, "0"),
            (-0.606_063, 5, "-0.60606"),
        ] {
            assert_eq!(shown(|out| number(out, value, decimals)), expected);
        }
    }

    #[test]
    fn strings_keep_what_a_reader_would_change() {
        assert_eq!(shown(|out| string(out, "a(b)\\\r")), "(a\\(b\\)\\\\\\r)");
        let mut out = Vec::new();
        string(&mut out, "ề");
        assert_eq!(out, [b'(', 0xfe, 0xff, 0x1e, 0xc1, b')']);
    }

    #[test]
    fn what_is_deflated_comes_back() {
        use std::io::Read;
        for data in [Vec::new(), vec![7; 100_000], (0..50_000u32).map(|n| (n * n % 251) as u8).collect()] {
            let mut back = Vec::new();
            flate2::read::ZlibDecoder::new(deflated(&data).unwrap().as_slice()).read_to_end(&mut back).unwrap();
            assert_eq!(back, data);
        }
    }
}
