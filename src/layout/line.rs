//! Words → lines: optimal fit, never wider than the measure.

use std::sync::Arc;

use textwrap::wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit};

use super::division::{divide, loosen};
use super::slab::Drawing;
use super::style::TextStyle;
use super::word::{Look, Measurer, Piece, Word, tie};
use super::{Color, Fault, Line, Owner, Run, Shape};
use crate::document::{Align, Inline, plain_text};
use crate::font::FontSet;

/// Background of what a draft still lacks.
const HIGHLIGHT: Color = [1.0, 0.95, 0.55];
/// A line is left ragged when justifying it would widen its spaces by more than this, in ems.
const MOST_STRETCH: f64 = 1.2;
/// Blanks from this width on, in ems, are dotted; shorter ones (number, day, month) stay empty.
const DOTTED: f64 = 5.0;
/// Widths are sums; a measure met to within this is met.
const TOLERANCE: f64 = 1e-6;

/// Gaps are in points here: a line short by a tenth of a usual measure costs about 2,000. Overflow costs more than any gap.
const PENALTIES: Penalties = Penalties {
    nline_penalty: 1_000,
    overflow_penalty: 1_000_000_000,
    short_last_line_fraction: 6,
    short_last_line_penalty: 3_000,
    hyphen_penalty: 0,
};

/// A line before it is placed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SetLine {
    /// The words, with the space that ends the line for those who read the text, not the page.
    runs: Arc<[Run]>,
    decorations: Vec<Decoration>,
    /// Spaces that can be widened.
    spaces: usize,
    /// Width without stretch.
    pub(super) width: f64,
    /// Room before the line: first-line indent.
    pub(super) indent: f64,
    /// Room there is, indent taken off.
    pub(super) measure: f64,
    /// Last line of its paragraph, or before a forced break.
    last: bool,
}

/// A stretch of a line that has more to it than letters.
#[derive(Debug, Clone, PartialEq)]
struct Decoration {
    look: Look,
    /// Where it begins without stretch, and the spaces before it.
    from: (f64, usize),
    /// Its width without stretch, and its spaces.
    width: (f64, usize),
    /// Empty room at its end.
    gap: f64,
}

/// Breaks running text into lines no wider than `measure`, the first shortened by `indent`.
///
/// # Errors
/// Letters no face has; a word that does not fit.
pub(super) fn set(
    inlines: &[Inline],
    style: &TextStyle,
    fonts: &FontSet,
    align: Align,
    measure: f64,
    indent: f64,
) -> Result<Vec<SetLine>, Vec<Fault>> {
    let words = Measurer::new(fonts, style).words(inlines)?;
    let narrowest = measure - indent;
    let mut fitting = Vec::with_capacity(words.len());
    let mut faults = Vec::new();
    for word in tie(loosen(words, fonts, style.size), narrowest) {
        if word.width <= narrowest + TOLERANCE {
            fitting.push(word);
        } else {
            match divide(&word, narrowest, fonts, style.size) {
                Some(parts) => fitting.extend(parts),
                None => faults.push(Fault::TooWide {
                    word: word.text().into_owned(),
                    text: plain_text(inlines),
                    block: String::new(),
                }),
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // The indent is part of the first word for the line breaker: with lines of one length its result is optimal.
    if let Some(first) = fitting.first_mut() {
        first.lead = indent;
    }
    let mut lines = Vec::new();
    for segment in fitting.split_inclusive(|word| word.ends_line) {
        let broken = match align {
            Align::Justify => wrap(segment, measure),
            Align::Center => balance(segment, measure),
            // Ragged lines are filled one by one, as a reader expects of a list or a cell.
            Align::Left | Align::Right => with_company(wrap_first_fit(segment, &[measure]), segment, measure),
        };
        let count = broken.len();
        for (index, words) in broken.into_iter().enumerate() {
            let indent = if lines.is_empty() { indent } else { 0.0 };
            lines.push(SetLine::of(words, style.size, measure - indent, indent, index + 1 == count));
        }
    }
    Ok(lines)
}

/// Fewest words of a line that gives one away.
const ENOUGH: usize = 4;

/// The lines of `words`; where the last holds a single word, the one before it comes down as well if there is room.
fn with_company<'a>(mut lines: Vec<&'a [Word]>, words: &'a [Word], measure: f64) -> Vec<&'a [Word]> {
    if let [.., before, last] = lines.as_slice()
        && last.len() == 1
        && before.len() >= ENOUGH
        && before.last().is_some_and(|word| word.space.is_some())
    {
        let count = lines.len();
        let (from, moved) = (words.len() - before.len() - 1, words.len() - 2);
        if natural_width(&words[moved..]) <= measure + TOLERANCE {
            lines[count - 2] = &words[from..moved];
            lines[count - 1] = &words[moved..];
        }
    }
    lines
}

/// Optimal fit; first fit where that left a line too wide.
fn wrap(words: &[Word], measure: f64) -> Vec<&[Word]> {
    let fits = |line: &&[Word]| line_width(line) <= measure + TOLERANCE;
    match wrap_optimal_fit(words, &[measure], &PENALTIES) {
        Ok(lines) if lines.iter().all(fits) => lines,
        _ => wrap_first_fit(words, &[measure]),
    }
}

/// What a centred text gains, in measures squared, by ending a line after a comma.
const AFTER_COMMA: f64 = 0.12;
/// What it gains by ending a line before a name: "… của / Công ty …".
const BEFORE_NAME: f64 = 0.04;
/// What it loses by ending a line within a name, or between the syllables of a word.
const WITHIN_NAME: f64 = 0.03;
const WITHIN_PAIR: f64 = 0.12;
/// Words of two syllables that names of bodies, offices and streets are made of. In capitals nothing else tells them.
const PAIRS: [&str; 33] = [
    "chăm sóc",
    "khách hàng",
    "chữ ký",
    "chứng thực",
    "chứng thư",
    "công cộng",
    "công nghệ",
    "công ty",
    "cổ phần",
    "dịch vụ",
    "doanh nghiệp",
    "đầu tư",
    "đại diện",
    "địa chỉ",
    "điện thoại",
    "điều hành",
    "giám đốc",
    "hội đồng",
    "hợp tác",
    "kế toán",
    "khiếu nại",
    "kinh doanh",
    "kỹ thuật",
    "phát triển",
    "quản trị",
    "thành phố",
    "thành viên",
    "thương mại",
    "tiếp nhận",
    "trung tâm",
    "trưởng phòng",
    "xây dựng",
    "xử lý",
];
/// Longer texts are not evened out.
const MOST_CENTRED: usize = 120;

/// As few lines as possible, of about the same length, ending where the sense pauses if there is a choice.
fn balance(words: &[Word], measure: f64) -> Vec<&[Word]> {
    let lines = wrap_first_fit(words, &[measure]);
    if lines.len() < 2 || words.len() > MOST_CENTRED || lines.iter().any(|line| line_width(line) > measure + TOLERANCE)
    {
        return lines;
    }
    // Widths and pauses by place, so that a candidate costs a subtraction.
    let mut begins = Vec::with_capacity(words.len() + 1);
    let mut at = 0.0;
    for word in words {
        begins.push(at);
        at += word.width + word.space.as_ref().map_or(0.0, |space| space.width);
    }
    let lead = |begin: usize| if begin == 0 { words[0].lead } else { 0.0 };
    let width = |begin: usize, end: usize| begins[end - 1] + words[end - 1].width - begins[begin] + lead(begin);
    let pauses: Vec<f64> = (0..=words.len()).map(|end| pause(words, end)).collect();
    // best[n][end]: least cost of setting the words before `end` in n lines, and where the last of them begins.
    let mut best = vec![vec![None; words.len() + 1]; lines.len() + 1];
    best[0][0] = Some((0.0, 0));
    for count in 1..=lines.len() {
        for end in 1..=words.len() {
            for begin in (0..end).rev() {
                let width = width(begin, end);
                if width > measure + TOLERANCE {
                    break;
                }
                let Some((before, _)) = best[count - 1][begin] else { continue };
                let cost: f64 = before + (width / measure).powi(2) - pauses[end];
                if best[count][end].is_none_or(|(least, _)| cost < least) {
                    best[count][end] = Some((cost, begin));
                }
            }
        }
    }
    let mut broken = Vec::with_capacity(lines.len());
    let mut end = words.len();
    for count in (1..=lines.len()).rev() {
        let Some((_, begin)) = best[count][end] else { return lines };
        broken.push(&words[begin..end]);
        end = begin;
    }
    broken.reverse();
    broken
}

/// What ending a line before the word at `end` is worth.
fn pause(words: &[Word], end: usize) -> f64 {
    let (Some(last), Some(next)) = (words[..end].last(), words.get(end)) else { return 0.0 };
    let (last, next) = (last.text(), next.text());
    if last.ends_with([',', ';']) || (last.ends_with('.') && last.chars().count() > 3) {
        return AFTER_COMMA;
    }
    let pair = format!("{last} {next}").to_lowercase();
    if PAIRS.contains(&pair.trim_end_matches([',', '.', ';', ')'])) {
        return -WITHIN_PAIR;
    }
    let (small, capital) = (last.starts_with(char::is_lowercase), next.starts_with(char::is_uppercase));
    match (small, capital) {
        // "Trung tâm / Chứng thực" parts a name, or an office from its body.
        (true, true) if end > 1 && words[end - 2].text().starts_with(char::is_uppercase) => 0.0,
        (true, true) => BEFORE_NAME,
        (false, true) => -WITHIN_NAME,
        _ => 0.0,
    }
}

/// Width with the first-line indent, if the line has it.
fn line_width(words: &[Word]) -> f64 {
    natural_width(words) + words.first().map_or(0.0, |word| word.lead)
}

fn natural_width(words: &[Word]) -> f64 {
    let spaces: f64 = words
        .iter()
        .take(words.len().saturating_sub(1))
        .filter_map(|word| word.space.as_ref())
        .map(|space| space.width)
        .sum();
    words.iter().map(|word| word.width).sum::<f64>() + spaces
}

impl SetLine {
    fn of(words: &[Word], size: f64, measure: f64, indent: f64, last: bool) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        let mut decorations = Vec::new();
        let (mut at, mut spaces) = (0.0, 0);
        for (index, word) in words.iter().enumerate() {
            let ends = index + 1 == words.len();
            for (piece, inside) in
                word.pieces.iter().map(|piece| (piece, true)).chain(word.space.iter().map(|space| (space, !ends)))
            {
                add(&mut runs, piece, size);
                if !inside {
                    continue;
                }
                let own = piece.text.matches(' ').count();
                if piece.look.highlight || piece.look.underline || piece.gap > 0.0 {
                    let width = (piece.width, own);
                    decorations.push(Decoration { look: piece.look, from: (at, spaces), width, gap: piece.gap });
                }
                at += piece.width;
                spaces += own;
            }
        }
        let width = natural_width(words);
        Self { runs: runs.into(), decorations, spaces, width, indent, measure, last }
    }

    /// Room added to each space to fill the measure.
    fn stretch(&self, align: Align, size: f64) -> f64 {
        if align != Align::Justify || self.last {
            return 0.0;
        }
        let room = self.measure - self.width;
        if self.spaces == 0 || room <= 0.0 {
            return 0.0;
        }
        let stretch = room / self.spaces as f64;
        if stretch > MOST_STRETCH * size { 0.0 } else { stretch }
    }

    /// Width as drawn.
    #[cfg(test)]
    pub(super) fn drawn_width(&self, align: Align, size: f64) -> f64 {
        self.width + self.stretch(align, size) * self.spaces as f64
    }

    /// Left end of the line in a frame that begins at `x`.
    pub(super) fn left(&self, x: f64, align: Align) -> f64 {
        let slack = (self.measure - self.width).max(0.0);
        match align {
            Align::Left | Align::Justify => x + self.indent,
            Align::Center => x + self.indent + slack / 2.0,
            Align::Right => x + self.indent + slack,
        }
    }

    /// Places the line: `top` is that of its leading.
    pub(super) fn place(&self, x: f64, top: f64, align: Align, style: &TextStyle, owner: Owner, to: &mut Drawing) {
        let stretch = self.stretch(align, style.size);
        let left = self.left(x, align);
        let baseline = baseline(top, style);
        for decoration in &self.decorations {
            let stretched = |(width, spaces): (f64, usize)| width + stretch * spaces as f64;
            let from = left + stretched(decoration.from);
            let width = stretched(decoration.width);
            let look = decoration.look;
            if look.highlight {
                to.shapes.push(Shape::Fill {
                    at: (from, baseline - 0.8 * style.size),
                    size: (width, 1.05 * style.size),
                    color: HIGHLIGHT,
                });
            }
            if look.underline {
                let y = baseline + 0.12 * style.size;
                to.shapes.push(Shape::Rule {
                    from: (from, y),
                    to: (from + width, y),
                    thickness: 0.05 * style.size,
                    dotted: false,
                    color: look.color,
                });
            }
            if decoration.gap >= DOTTED * style.size {
                let y = baseline + 1.0;
                to.shapes.push(Shape::Rule {
                    from: (from + width - decoration.gap, y),
                    to: (from + width, y),
                    thickness: 0.8,
                    dotted: true,
                    color: super::BLACK,
                });
            }
        }
        to.lines.push(Line { owner, x: left, baseline, angle: 0.0, stretch, runs: Arc::clone(&self.runs) });
    }
}

/// Adds the letters of a piece to the runs of a line.
fn add(runs: &mut Vec<Run>, piece: &Piece, size: f64) {
    match runs.last_mut() {
        Some(run) if run.face == piece.look.face && run.color == piece.look.color && run.gap == 0.0 => {
            run.text.push_str(&piece.text);
            run.gap = piece.gap;
        }
        _ => runs.push(Run {
            face: piece.look.face,
            size,
            color: piece.look.color,
            text: piece.text.clone(),
            gap: piece.gap,
        }),
    }
}

/// Baseline of a line whose leading begins at `top`: ascent and descent of Times centred in the leading.
pub(super) fn baseline(top: f64, style: &TextStyle) -> f64 {
    top + style.leading / 2.0 + 0.3375 * style.size
}
