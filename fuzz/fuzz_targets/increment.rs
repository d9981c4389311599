//! What was appended to an issued letter: signatures or an alteration, never a panic.

#![no_main]

use hoso::pdf::increment;
use libfuzzer_sys::fuzz_target;

/// A letter signed twice with PDFBox; it ends where its first end of file stands.
const SIGNED: &[u8] = include_bytes!("../../tests/data/ky-so/pdfbox.pdf");
const END: usize = 6085 + 6;

fuzz_target!(|tail: &[u8]| {
    let original = &SIGNED[..END];
    let whole = [original, tail].concat();
    if tail.is_empty() {
        assert!(increment::signatures(original, &whole).is_err(), "nothing was appended");
    }
    let _ = increment::signatures(original, &whole);
});
