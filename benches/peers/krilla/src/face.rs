//! The four faces, loaded once: glyph and width of every letter in a table.

use std::error::Error;
use std::path::Path;

use krilla::text::{Font, GlyphId};

/// Letters up to here have a place in the table; Vietnamese ends at U+20AB.
const LAST: usize = 0x2200;

pub struct Face {
    pub font: Font,
    /// Glyph and width in ems.
    letters: Vec<Option<(GlyphId, f32)>>,
}

impl Face {
    fn load(path: &Path) -> Result<Self, Box<dyn Error>> {
        let data = std::fs::read(path)?;
        let face = ttf_parser::Face::parse(&data, 0)?;
        let em = f32::from(face.units_per_em());
        let letter = |code: usize| {
            let glyph = face.glyph_index(char::from_u32(u32::try_from(code).ok()?)?)?;
            Some((GlyphId::new(u32::from(glyph.0)), f32::from(face.glyph_hor_advance(glyph)?) / em))
        };
        let letters = (0..LAST).map(letter).collect();
        let font = Font::new(data.into(), 0).ok_or("krilla cannot read this face")?;
        Ok(Self { font, letters })
    }

    pub fn letter(&self, letter: char) -> Option<(GlyphId, f32)> {
        // A space that may not break looks like any other.
        let letter = if letter == '\u{a0}' { ' ' } else { letter };
        *self.letters.get(letter as usize)?
    }
}

/// Regular, bold, italic, bold italic.
pub struct Faces([Face; 4]);

impl Faces {
    pub fn load(dir: &Path) -> Result<Self, Box<dyn Error>> {
        let face = |name: &str| Face::load(&dir.join(format!("Tinos-{name}.ttf")));
        Ok(Self([face("Regular")?, face("Bold")?, face("Italic")?, face("BoldItalic")?]))
    }

    pub fn of(&self, number: usize) -> &Face {
        &self.0[number]
    }
}

/// The number of a face.
pub fn number(bold: bool, italic: bool) -> usize {
    usize::from(bold) + 2 * usize::from(italic)
}
