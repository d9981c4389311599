//! A form cut into its text and its tags, with their places. Not a parser of Tera: it knows where tags begin and end, and
//! what words stand in them.

use std::ops::Range;

use crate::diagnostic::Span;

/// A word, quoted text or sign between the marks of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword.
    Word(String),
    /// Text between quotation marks, without them.
    Quoted(String),
    /// Anything else, one sign each.
    Sign(char),
}

/// A token with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// A tag: `{{ … }}` or `{% … %}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// `{{ … }}`.
    pub(super) prints: bool,
    pub(super) tokens: Vec<Lexeme>,
    pub(super) span: Span,
    /// Bytes of the form it takes.
    pub(super) range: Range<usize>,
}

impl Tag {
    /// The first word of a `{% … %}` tag.
    pub(super) fn keyword(&self) -> &str {
        match self.tokens.first().map(|lexeme| &lexeme.token) {
            Some(Token::Word(word)) if !self.prints => word,
            _ => "",
        }
    }

    /// Whether a sign stands among the tokens.
    fn has(&self, sign: char) -> bool {
        self.tokens.iter().any(|lexeme| lexeme.token == Token::Sign(sign))
    }
}

/// A piece of a form; comments are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Text that is printed as it stands, by bytes of the form.
    Text(Range<usize>),
    /// A tag.
    Tag(Tag),
}

/// A form cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// Where a tag or comment begins that does not end, and what would end it.
    pub(super) open: Option<(Span, &'static str)>,
}

impl Scan {
    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.parts.iter().filter_map(|part| match part {
            Part::Tag(tag) => Some(tag),
            Part::Text(_) => None,
        })
    }
}

/// Walks over a text, counting lines and columns.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        if letter == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(letter)
    }

    fn skip(&mut self, letters: usize) {
        for _ in 0..letters {
            self.step();
        }
    }

    fn here(&self, length: usize) -> Span {
        Span { line: self.line, column: self.column, length }
    }
}

/// The place of a byte of `text`.
pub(super) fn place(text: &str, byte: usize) -> Span {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    Span { line: before.matches('\n').count() + 1, column: before[line..].chars().count() + 1, length: 0 }
}

/// Cuts a form into pieces.
pub(super) fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut cursor = Cursor { text, at: 0, line: 1, column: 1 };
    let mut begun = 0;
    let mut raw = false;
    while cursor.peek().is_some() {
        let rest = cursor.rest();
        let opens = rest.starts_with("{{") || rest.starts_with("{%") || rest.starts_with("{#");
        if !opens || (raw && !ends_raw(rest)) {
            cursor.step();
            continue;
        }
        if begun < cursor.at {
            scan.parts.push(Part::Text(begun..cursor.at));
        }
        let (span, start) = (cursor.here(2), cursor.at);
        let close = match &rest[..2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        if close == "#}" {
            match rest.find(close) {
                Some(end) => cursor.skip(rest[..end + 2].chars().count()),
                None => scan.open = Some((span, close)),
            }
        } else if let Some(tokens) = tokens(&mut cursor, close) {
            let inside = cursor.text[start..cursor.at].chars().count();
            let length = if cursor.line == span.line { inside } else { 2 };
            let tag = Tag { prints: close == "}}", tokens, span: Span { length, ..span }, range: start..cursor.at };
            raw = match tag.keyword() {
                "raw" => true,
                "endraw" => false,
                _ => raw,
            };
            scan.parts.push(Part::Tag(tag));
        } else {
            scan.open = Some((span, close));
        }
        if scan.open.is_some() {
            return scan;
        }
        begun = cursor.at;
    }
    if begun < text.len() {
        scan.parts.push(Part::Text(begun..text.len()));
    }
    scan
}

fn ends_raw(rest: &str) -> bool {
    rest.strip_prefix("{%").is_some_and(|inside| inside.trim_start_matches(['-', ' ']).starts_with("endraw"))
}

/// The tokens of the tag the cursor stands at; it goes past the tag. `None` when the tag does not end.
fn tokens(cursor: &mut Cursor<'_>, close: &str) -> Option<Vec<Lexeme>> {
    cursor.skip(2);
    if cursor.peek() == Some('-') {
        cursor.step();
    }
    let mut tokens = Vec::new();
    loop {
        let rest = cursor.rest();
        if rest.starts_with(close) || rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(close)) {
            cursor.skip(if rest.starts_with('-') { 3 } else { 2 });
            return Some(tokens);
        }
        if rest.starts_with("{{") || rest.starts_with("{%") || rest.starts_with("{#") {
            return None;
        }
        let letter = cursor.peek()?;
        let begin = cursor.here(1);
        if letter.is_alphabetic() || letter == '_' {
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let length = word.chars().count();
            cursor.skip(length);
            tokens.push(Lexeme { token: Token::Word(word), span: Span { length, ..begin } });
        } else if matches!(letter, '"' | '\'' | '`') {
            let inside = rest[1..].split_once(letter)?.0.to_owned();
            let length = inside.chars().count() + 2;
            cursor.skip(length);
            tokens.push(Lexeme { token: Token::Quoted(inside), span: Span { length, ..begin } });
        } else {
            cursor.step();
            if !letter.is_whitespace() {
                tokens.push(Lexeme { token: Token::Sign(letter), span: begin });
            }
        }
    }
}

/// The first tag that opens a part of the form (`if`, `for`, …) which is not closed: its place, its word, the word that
/// would close it.
pub(super) fn unclosed(scan: &Scan) -> Option<(Span, String, String)> {
    let mut open: Vec<(&str, Span)> = Vec::new();
    let told = |(word, span): (&str, Span)| (span, word.to_owned(), format!("end{word}"));
    for tag in scan.tags() {
        let word = tag.keyword();
        match word {
            "if" | "for" | "block" | "filter" | "component" | "raw" => open.push((word, tag.span)),
            "set" | "set_global" if !tag.has('=') => open.push((word, tag.span)),
            _ => {}
        }
        let Some(closes) = word.strip_prefix("end").filter(|word| !word.is_empty()) else { continue };
        match open.iter().rposition(|(word, _)| *word == closes) {
            Some(last) if last + 1 == open.len() => {
                open.pop();
            }
            Some(_) => return open.last().copied().map(told),
            None => return None,
        }
    }
    open.last().copied().map(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        scan(text)
            .tags()
            .map(|tag| {
                let show = |lexeme: &Lexeme| match &lexeme.token {
                    Token::Word(word) => word.clone(),
                    Token::Quoted(text) => format!("“{text}”"),
                    Token::Sign(sign) => sign.to_string(),
                };
                tag.tokens.iter().map(show).collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    #[test]
    fn tags_are_told_from_text_and_comments() {
        assert_eq!(
            words("a {# {{ b }} #} {{- c.d }}\n{% if e and \"f }} g\" %}h{% endif -%}"),
            ["c . d", "if e and “f }} g”", "endif"]
        );
        let found = scan("một {{ hai }}\n{% ba %}");
        let spans: Vec<Span> = found.tags().map(|tag| tag.span).collect();
        assert_eq!(spans, [Span { line: 1, column: 5, length: 9 }, Span { line: 2, column: 1, length: 8 }]);
        assert_eq!(words("{% raw %}{{ a }}{% endraw %}{{ b }}"), ["raw", "endraw", "b"]);
    }

    #[test]
    fn a_tag_that_does_not_end_is_found_where_it_begins() {
        assert_eq!(scan("a\n  {{ b }\n{% if c %}").open, Some((Span { line: 2, column: 3, length: 2 }, "}}")));
        assert_eq!(scan("{% if c\n<p>").open, Some((Span { line: 1, column: 1, length: 2 }, "%}")));
        assert_eq!(scan("{# a").open, Some((Span { line: 1, column: 1, length: 2 }, "#}")));
        assert_eq!(scan("{{ \"a }}").open, Some((Span { line: 1, column: 1, length: 2 }, "}}")));
    }

    #[test]
    fn an_unclosed_part_is_found_where_it_begins() {
        let found = |text: &str| unclosed(&scan(text)).map(|(span, word, _)| (span.line, word));
        assert_eq!(found("{% block a %}\n{% if b %}\n{% endblock a %}"), Some((2, "if".to_owned())));
        assert_eq!(found("{% for a in b %}\n{% if a %}{% endif %}"), Some((1, "for".to_owned())));
        assert_eq!(found("{% if a %}{% endif %}{% set x = 1 %}"), None);
        assert_eq!(found("{% set x %}a"), Some((1, "set".to_owned())));
    }

    #[test]
    fn places_count_letters() {
        assert_eq!(place("ăâ\nđê x", "ăâ\nđê ".len()), Span { line: 2, column: 4, length: 0 });
    }
}
