//! A sentence with columns in it: "Về sự cố {dich_vu}".

/// What is wrong with such a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A column that is not declared.
    NoColumn(String),
    /// A brace that is not closed.
    Open,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Column(usize),
}

/// A sentence with columns in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

impl Pattern {
    /// Reads `text`; `place` finds a column by its name.
    pub(super) fn parse(text: &str, place: impl Fn(&str) -> Option<usize>) -> Result<Self, Fault> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(Fault::Open)?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Column(place(name.trim()).ok_or_else(|| Fault::NoColumn(name.trim().to_owned()))?));
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// Columns it uses.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|piece| if let Piece::Column(place) = piece { Some(*place) } else { None })
    }

    /// The sentence for one row.
    pub(super) fn fill<'a>(&'a self, cells: impl Fn(usize) -> &'a str) -> String {
        let words = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Column(place) => cells(*place),
        });
        words.collect()
    }
}
