//! Running text → measured words, with the spaces that may not break found.

use std::borrow::Cow;

use super::style::TextStyle;
use super::{BLACK, Color, Fault};
use crate::document::{Emphasis, Inline};
use crate::font::{FaceId, FontSet};

/// Colour of what a draft still lacks.
const MISSING: Color = [0.75, 0.0, 0.0];

/// How a stretch of letters looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) face: FaceId,
    pub(super) color: Color,
    pub(super) underline: bool,
    pub(super) highlight: bool,
}

/// Letters in one look, or empty room.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) look: Look,
    pub(super) text: String,
    /// Width in points, and the part of it that is empty room after the letters.
    pub(super) width: f64,
    pub(super) gap: f64,
}

/// What is never divided, and the space after it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Word {
    pub(super) pieces: Vec<Piece>,
    pub(super) width: f64,
    /// The space after the word; `None` at a forced break, at the end and inside a divided word.
    pub(super) space: Option<Piece>,
    /// The line ends here.
    pub(super) ends_line: bool,
    /// First-line indent, for the line breaker.
    pub(super) lead: f64,
}

impl textwrap::core::Fragment for Word {
    fn width(&self) -> f64 {
        self.lead + self.width
    }

    fn whitespace_width(&self) -> f64 {
        self.space.as_ref().map_or(0.0, |space| space.width)
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

impl Word {
    /// The letters.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.pieces.as_slice() {
            [piece] => Cow::Borrowed(&piece.text),
            pieces => pieces.iter().map(|piece| piece.text.as_str()).collect(),
        }
    }

    /// Adds empty room after the last letters.
    pub(super) fn add_gap(&mut self, gap: f64) {
        if let Some(last) = self.pieces.last_mut().filter(|_| gap > 0.0) {
            last.gap += gap;
            last.width += gap;
            self.width += gap;
        }
    }

    /// Adds letters in the same or another look.
    pub(super) fn push(&mut self, piece: Piece) {
        self.width += piece.width;
        if let Some(last) = self.pieces.last_mut()
            && last.look == piece.look
            && last.gap == 0.0
        {
            last.text.push_str(&piece.text);
            last.width += piece.width;
            last.gap = piece.gap;
        } else {
            self.pieces.push(piece);
        }
    }
}

/// Measures the letters of running text.
pub(super) struct Measurer<'a> {
    fonts: &'a FontSet,
    style: &'a TextStyle,
    faults: Vec<Fault>,
}

impl<'a> Measurer<'a> {
    pub(super) fn new(fonts: &'a FontSet, style: &'a TextStyle) -> Self {
        Self { fonts, style, faults: Vec::new() }
    }

    /// Splits running text at its spaces and measures the words.
    ///
    /// # Errors
    /// Words with letters no face has.
    pub(super) fn words(mut self, inlines: &[Inline]) -> Result<Vec<Word>, Vec<Fault>> {
        let mut words = vec![Word::default()];
        for inline in inlines {
            match inline {
                Inline::Text { text, emphasis } => self.text(text, *emphasis, false, &mut words),
                Inline::Missing(what) => {
                    self.text(&format!("[{what}]"), Emphasis::default(), true, &mut words);
                }
                Inline::Blank(ems) => {
                    let look = self.look(Emphasis::default(), false);
                    let width = ems * self.style.size;
                    add(&mut words, Piece { look, text: String::new(), width, gap: width });
                }
                Inline::Break => {
                    if let Some(last) = words.last_mut() {
                        last.ends_line = true;
                        // For those who read the text and do not see that the line ends.
                        last.space = last.pieces.last().map(|piece| piece.look).and_then(|look| self.space(look));
                    }
                    words.push(Word::default());
                }
            }
        }
        if words.last().is_some_and(|word| word.pieces.is_empty()) {
            words.pop();
        }
        if let Some(last) = words.last_mut() {
            last.space = None;
        }
        if self.faults.is_empty() { Ok(words) } else { Err(self.faults) }
    }

    fn space(&self, look: Look) -> Option<Piece> {
        let (face, thousandths) = self.fonts.find(look.face, ' ')?;
        let width = f64::from(thousandths) * self.style.size / 1000.0;
        Some(Piece { look: Look { face, ..look }, text: " ".to_owned(), width, gap: 0.0 })
    }

    fn look(&self, emphasis: Emphasis, missing: bool) -> Look {
        let emphasis = Emphasis {
            bold: emphasis.bold || self.style.bold,
            italic: emphasis.italic != self.style.italic,
            underline: emphasis.underline,
        };
        Look {
            face: FontSet::styled(emphasis),
            color: if missing { MISSING } else { self.style.color },
            underline: emphasis.underline,
            highlight: missing,
        }
    }

    /// Notes a letter no face has, with the word of the text it stands in.
    fn missing(&mut self, letter: char, text: &str) {
        let holds = |word: &&str| word.contains(letter) || word.to_uppercase().contains(letter);
        for word in text.split([' ', '\u{a0}']).filter(holds) {
            let known = self.faults.iter_mut().find_map(|fault| match fault {
                Fault::MissingGlyph { letters, text } if text == word => Some(letters),
                _ => None,
            });
            match known {
                Some(letters) if letters.contains(&letter) => {}
                Some(letters) => letters.push(letter),
                None => self.faults.push(Fault::MissingGlyph { letters: vec![letter], text: word.to_owned() }),
            }
        }
    }

    fn text(&mut self, text: &str, emphasis: Emphasis, missing: bool, words: &mut Vec<Word>) {
        let wanted = self.look(emphasis, missing);
        let original = text;
        let upper;
        let text = if self.style.upper && !missing {
            upper = text.to_uppercase();
            &upper
        } else {
            text
        };
        let mut piece: Option<Piece> = None;
        for letter in text.chars() {
            // Drawn and read back as a plain space; only the line breaker knows the difference.
            let drawn = if letter == '\u{a0}' { ' ' } else { letter };
            let Some((face, thousandths)) = self.fonts.find(wanted.face, drawn) else {
                self.missing(letter, original);
                continue;
            };
            let look = Look { face, ..wanted };
            let width = f64::from(thousandths) * self.style.size / 1000.0;
            if letter == ' ' {
                if let Some(piece) = piece.take() {
                    add(words, piece);
                }
                if let Some(last) = words.last_mut() {
                    last.space = Some(Piece { look, text: " ".to_owned(), width, gap: 0.0 });
                }
                words.push(Word::default());
                continue;
            }
            match &mut piece {
                Some(piece) if piece.look == look => {
                    piece.text.push(drawn);
                    piece.width += width;
                }
                _ => {
                    if let Some(piece) = piece.replace(Piece { look, text: drawn.to_string(), width, gap: 0.0 }) {
                        add(words, piece);
                    }
                }
            }
        }
        if let Some(piece) = piece {
            add(words, piece);
        }
    }
}

fn add(words: &mut Vec<Word>, piece: Piece) {
    match words.last_mut() {
        Some(last) => last.push(piece),
        None => words.push(Word { width: piece.width, pieces: vec![piece], ..Word::default() }),
    }
}

/// Words before a number that stay with it.
const BEFORE_NUMBER: [&str; 24] = [
    "số", "ngày", "tháng", "năm", "quý", "khoản", "điều", "mục", "điểm", "chương", "phần", "lần", "trang", "bước",
    "lúc", "mẫu", "thứ", "từ", "đến", "tuổi", "kỳ", "hồi", "no.", "đợt",
];
/// Units that stay with the number before them.
const UNITS: [&str; 30] = [
    "%", "đồng", "ngày", "giờ", "phút", "giây", "tháng", "năm", "tuần", "lần", "bản", "trang", "tờ", "bộ", "vnđ",
    "vnd", "usd", "mb", "kb", "gb", "km", "m", "cm", "mm", "kg", "triệu", "tỷ", "nghìn", "bit", "người",
];
/// Forms of address that stay with the name after them.
const ADDRESS: [&str; 4] = ["ông", "bà", "anh", "chị"];

/// Whether the list holds the word, whatever its case. Most words are in no list, so their length is looked at first.
fn listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| known.len() == word.len() && *known == word)
        || (word.chars().any(char::is_uppercase) && {
            let lower = word.to_lowercase();
            list.contains(&lower.as_str())
        })
}

/// Whether the space between two words may not break: a number and its unit, parts of a date, what follows "số".
fn tied(before: &str, after: &str, next: &str) -> bool {
    let digit = |letter: char| letter.is_ascii_digit();
    let before = before.trim_start_matches(['(', '“', '"', '[', '‘']);
    let bare = before.trim_end_matches(':');
    let starts_with_digit = after.trim_start_matches(['(', '“', '"']).starts_with(digit);
    if (starts_with_digit || after.is_empty()) && listed(&BEFORE_NUMBER, bare) {
        return true;
    }
    if after.contains(digit) && listed(&["số"], bare) {
        return true;
    }
    if after.starts_with(char::is_uppercase) && listed(&ADDRESS, bare) {
        return true;
    }
    if before.ends_with(digit) && before.starts_with(digit) {
        let unit = after.trim_end_matches([',', '.', ';', ':', ')', '!', '?', '”', '"', '/']).to_lowercase();
        // "05 tháng 3 năm 2026" may break before "tháng" and "năm": these belong to the number after them.
        let dated = matches!(unit.as_str(), "tháng" | "năm") && next.starts_with(digit);
        return after.starts_with('%') || (UNITS.contains(&unit.as_str()) && !dated);
    }
    // A dash does not begin a line.
    matches!(after, "-" | "–" | "—")
}

/// Joins words whose space may not break, as far as the result is no wider than `measure`.
pub(super) fn tie(words: Vec<Word>, measure: f64) -> Vec<Word> {
    let text = |index: usize| words.get(index).map_or(Cow::Borrowed(""), Word::text);
    let ties: Vec<bool> =
        (0..words.len()).map(|index| index > 0 && tied(&text(index - 1), &text(index), &text(index + 1))).collect();
    let mut tied_words: Vec<Word> = Vec::with_capacity(words.len());
    for (word, is_tied) in words.into_iter().zip(ties) {
        if is_tied
            && let Some(last) = tied_words.last_mut()
            && !last.ends_line
            && let Some(space) = &last.space
            && last.width + space.width + word.width <= measure
        {
            let space = space.clone();
            last.push(space);
            for piece in word.pieces {
                last.push(piece);
            }
            last.space = word.space;
            last.ends_line = word.ends_line;
        } else {
            tied_words.push(word);
        }
    }
    tied_words
}

/// The look of decoration.
pub(super) fn plain(style: &TextStyle) -> Look {
    let emphasis = Emphasis { bold: style.bold, italic: style.italic, underline: false };
    Look { face: FontSet::styled(emphasis), color: BLACK, underline: false, highlight: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::layout::Style;

    /// The words of a text as the line breaker sees them.
    fn unbroken(text: &str, measure: f64) -> Vec<String> {
        let document = parse(&format!("<van-ban title='t'><p>{text}</p></van-ban>")).unwrap();
        let crate::document::Block::Paragraph(paragraph) = &document.blocks[0] else { panic!() };
        let (fonts, style) = (FontSet::builtin(), Style::builtin());
        let words = Measurer::new(&fonts, style.text("body")).words(&paragraph.content).unwrap();
        tie(words, measure).iter().map(|word| word.text().into_owned()).collect()
    }

    #[test]
    fn numbers_stay_with_their_units_and_dates_together() {
        assert_eq!(
            unbroken("trong 20 ngày kể từ ngày 05 tháng 3 năm 2026, giảm 15 % cho số 0001234", 1000.0),
            ["trong", "20 ngày", "kể", "từ", "ngày 05", "tháng 3", "năm 2026,", "giảm", "15 %", "cho", "số 0001234"]
        );
        assert_eq!(
            unbroken("phí 1.825.000 đồng (số 15/ECA-CSKH)", 1000.0),
            ["phí", "1.825.000 đồng", "(số 15/ECA-CSKH)"]
        );
        assert_eq!(unbroken("lúc 09 giờ 15 phút", 1000.0), ["lúc 09 giờ", "15 phút"]);
        assert_eq!(unbroken("Độc lập - Tự do", 1000.0), ["Độc", "lập -", "Tự", "do"]);
        assert_eq!(
            unbroken("ngày <blank w='2'/> tháng <blank w='2'/> năm 2026", 1000.0),
            ["ngày ", "tháng ", "năm 2026"]
        );
        assert_eq!(unbroken("chữ ký số của bà Hường", 1000.0), ["chữ", "ký", "số", "của", "bà Hường"]);
    }

    #[test]
    fn ties_give_way_where_there_is_no_room() {
        assert_eq!(unbroken("số 0001234", 30.0), ["số", "0001234"]);
    }

    #[test]
    fn spaces_inside_nb_do_not_break() {
        assert_eq!(unbroken("<nb>a b</nb> c", 1000.0), ["a b", "c"]);
    }
}
