//! The passage of a text a search is about.

use super::fold;
use super::query::Mark;

/// Longest passage, in characters.
const LONGEST: usize = 180;
/// Characters before the first word found.
const LEAD: usize = 60;

/// A passage, with the ranges (in bytes) of the words found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The passage; "…" where the text goes on.
    pub text: String,
    /// The words found.
    pub marks: Vec<std::ops::Range<usize>>,
}

/// The line of `text` that holds most of what was searched for, accents as typed counting more; cut to a passage.
pub(super) fn of(text: &str, wanted: &[Mark]) -> Option<Snippet> {
    let mut best: Option<(usize, &str)> = None;
    for line in text.lines() {
        let score = score(line, wanted);
        if score > best.map_or(0, |(score, _)| score) {
            best = Some((score, line));
        }
    }
    Some(cut(best?.1, wanted))
}

fn score(line: &str, wanted: &[Mark]) -> usize {
    let mut found = vec![0; wanted.len()];
    for (_, word) in fold::words(line) {
        let folded = fold::folded(word);
        for (place, mark) in wanted.iter().enumerate() {
            if mark.is(&folded) {
                let exactly = mark.exact.as_ref().is_some_and(|exact| *exact == fold::exact(word));
                found[place] = found[place].max(2 + usize::from(exactly));
            }
        }
    }
    found.iter().sum()
}

impl Mark {
    fn is(&self, folded: &str) -> bool {
        if self.is_prefix { folded.starts_with(&self.folded) } else { folded == self.folded }
    }
}

/// `text` with the words found, not cut.
pub(super) fn marked(text: &str, wanted: &[Mark]) -> Vec<std::ops::Range<usize>> {
    let is_wanted = |word: &str| {
        let folded = fold::folded(word);
        wanted.iter().any(|mark| mark.is(&folded))
    };
    fold::words(text).filter(|(_, word)| is_wanted(word)).map(|(at, word)| at..at + word.len()).collect()
}

fn cut(line: &str, wanted: &[Mark]) -> Snippet {
    let first = marked(line, wanted).first().map_or(0, |range| range.start);
    let back = |at: usize, by: usize| line[..at].char_indices().rev().nth(by.saturating_sub(1)).map_or(0, |(at, _)| at);
    let mut start = if line[..first].chars().count() <= LEAD { 0 } else { back(first, LEAD) };
    let mut end = line[start..].char_indices().nth(LONGEST).map_or(line.len(), |(at, _)| start + at);
    // At blanks, so that no word is cut.
    if start > 0 {
        start = line[start..first].find(' ').map_or(start, |at| start + at + 1);
    }
    if end < line.len() {
        end = line[start..end].rfind(' ').map_or(end, |at| start + at);
    }
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < line.len() { "…" } else { "" });
    let text = format!("{before}{}{after}", &line[start..end]);
    let marks = marked(&text, wanted);
    Snippet { text, marks }
}

#[cfg(test)]
mod tests {
    use super::super::query::Query;
    use super::*;

    fn snippet(text: &str, query: &str) -> Snippet {
        of(text, &Query::new(query).unwrap().marks).unwrap()
    }

    #[test]
    fn the_line_with_most_words_is_shown_and_marked() {
        let text = "Phí gia hạn\nKhách hàng Nguyễn Thị Hương\nKhách hàng Nguyễn Thị Hường phản ánh phí\n";
        let found = snippet(text, "Nguyễn Hường");
        assert_eq!(found.text, "Khách hàng Nguyễn Thị Hường phản ánh phí");
        let marked: Vec<&str> = found.marks.iter().map(|range| &found.text[range.clone()]).collect();
        assert_eq!(marked, ["Nguyễn", "Hường"]);
        assert_eq!(snippet(text, "nguyen huong").text, "Khách hàng Nguyễn Thị Hương");
        assert_eq!(of(text, &Query::new("chứng thư").unwrap().marks), None);
    }

    #[test]
    fn a_long_line_is_cut_between_words() {
        let words = |word: &str| vec![word; 60].join(" ");
        let text = format!("{} Hường {}", words("trước"), words("sau"));
        let found = snippet(&text, "huong");
        assert!(found.text.starts_with("…trước ") && found.text.ends_with(" sau…"), "{}", found.text);
        assert!(found.text.chars().count() <= LONGEST + 2);
        assert_eq!(found.marks.len(), 1);
        let late = format!("{} Hường", words("trước"));
        assert!(snippet(&late, "huong").text.ends_with(" Hường"));
    }
}
