//! A TrueType file without its hinting: programs for coarse screens, half of a subset's size and of no use in print.

use std::collections::BTreeMap;

/// Tables that are hinting, or serve shaping and signing, which a PDF does not use.
const DROPPED: [&[u8; 4]; 9] = [b"fpgm", b"prep", b"cvt ", b"gasp", b"GPOS", b"GSUB", b"GDEF", b"DSIG", b"kern"];

/// Composite glyph flags (OpenType, glyf).
const ARGUMENTS_ARE_WORDS: u16 = 0x0001;
const HAS_SCALE: u16 = 0x0008;
const MORE_COMPONENTS: u16 = 0x0020;
const HAS_TWO_SCALES: u16 = 0x0040;
const HAS_MATRIX: u16 = 0x0080;
const HAS_INSTRUCTIONS: u16 = 0x0100;

fn word(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// The font without hinting; `None` when it is not laid out as expected, and may be used as it is.
pub(super) fn unhinted(font: &[u8]) -> Option<Vec<u8>> {
    let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    for index in 0..usize::from(word(font, 4)?) {
        let record = font.get(12 + 16 * index..28 + 16 * index)?;
        let tag: [u8; 4] = record.get(..4)?.try_into().ok()?;
        let (start, length) = (long(record, 8)? as usize, long(record, 12)? as usize);
        if !DROPPED.contains(&&tag) {
            tables.insert(tag, font.get(start..start.checked_add(length)?)?.to_vec());
        }
    }
    let count = usize::from(word(tables.get(b"maxp")?, 4)?);
    let short = word(tables.get(b"head")?, 50)? == 0;
    let loca = tables.get(b"loca")?;
    let offset = |glyph: usize| {
        if short {
            word(loca, 2 * glyph).map(|half| 2 * usize::from(half))
        } else {
            long(loca, 4 * glyph).map(|at| at as usize)
        }
    };
    let glyf = tables.get(b"glyf")?;
    let (mut bare, mut offsets) = (Vec::with_capacity(glyf.len()), Vec::with_capacity(4 * count + 4));
    for glyph in 0..count {
        offsets.extend((bare.len() as u32).to_be_bytes());
        let outline = glyf.get(offset(glyph)?..offset(glyph + 1)?)?;
        if !outline.is_empty() {
            bare.extend(without_instructions(outline)?);
            bare.resize(bare.len().next_multiple_of(4), 0);
        }
    }
    offsets.extend((bare.len() as u32).to_be_bytes());
    tables.insert(*b"glyf", bare);
    tables.insert(*b"loca", offsets);
    tables.get_mut(b"head")?.get_mut(50..52)?.copy_from_slice(&1u16.to_be_bytes());
    // maxp: no twilight points, storage, functions, definitions, stack, instructions.
    if let Some(limits) = tables.get_mut(b"maxp")?.get_mut(16..28) {
        limits.fill(0);
    }
    Some(assemble(&tables))
}

fn without_instructions(outline: &[u8]) -> Option<Vec<u8>> {
    let contours = word(outline, 0)? as i16;
    if contours >= 0 {
        let ends = 10 + 2 * contours as usize;
        let instructions = usize::from(word(outline, ends)?);
        let mut bare = outline.get(..ends)?.to_vec();
        bare.extend([0, 0]);
        bare.extend(outline.get(ends + 2 + instructions..)?);
        return Some(bare);
    }
    let mut bare = outline.get(..10)?.to_vec();
    let mut at = 10;
    loop {
        let flags = word(outline, at)?;
        let mut length = 4 + if flags & ARGUMENTS_ARE_WORDS == 0 { 2 } else { 4 };
        length += match flags {
            _ if flags & HAS_SCALE != 0 => 2,
            _ if flags & HAS_TWO_SCALES != 0 => 4,
            _ if flags & HAS_MATRIX != 0 => 8,
            _ => 0,
        };
        bare.extend((flags & !HAS_INSTRUCTIONS).to_be_bytes());
        bare.extend(outline.get(at + 2..at + length)?);
        at += length;
        if flags & MORE_COMPONENTS == 0 {
            return Some(bare);
        }
    }
}

fn assemble(tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.max(1).ilog2() as u16;
    let range = 16 << power;
    let mut font = vec![0, 1, 0, 0];
    for value in [count, range, power, count * 16 - range] {
        font.extend(value.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in tables {
        font.extend(tag);
        font.extend(checksum(table).to_be_bytes());
        font.extend((offset as u32).to_be_bytes());
        font.extend((table.len() as u32).to_be_bytes());
        offset += table.len().next_multiple_of(4);
    }
    for table in tables.values() {
        font.extend(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn checksum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0u32, |sum, chunk| {
        let mut padded = [0; 4];
        padded[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(padded))
    })
}
