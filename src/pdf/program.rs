//! Fonts of a document: for each face one subset with exactly the letters shown, and the PDF objects that embed it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use printpdf::FontId;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::Error;
use super::file::{File, Id, Known};
use super::text::{integer, reference};
use crate::font::{Face, FaceId, FontSet, Metrics};
use crate::layout::Layout;

/// Letters below this have their place in a table.
const LOW: usize = 0x2200;

/// A set of letters.
#[derive(Debug)]
struct Letters {
    low: Vec<u64>,
    high: BTreeSet<char>,
}

impl Letters {
    fn new() -> Self {
        Self { low: vec![0; LOW / 64], high: BTreeSet::new() }
    }

    /// Whether the letter is new to the set.
    fn insert(&mut self, letter: char) -> bool {
        let at = letter as usize;
        let Some(bits) = self.low.get_mut(at / 64) else { return self.high.insert(letter) };
        let bit = 1 << (at % 64);
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }

    fn contains(&self, letter: char) -> bool {
        let at = letter as usize;
        match self.low.get(at / 64) {
            Some(bits) => bits >> (at % 64) & 1 == 1,
            None => self.high.contains(&letter),
        }
    }

    /// Adds the rest of every [`GROUPS`] entry that is used enough, as far as `face` has it.
    fn round_up(&mut self, face: &Face) {
        for (group, enough) in GROUPS {
            if group.chars().filter(|letter| self.contains(*letter)).count() >= enough {
                for letter in group.chars().filter(|letter| face.width(*letter).is_some()) {
                    self.insert(letter);
                }
            }
        }
    }

    fn sorted(&self) -> Vec<char> {
        let mut letters = Vec::with_capacity(192);
        for (word, bits) in self.low.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                letters.extend(char::from_u32((word * 64) as u32 + bits.trailing_zeros()));
                bits &= bits - 1;
            }
        }
        letters.extend(&self.high);
        letters
    }
}

/// Letters that come together in Vietnamese text, and how many of them a document must use in a face to get them all. A
/// subset so rounded up is a little larger, and most letters of a batch share it, although each names other people.
const GROUPS: [(&str, usize); 5] = [
    ("abcdđeghiklmnopqrstuvxy", 12),
    // Composed of a letter and a mark: a few bytes each.
    ("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ", 30),
    ("0123456789", 4),
    ("ABCDĐEGHIKLMNOPQRSTUVXY", 14),
    (" ,-./:;()", 5),
];

/// What a face and a set of letters come to; it depends on nothing else, so it is made once and used for every document
/// that shows the same letters.
#[derive(Debug)]
struct Part {
    /// Name with the tag that marks a subset.
    name: String,
    /// Glyph by letter, the table for those below [`LOW`].
    low: Vec<u16>,
    high: BTreeMap<char, u16>,
    /// The `W` array.
    widths: Vec<u8>,
    /// Font program, and its length before it was packed.
    program: Known,
    program_length: usize,
    /// Map from glyphs to Unicode.
    to_unicode: Known,
}

type Parts = FxHashMap<(u64, Vec<char>), Arc<Part>>;

static PARTS: LazyLock<Mutex<Parts>> = LazyLock::new(Mutex::default);

/// Parts kept; about 12 KB each.
const PARTS_KEPT: usize = 512;

impl Part {
    fn of(face: &Face, letters: Vec<char>) -> Result<Arc<Self>, Error> {
        let key = (face.serial(), letters);
        if let Some(part) = PARTS.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(Self::make(face, &key.1)?);
        let mut parts = PARTS.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.len() >= PARTS_KEPT {
            parts.clear();
        }
        parts.insert(key, Arc::clone(&part));
        Ok(part)
    }

    fn make(face: &Face, letters: &[char]) -> Result<Self, Error> {
        let subset = face.subset(letters)?;
        let mut codes: Vec<(u16, char)> = subset.codes.iter().map(|(letter, code)| (*code, *letter)).collect();
        codes.sort_unstable();
        let (mut low, mut high) = (Vec::new(), BTreeMap::new());
        for (code, letter) in &codes {
            let at = *letter as usize;
            if at >= LOW {
                high.insert(*letter, *code);
                continue;
            }
            if low.len() <= at {
                low.resize(at + 1, 0);
            }
            low[at] = *code;
        }
        Ok(Self {
            name: format!("{}+{}", tag(letters), face.name()),
            low,
            high,
            widths: widths(face, &codes),
            program: Known::of(&subset.program)?,
            program_length: subset.program.len(),
            to_unicode: Known::of(&to_unicode(&codes))?,
        })
    }
}

/// `[1 [250 333] 7 [500]]` (ISO 32000-1, 9.7.4.3).
fn widths(face: &Face, codes: &[(u16, char)]) -> Vec<u8> {
    let mut out = vec![b'['];
    for run in codes.chunk_by(|one, other| one.0 + 1 == other.0) {
        integer(&mut out, i64::from(run[0].0));
        out.push(b'[');
        for (_, letter) in run {
            integer(&mut out, i64::from(face.width(*letter).unwrap_or(0)));
            out.push(b' ');
        }
        out.push(b']');
    }
    out.push(b']');
    out
}

/// Entries a CMap may list between `begin…` and `end…`.
const ENTRIES: usize = 100;

/// The CMap that leads from glyphs back to letters (ISO 32000-1, 9.10.3).
fn to_unicode(codes: &[(u16, char)]) -> Vec<u8> {
    // A range may not cross a change of the codes' first byte.
    let follows = |one: &(u16, char), other: &(u16, char)| {
        one.0 + 1 == other.0
            && one.1 as u32 + 1 == other.1 as u32
            && one.0 >> 8 == other.0 >> 8
            && one.1 as u32 >> 8 == other.1 as u32 >> 8
    };
    let mut out = "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n\
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n\
1 begincodespacerange<0000><FFFF>endcodespacerange\n"
        .to_owned();
    let all: Vec<&[(u16, char)]> = codes.chunk_by(follows).collect();
    for some in all.chunks(ENTRIES) {
        out.push_str(&format!("{} beginbfrange\n", some.len()));
        for run in some {
            let (first, last) = (run[0], run[run.len() - 1]);
            out.push_str(&format!("<{:04X}><{:04X}><", first.0, last.0));
            first.1.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("{unit:04X}")));
            out.push_str(">\n");
        }
        out.push_str("endbfrange\n");
    }
    out.push_str("endcmap CMapName currentdict/CMap defineresource pop end end");
    out.into_bytes()
}

/// Six letters that differ when the letters shown differ (ISO 32000-1, 9.6.4).
fn tag(letters: &[char]) -> String {
    let digest = Sha256::digest(letters.iter().collect::<String>());
    digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

/// One face as used in this document.
#[derive(Debug)]
pub(super) struct Program {
    id: FontId,
    metrics: Metrics,
    part: Arc<Part>,
}

/// The faces of a document.
#[derive(Debug)]
pub(super) struct Programs(BTreeMap<FaceId, Program>);

impl Programs {
    /// The faces in a fixed order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Program> {
        self.0.values()
    }

    /// The face, if it shows anything.
    pub(super) fn get(&self, face: FaceId) -> Option<&Program> {
        self.0.get(&face)
    }
}

/// Collects letters by face and makes the subsets.
///
/// # Errors
/// When a face lacks a letter.
pub(super) fn gather<'a>(layouts: impl Iterator<Item = &'a Layout>, fonts: &FontSet) -> Result<Programs, Error> {
    let mut letters: BTreeMap<FaceId, Letters> = BTreeMap::new();
    let pages = layouts.flat_map(|layout| &layout.pages);
    let lines = pages.flat_map(|page| page.lines.iter().chain(page.figures.iter().flat_map(|figure| &figure.lines)));
    for line in lines {
        for run in line.runs.iter().filter(|run| !run.text.is_empty()) {
            let face = fonts.face(run.face);
            let used = letters.entry(run.face).or_insert_with(Letters::new);
            for letter in run.text.chars() {
                if used.insert(letter) && face.width(letter).is_none() {
                    let (face, text) = (face.name().to_owned(), run.text.clone());
                    return Err(Error::NoGlyph { letter, face, text });
                }
            }
        }
    }
    let program = |(id, mut used): (FaceId, Letters)| {
        let face = fonts.face(id);
        used.round_up(face);
        let part = Part::of(face, used.sorted())?;
        Ok((id, Program { id: FontId(format!("T{}", id.index())), metrics: face.metrics(), part }))
    };
    letters.into_iter().map(program).collect::<Result<_, _>>().map(Programs)
}

impl Program {
    /// The name page operators call it by. Never `F1`…`F14`: the library takes those for the standard faces.
    pub(super) fn id(&self) -> FontId {
        self.id.clone()
    }

    /// Glyph of a letter; 0, the sign for a missing one, cannot come up after [`gather`].
    pub(super) fn code(&self, letter: char) -> u16 {
        let low = self.part.low.get(letter as usize).copied();
        low.or_else(|| self.part.high.get(&letter).copied()).unwrap_or(0)
    }

    /// Writes the objects that embed it; the number of the font.
    fn embed(&self, file: &mut File) -> Result<Id, Error> {
        let (font, descriptor, program, to_unicode) = (file.reserve(), file.reserve(), file.reserve(), file.reserve());
        let (part, name) = (&*self.part, self.part.name.as_bytes());
        file.object(font, |out| {
            out.extend_from_slice(b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/BaseFont/");
            out.extend_from_slice(name);
            out.extend_from_slice(b"/ToUnicode ");
            reference(out, to_unicode);
            out.extend_from_slice(b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/CIDToGIDMap/Identity/BaseFont/");
            out.extend_from_slice(name);
            out.extend_from_slice(
                b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ",
            );
            reference(out, descriptor);
            out.extend_from_slice(b"/W");
            out.extend_from_slice(&part.widths);
            out.extend_from_slice(b">>]>>");
        })?;
        let metrics = self.metrics;
        let (rise, run) = metrics.slant;
        let slant = -(f64::from(run).atan2(f64::from(rise)).to_degrees()).round() as i64;
        // The usual guess, since no table of the font holds the width of its stems.
        let stem = 50 + (f64::from(metrics.weight) / 65.0).powi(2).round() as i64;
        // ISO 32000-1, Table 123: nonsymbolic, and italic where it slants.
        let flags = 32 | if slant == 0 { 0 } else { 64 };
        let [x_min, y_min, x_max, y_max] = metrics.bounds;
        let (ascent, descent, cap) = (metrics.ascent, metrics.descent, metrics.cap_height);
        file.object(descriptor, |out| {
            out.extend_from_slice(b"<</Type/FontDescriptor/FontName/");
            out.extend_from_slice(name);
            out.extend_from_slice(
                format!(
                    "/Flags {flags}/FontBBox[{x_min} {y_min} {x_max} {y_max}]/ItalicAngle {slant}/Ascent {ascent}\
/Descent {descent}/CapHeight {cap}/StemV {stem}/FontFile2 "
                )
                .as_bytes(),
            );
            reference(out, program);
            out.extend_from_slice(b">>");
        })?;
        let mut dictionary = b"/Filter/FlateDecode/Length1 ".to_vec();
        integer(&mut dictionary, part.program_length as i64);
        file.known_stream(program, &dictionary, &part.program);
        file.known_stream(to_unicode, b"/Filter/FlateDecode", &part.to_unicode);
        Ok(font)
    }
}

/// Embeds every face and writes the resources all pages share; their number.
pub(super) fn resources(file: &mut File, programs: &Programs) -> Result<Id, Error> {
    let mut fonts = Vec::new();
    for program in programs.iter() {
        fonts.push((program.id(), program.embed(file)?));
    }
    let resources = file.reserve();
    file.object(resources, |out| {
        out.extend_from_slice(b"<</Font<<");
        for (name, font) in &fonts {
            out.push(b'/');
            out.extend_from_slice(name.0.as_bytes());
            out.push(b' ');
            reference(out, *font);
        }
        out.extend_from_slice(b">>>>");
    })?;
    Ok(resources)
}
