//! What somebody typed → expressions of the index.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::fold;

/// A search as the index understands it: expressions of SQLite's FTS5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// Every word, in any column.
    pub(super) all: String,
    /// The words as a name, one behind the other; only where they may be one.
    pub(super) name: Option<String>,
    /// The accented words, as typed, in a name; none where nothing was accented.
    pub(super) exact_name: Option<String>,
    /// The accented words, as typed, anywhere.
    pub(super) exact: Option<String>,
    /// The words of `name`, without accents.
    name_words: Vec<String>,
    /// What snippets look for, without accents.
    pub(super) marks: Vec<Mark>,
}

/// How near a dossier is to what was asked: the order of the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The name, accents as typed.
    ExactName,
    /// The accented words as typed, somewhere.
    Exact,
    /// The name, whatever its accents.
    Name,
    /// All the words.
    Words,
}

/// A word to be marked in a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) folded: String,
    /// With its accents, where it was typed with any.
    pub(super) exact: Option<String>,
    /// Whether longer words count, too.
    pub(super) is_prefix: bool,
}

/// Words that stand together: between blanks, or between quotation marks.
struct Chunk {
    text: String,
    is_quoted: bool,
}

fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let (mut current, mut is_quoted) = (String::new(), false);
    for c in text.nfc() {
        let is_quote = matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
        if is_quote || (c.is_whitespace() && !is_quoted) {
            if !current.trim().is_empty() {
                chunks.push(Chunk { text: std::mem::take(&mut current), is_quoted });
            }
            current.clear();
            is_quoted = if is_quote { !is_quoted } else { is_quoted };
        } else {
            current.push(c);
        }
    }
    // A quotation nobody ended is meant as words.
    let rest = if is_quoted { current.split_whitespace().map(str::to_owned).collect() } else { vec![current] };
    chunks.extend(rest.into_iter().filter(|text| !text.trim().is_empty()).map(|text| Chunk { text, is_quoted: false }));
    spoken_numbers(chunks)
}

/// "0912 345 678" in three words is one number; "+84 912 345 678" as well.
fn spoken_numbers(chunks: Vec<Chunk>) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::new();
    let mut open = false;
    for chunk in chunks {
        let is_number = !chunk.is_quoted && (fold::digits(&chunk.text).is_some() || chunk.text == "+84");
        match out.last_mut() {
            Some(last) if open && is_number => {
                last.text.push(' ');
                last.text.push_str(&chunk.text);
            }
            _ => out.push(chunk),
        }
        open = is_number;
    }
    out
}

/// Letters and digits of the shortest number that is put together out of pieces.
const SHORTEST_SERIAL: usize = 8;

/// Pieces in a row that may be one serial, parted otherwise than it was written: "540100000000 07c2". Their places, and the serial.
fn serials(chunks: &[Chunk]) -> Vec<(std::ops::Range<usize>, String)> {
    let is_piece = |chunk: &Chunk| {
        let mut signs = chunk.text.chars().filter(|c| !c.is_whitespace());
        !chunk.is_quoted && signs.all(|c| c.is_ascii_hexdigit() || ":.-".contains(c))
    };
    let (mut found, mut from) = (Vec::new(), 0);
    while from < chunks.len() {
        let length = chunks[from..].iter().take_while(|chunk| is_piece(chunk)).count();
        let joined: String = chunks[from..from + length].iter().map(|chunk| chunk.text.as_str()).collect();
        let is_serial = length > 1
            && joined.chars().filter(char::is_ascii_hexdigit).count() >= SHORTEST_SERIAL
            && joined.contains(|c: char| c.is_ascii_digit());
        if is_serial {
            found.push((from..from + length, fold::squeezed(&joined)));
        }
        from += length.max(1);
    }
    found
}

impl Query {
    /// `None` when nothing in `text` can be searched for.
    pub(super) fn new(text: &str) -> Option<Self> {
        let (mut all, mut plain, mut exact, mut marks) = (Vec::new(), Some(Vec::new()), Vec::new(), Vec::new());
        let chunks = chunks(text);
        let serials = serials(&chunks);
        for (place, Chunk { text, is_quoted }) in chunks.into_iter().enumerate() {
            let is_prefix = text.ends_with('*');
            let words: Vec<&str> = fold::words(&text).map(|(_, word)| word).collect();
            let Some((last, before)) = words.split_last() else { continue };
            let folded: Vec<String> = words.iter().map(|word| fold::folded(word)).collect();
            let star = if is_prefix { "*" } else { "" };
            let number = fold::digits(&text).filter(|_| !is_quoted && (words.len() > 1 || text.starts_with('+')));
            let expression = match number {
                // A number may be typed and printed with other signs between its digits, or none.
                Some(number) => format!("(\"{}\"{star} OR \"{number}\"{star})", folded.join(" ")),
                // A code stands in the index without its signs, wherever it was written: one rare word, and not four of all days.
                None if !is_quoted && fold::is_code(&text) => format!("\"{}\"{star}", fold::squeezed(&text)),
                None => format!("\"{}\"{star}", folded.join(" ")),
            };
            all.push((place, expression));
            let is_name = !is_prefix && words.iter().all(|word| word.chars().all(char::is_alphabetic));
            match &mut plain {
                Some(plain) if is_name => plain.push(folded.join(" ")),
                _ => plain = None,
            }
            for word in before.iter().chain([last]) {
                let whole = !(is_prefix && word == last);
                let accented = (whole && !word.is_ascii()).then(|| fold::exact(word));
                exact.extend(accented.iter().map(|word| format!("\"{word}\"")));
                marks.push(Mark { folded: fold::folded(word), exact: accented, is_prefix: !whole });
            }
        }
        if all.is_empty() {
            return None;
        }
        let all = with_serials(&all, &serials);
        let name_words: Vec<String> =
            plain.iter().flatten().flat_map(|words| words.split(' ')).map(str::to_owned).collect();
        let among = |columns: &str, expression: &str| format!("{{{columns}}} : ({expression})");
        let name = plain.map(|words| among("names", &format!("\"{}\"", words.join(" "))));
        let exact = (!exact.is_empty()).then(|| exact.join(" AND "));
        let all = among("names codes body", &all);
        Some(Self {
            exact_name: name
                .as_ref()
                .zip(exact.as_ref())
                .map(|(name, exact)| format!("{name} AND {}", among("exact_names", exact))),
            exact: exact.map(|exact| format!("{all} AND {}", among("exact_names exact_body", &exact))),
            name,
            all,
            name_words,
            marks,
        })
    }
}

/// Every expression, those of the pieces of a serial or the serial.
fn with_serials(all: &[(usize, String)], serials: &[(std::ops::Range<usize>, String)]) -> String {
    let mut out: Vec<String> = Vec::new();
    let serial = |place: &usize| serials.iter().find(|(places, _)| places.contains(place));
    for run in all.chunk_by(|(a, _), (b, _)| serial(a).is_some() && serial(a) == serial(b)) {
        let pieces: Vec<&str> = run.iter().map(|(_, expression)| expression.as_str()).collect();
        let pieces = pieces.join(" AND ");
        out.push(match serial(&run[0].0) {
            Some((_, serial)) => format!("(({pieces}) OR \"{serial}\")"),
            None => pieces,
        });
    }
    out.join(" AND ")
}

impl Query {
    /// How near a dossier with these names and this text is, which is known to answer: what [`Self::exact_name`] and the others say,
    /// judged on the dossier itself. `text` is asked for only where it decides.
    pub(super) fn nearness(&self, names: &str, text: impl FnOnce() -> String) -> Nearness {
        let words: Vec<&str> = fold::words(names).map(|(_, word)| word).collect();
        let folded: Vec<String> = words.iter().map(|word| fold::folded(word)).collect();
        let is_name =
            !self.name_words.is_empty() && folded.windows(self.name_words.len()).any(|run| run == self.name_words);
        let typed: Vec<&String> = self.marks.iter().filter_map(|mark| mark.exact.as_ref()).collect();
        let lacks = |held: &HashSet<String>| typed.iter().any(|word| !held.contains(*word));
        let mut held: HashSet<String> = words.iter().map(|word| fold::exact(word)).collect();
        if typed.is_empty() {
            return if is_name { Nearness::Name } else { Nearness::Words };
        }
        if is_name && !lacks(&held) {
            return Nearness::ExactName;
        }
        if lacks(&held) {
            held.extend(fold::words(&text()).map(|(_, word)| fold::exact(word)));
        }
        match (lacks(&held), is_name) {
            (false, _) => Nearness::Exact,
            (true, true) => Nearness::Name,
            (true, false) => Nearness::Words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        Query::new(text).unwrap().all
    }

    #[test]
    fn words_are_asked_for_together() {
        let query = Query::new("Nguyễn thi  HƯỜNG").unwrap();
        assert_eq!(query.all, r#"{names codes body} : ("nguyen" AND "thi" AND "huong")"#);
        assert_eq!(query.name.as_deref(), Some(r#"{names} : ("nguyen thi huong")"#));
        assert!(query.exact_name.unwrap().ends_with(&format!(
            "{{exact_names}} : (\"{}\" AND \"{}\")",
            fold::exact("nguyễn"),
            fold::exact("hường")
        )));
        let query = Query::new("nguyen thi huong").unwrap();
        assert_eq!((query.exact, query.exact_name), (None, None));
    }

    #[test]
    fn codes_and_numbers_are_found_in_any_dress() {
        assert_eq!(all("KN-2026-0042"), r#"{names codes body} : ("kn20260042")"#);
        for number in ["5/PTN-ECA", "05/ptn-eca", "(05/PTN-ECA)"] {
            assert_eq!(all(number), r#"{names codes body} : ("5ptneca")"#, "{number}");
        }
        assert_eq!(all("3/2"), r#"{names codes body} : ("3 2")"#, "too short to be a code");
        for phone in ["0912 345 678", "+84 912 345 678", "0912.345.678"] {
            assert!(all(phone).ends_with(r#" OR "0912345678"))"#), "{}", all(phone));
        }
        assert_eq!(all("0912345678"), r#"{names codes body} : ("0912345678")"#);
        assert_eq!(
            all("5401000000 07C2 hoa"),
            r#"{names codes body} : ((("5401000000" AND "07c2") OR "540100000007c2") AND "hoa")"#
        );
        assert_eq!(all("ba da 1985"), r#"{names codes body} : ((("ba" AND "da" AND "1985") OR "bada1985"))"#);
        assert_eq!(
            all("bà Đa 1985"),
            r#"{names codes body} : ("ba" AND "da" AND "1985")"#,
            "names with accents are no serial"
        );
        assert_eq!(Query::new("KN-2026-0042").unwrap().name, None);
    }

    #[test]
    fn quotations_beginnings_and_what_is_no_query() {
        assert_eq!(all("“gia hạn” phí"), r#"{names codes body} : ("gia han" AND "phi")"#);
        assert_eq!(all("huon*"), r#"{names codes body} : ("huon"*)"#);
        assert_eq!(all("\"gia hạn"), r#"{names codes body} : ("gia" AND "han")"#);
        for nothing in ["", "  ", "\"\"", "*", "- /", "“”"] {
            assert_eq!(Query::new(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn no_sign_reaches_the_index_as_an_operator() {
        for text in ["a\"b", "a:b", "NEAR(a b)", "a OR b NOT c", "^a", "{names}", "a'b--", "x\u{0}y"] {
            let all = all(text);
            let outside: String = all.split('"').step_by(2).collect();
            let outside = outside.replace("{names codes body}", "");
            let rest = outside.replace("AND", "").replace("OR", "");
            assert!(rest.chars().all(|c| " :()*".contains(c)), "{text}: {all}");
        }
    }
}
