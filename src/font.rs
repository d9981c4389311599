//! Faces: metrics, coverage, subsets. Sole user of `ttf-parser` and `subsetter`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::document::Emphasis;

mod outline;

static NEXT_SERIAL: AtomicU64 = AtomicU64::new(0);

/// The four built-in faces: regular, bold, italic, bold italic.
const BUILTIN: [&[u8]; 4] = [
    include_bytes!("../forms/fonts/Tinos-Regular.ttf"),
    include_bytes!("../forms/fonts/Tinos-Bold.ttf"),
    include_bytes!("../forms/fonts/Tinos-Italic.ttf"),
    include_bytes!("../forms/fonts/Tinos-BoldItalic.ttf"),
];

/// Why a face cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a font, or a kind that cannot be embedded.
    #[error("Tệp phông chữ thứ {position} không dùng được ({reason}); hãy dùng phông TrueType (.ttf).")]
    Unusable {
        /// Its place in the list given, from 1.
        position: usize,
        /// The parser's own words.
        reason: String,
    },
    /// The subset could not be made.
    #[error("Không rút gọn được phông chữ {name} ({reason}).")]
    Subset {
        /// PostScript name.
        name: String,
        /// The library's own words.
        reason: String,
    },
}

/// A face's place in its `FontSet`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(u16);

/// What a PDF says of a face; lengths in 1/1000 em.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    /// Height above the baseline.
    pub ascent: i16,
    /// Depth below the baseline, negative.
    pub descent: i16,
    /// Height of capital letters.
    pub cap_height: i16,
    /// Left, bottom, right, top of the box that holds every glyph.
    pub bounds: [i16; 4],
    /// 100–900.
    pub weight: u16,
    /// Rise and run of the slant.
    pub slant: (i16, i16),
}

/// One face: coverage, widths, outlines.
#[derive(Debug)]
pub struct Face {
    serial: u64,
    data: Cow<'static, [u8]>,
    name: String,
    metrics: Metrics,
    glyphs: BTreeMap<u32, u16>,
    low: Vec<u16>,
    widths: Vec<u16>,
}

/// The part of a face that one document needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset {
    /// TrueType program.
    pub program: Vec<u8>,
    /// Letter → glyph in the program.
    pub codes: BTreeMap<char, u16>,
}

/// Letters below this are looked up in a table.
const LOW: usize = 0x2200;

impl Face {
    fn read(data: Cow<'static, [u8]>) -> Result<Self, String> {
        let face = ttf_parser::Face::parse(&data, 0).map_err(|error| error.to_string())?;
        if face.tables().glyf.is_none() {
            return Err("không có nét chữ TrueType".to_owned());
        }
        if let Some(refusal) = forbidden(&face) {
            return Err(refusal.to_owned());
        }
        let em = f64::from(face.units_per_em());
        let scale = |units: i16| (f64::from(units) * 1000.0 / em).round() as i16;
        let mut glyphs = BTreeMap::new();
        if let Some(cmap) = face.tables().cmap {
            for table in cmap.subtables.into_iter().filter(|table| table.is_unicode()) {
                table.codepoints(|letter| {
                    if let Some(glyph) = table.glyph_index(letter).filter(|glyph| glyph.0 != 0) {
                        glyphs.insert(letter, glyph.0);
                    }
                });
            }
        }
        let mut low = vec![0; LOW];
        for (letter, glyph) in glyphs.range(..LOW as u32) {
            low[*letter as usize] = *glyph;
        }
        let widths = (0..face.number_of_glyphs())
            .map(|glyph| {
                let width = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
                (f64::from(width) * 1000.0 / em).round() as u16
            })
            .collect();
        let bounds = face.global_bounding_box();
        let name = face
            .names()
            .into_iter()
            .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string())
            .map(|name| {
                name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect::<String>()
            })
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "Extra".to_owned());
        let metrics = Metrics {
            ascent: scale(face.ascender()),
            descent: scale(face.descender()),
            cap_height: scale(face.capital_height().unwrap_or_else(|| face.ascender())),
            bounds: [scale(bounds.x_min), scale(bounds.y_min), scale(bounds.x_max), scale(bounds.y_max)],
            weight: face.weight().to_number(),
            slant: (1000, (-f64::from(face.italic_angle()).to_radians().tan() * 1000.0).round() as i16),
        };
        let data = outline::unhinted(&data).map_or_else(|| data.clone(), Cow::Owned);
        let serial = NEXT_SERIAL.fetch_add(1, Ordering::Relaxed);
        Ok(Self { serial, name, metrics, glyphs, low, widths, data })
    }

    /// A number no other face of this process has.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// PostScript name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a PDF says of this face.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    fn glyph(&self, letter: char) -> Option<u16> {
        let code = letter as u32;
        match self.low.get(code as usize) {
            Some(0) => None,
            Some(glyph) => Some(*glyph),
            None => self.glyphs.get(&code).copied(),
        }
    }

    /// Width of a letter in 1/1000 em; `None` when the face lacks it.
    #[must_use]
    pub fn width(&self, letter: char) -> Option<u16> {
        self.glyph(letter).and_then(|glyph| self.widths.get(usize::from(glyph))).copied()
    }

    /// The program with the glyphs of `letters` only.
    ///
    /// # Errors
    /// A face whose outlines cannot be subset.
    pub fn subset(&self, letters: &[char]) -> Result<Subset, Error> {
        let mut remapper = subsetter::GlyphRemapper::new();
        let codes = letters
            .iter()
            .filter_map(|letter| self.glyph(*letter).map(|glyph| (*letter, remapper.remap(glyph))))
            .collect();
        let program = subsetter::subset(&self.data, 0, &remapper)
            .map_err(|error| Error::Subset { name: self.name.clone(), reason: error.to_string() })?;
        Ok(Subset { program, codes })
    }
}

/// What the licence bits of a face (OS/2, fsType) say against putting a part of it into a PDF.
fn forbidden(face: &ttf_parser::Face<'_>) -> Option<&'static str> {
    face.tables().os2?;
    if face.permissions() == Some(ttf_parser::Permissions::Restricted) || !face.is_outline_embedding_allowed() {
        return Some("giấy phép của phông không cho nhúng vào PDF");
    }
    (!face.is_subsetting_allowed()).then_some("giấy phép của phông không cho nhúng một phần")
}

/// The faces letters are set in: four of one family, then fallbacks for letters these lack.
#[derive(Debug, Clone)]
pub struct FontSet {
    serial: u64,
    faces: Vec<Arc<Face>>,
}

impl FontSet {
    /// Tinos in four faces.
    ///
    /// # Panics
    /// Never: the built-in faces are read by a test.
    #[must_use]
    pub fn builtin() -> Self {
        let read = |data: &&'static [u8]| Arc::new(Face::read(Cow::Borrowed(data)).expect("a built-in face is a font"));
        Self::of(BUILTIN.iter().map(read).collect())
    }

    fn of(faces: Vec<Arc<Face>>) -> Self {
        Self { serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed), faces }
    }

    /// A number no other set of this process has, but for its clones.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// The same with fallback faces, asked in order for letters the set lacks so far.
    ///
    /// # Errors
    /// Data that is no TrueType font.
    pub fn with_extra(mut self, extra: Vec<Vec<u8>>) -> Result<Self, Error> {
        for (index, data) in extra.into_iter().enumerate() {
            let face =
                Face::read(Cow::Owned(data)).map_err(|reason| Error::Unusable { position: index + 1, reason })?;
            self.faces.push(Arc::new(face));
        }
        Ok(Self::of(self.faces))
    }

    /// SHA-256 over all faces: two sets with the same digest draw the same.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for face in &self.faces {
            digest.update((face.data.len() as u64).to_be_bytes());
            digest.update(&face.data);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The family's face for an emphasis.
    #[must_use]
    pub fn styled(emphasis: Emphasis) -> FaceId {
        FaceId(u16::from(emphasis.bold) + 2 * u16::from(emphasis.italic))
    }

    /// A face by its id; ids of another set fall back to the regular face.
    #[must_use]
    pub fn face(&self, id: FaceId) -> &Face {
        self.faces.get(usize::from(id.0)).unwrap_or(&self.faces[0])
    }

    /// The face to take `letter` from, and its width in 1/1000 em: the wanted face, else a fallback.
    #[must_use]
    pub fn find(&self, wanted: FaceId, letter: char) -> Option<(FaceId, u16)> {
        if let Some(width) = self.face(wanted).width(letter) {
            return Some((wanted, width));
        }
        (BUILTIN.len()..self.faces.len())
            .find_map(|index| self.faces[index].width(letter).map(|width| (FaceId(index as u16), width)))
    }

    /// Letters of `text` that no face has, each once, in order of their first occurrence.
    #[must_use]
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
            let found = (0..BUILTIN.len() as u16).all(|face| self.find(FaceId(face), letter).is_some());
            if !found && !missing.contains(&letter) {
                missing.push(letter);
            }
        }
        missing
    }
}

impl FaceId {
    /// Position in the set.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

#[cfg(test)]
impl FontSet {
    /// Tinos with its outlines out of reach: measured, but not to be embedded.
    pub(crate) fn broken() -> Self {
        let broken = |data: &[u8]| {
            let mut data = data.to_vec();
            let entry = (0..32).map(|index| 12 + 16 * index).find(|at| data[*at..*at + 4] == *b"loca").unwrap();
            let number = |at: usize| u32::from_be_bytes(data[at..at + 4].try_into().unwrap()) as usize;
            let (start, length) = (number(entry + 8), number(entry + 12));
            data[start..start + length].fill(0xff);
            Arc::new(Face::read(Cow::Owned(data)).unwrap())
        };
        Self::of(BUILTIN.iter().map(|data| broken(data)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// All Vietnamese letters with all tones, composed.
    fn vietnamese() -> String {
        use unicode_normalization::UnicodeNormalization;
        let mut letters = "bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX0123456789".to_owned();
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars() {
            for tone in ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"] {
                letters.extend(format!("{base}{tone}").nfc());
            }
        }
        letters
    }

    #[test]
    fn every_vietnamese_letter_is_in_every_face() {
        let fonts = FontSet::builtin();
        assert_eq!(vietnamese().chars().count(), 44 + 24 * 6);
        assert_eq!(fonts.missing(&vietnamese()), Vec::<char>::new());
        assert_eq!(fonts.missing("Nguyễn 王 王 ⿰"), vec!['王', '⿰']);
    }

    #[test]
    fn widths_are_those_of_times_new_roman() {
        // From the metrics of Times New Roman in Adobe's Times AFM: a 444, space 250, M 889; bold M 944.
        let fonts = FontSet::builtin();
        let regular = fonts.face(FontSet::styled(Emphasis::default()));
        assert_eq!([regular.width('a'), regular.width(' '), regular.width('M')], [Some(444), Some(250), Some(889)]);
        let bold = fonts.face(FontSet::styled(Emphasis { bold: true, ..Emphasis::default() }));
        assert_eq!(bold.width('M'), Some(944));
    }

    #[test]
    fn a_subset_holds_its_letters_and_no_hidden_extra() {
        let fonts = FontSet::builtin();
        let letters: Vec<char> = BTreeSet::from_iter("Tiếng Việt".chars()).into_iter().collect();
        let subset = fonts.face(FaceId(0)).subset(&letters).unwrap();
        assert_eq!(subset.codes.len(), letters.len());
        let face = ttf_parser::Face::parse(&subset.program, 0).unwrap();
        assert!(usize::from(face.number_of_glyphs()) < 32);
    }

    /// Outlines as drawing commands.
    #[derive(Default)]
    struct Pen(String);

    impl ttf_parser::OutlineBuilder for Pen {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0.push_str(&format!("M{x} {y}"));
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0.push_str(&format!("L{x} {y}"));
        }
        fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
            self.0.push_str(&format!("Q{a} {b} {x} {y}"));
        }
        fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
            self.0.push_str(&format!("C{a} {b} {c} {d} {x} {y}"));
        }
        fn close(&mut self) {
            self.0.push('Z');
        }
    }

    #[test]
    fn outlines_without_hinting_are_the_same_outlines() {
        for (index, original) in BUILTIN.iter().enumerate() {
            let bare = outline::unhinted(original).unwrap();
            assert!(bare.len() < original.len());
            let (before, after) =
                (ttf_parser::Face::parse(original, 0).unwrap(), ttf_parser::Face::parse(&bare, 0).unwrap());
            assert_eq!(before.number_of_glyphs(), after.number_of_glyphs());
            for glyph in (0..before.number_of_glyphs()).map(ttf_parser::GlyphId) {
                let (mut one, mut other) = (Pen::default(), Pen::default());
                assert_eq!(before.outline_glyph(glyph, &mut one), after.outline_glyph(glyph, &mut other));
                assert_eq!(one.0, other.0, "face {index}, glyph {}", glyph.0);
            }
        }
    }

    #[test]
    fn a_broken_font_is_left_as_it_is() {
        for cut in [0, 5, 100, 3_000, 300_000] {
            assert_eq!(outline::unhinted(&BUILTIN[0][..cut]), None, "{cut}");
        }
    }

    #[test]
    fn a_fallback_face_gives_the_letters_the_family_lacks() {
        let poor = |index: usize| {
            let mut face = Face::read(Cow::Borrowed(BUILTIN[index])).unwrap();
            face.low['ữ' as usize] = 0;
            Arc::new(face)
        };
        let family = FontSet::of((0..4).map(poor).collect());
        assert_eq!(family.missing("Nguyễn Hữu"), ['ữ']);
        assert_eq!(family.find(FaceId(1), 'ữ'), None);
        let richer = family.clone().with_extra(vec![BUILTIN[3].to_vec()]).unwrap();
        assert_eq!(richer.missing("Nguyễn Hữu"), Vec::<char>::new());
        assert_eq!(richer.find(FaceId(1), 'ữ').map(|(face, _)| face), Some(FaceId(4)));
        assert_eq!(richer.find(FaceId(1), 'H').map(|(face, _)| face), Some(FaceId(1)));
        assert_ne!(family.digest(), richer.digest());
    }

    /// Tinos with the bytes of `table` from `at` on replaced.
    fn altered(table: &[u8; 4], at: usize, bytes: &[u8]) -> Vec<u8> {
        let mut font = BUILTIN[0].to_vec();
        let (start, _) = place(&font, table);
        font[start + at..start + at + bytes.len()].copy_from_slice(bytes);
        font
    }

    /// Where a table of a font lies, and its length.
    fn place(font: &[u8], table: &[u8; 4]) -> (usize, usize) {
        let entry = (0..32).map(|index| 12 + 16 * index).find(|at| font[*at..*at + 4] == *table).unwrap();
        let number = |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap()) as usize;
        (number(entry + 8), number(entry + 12))
    }

    #[test]
    fn fonts_that_may_not_be_embedded_are_refused() {
        // fsType stands 8 bytes into OS/2: restricted; no subsets; bitmaps only.
        for (bits, says) in
            [(0x0002_u16, "không cho nhúng vào PDF"), (0x0100, "một phần"), (0x0200, "không cho nhúng vào PDF")]
        {
            let refused = FontSet::builtin().with_extra(vec![altered(b"OS/2", 8, &bits.to_be_bytes())]).unwrap_err();
            assert!(refused.to_string().contains(says), "{bits:#x}: {refused}");
        }
        for bits in [0x0000_u16, 0x0004, 0x0008] {
            assert!(FontSet::builtin().with_extra(vec![altered(b"OS/2", 8, &bits.to_be_bytes())]).is_ok(), "{bits:#x}");
        }
    }

    #[test]
    fn what_is_no_font_is_refused() {
        let error = FontSet::builtin().with_extra(vec![b"not a font".to_vec()]).unwrap_err();
        assert!(matches!(error, Error::Unusable { position: 1, .. }));
    }
}
