//! Rows in a few large pieces: a table of 100,000 rows has two million cells.

use std::sync::Arc;

/// Bytes of text after which a piece is full.
const FULL: usize = 1 << 20;

/// A row that is being written, cell by cell.
#[derive(Debug, Default)]
pub(in crate::batch) struct Draft {
    /// Its number where a person looks at it.
    pub(in crate::batch) number: u32,
    text: String,
    ends: Vec<u32>,
    /// Cells the spreadsheet keeps as numbers.
    numbers: Vec<u16>,
}

impl Draft {
    /// An empty row.
    pub(in crate::batch) fn new(number: u32) -> Self {
        Self { number, ..Self::default() }
    }

    /// Adds the next cell.
    pub(in crate::batch) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Adds the next cell, which the spreadsheet keeps as a number.
    pub(super) fn push_number(&mut self, cell: &str) {
        self.numbers.push(u16::try_from(self.ends.len()).unwrap_or(u16::MAX));
        self.push(cell);
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nothing is written in it.
    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The cells of many rows, one after the other.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    /// Where each cell ends in its row.
    ends: Vec<u32>,
}

/// What a row is of its piece.
#[derive(Debug, Clone)]
struct Place {
    /// Where its text begins.
    text: usize,
    /// First of its cells, and how many.
    cells: (usize, u32),
    /// Cells the spreadsheet keeps as numbers.
    numbers: Box<[u16]>,
}

/// One row; its cells lie in a piece it shares with its neighbours.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number where a person looks at it.
    pub number: u32,
    piece: Arc<Piece>,
    place: Place,
}

impl Row {
    fn ends(&self) -> &[u32] {
        let (first, count) = self.place.cells;
        self.piece.ends.get(first..first + count as usize).unwrap_or_default()
    }

    /// The cell at this place; cells after the last are empty.
    #[must_use]
    pub fn cell(&self, place: usize) -> &str {
        let ends = self.ends();
        let Some(end) = ends.get(place) else { return "" };
        let start = place.checked_sub(1).map_or(0, |before| ends[before] as usize);
        let text = self.place.text;
        self.piece.text.get(text + start..text + *end as usize).unwrap_or_default()
    }

    /// How many cells it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.place.cells.1 as usize
    }

    /// Whether nothing is written in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        (0..self.len()).all(|place| self.cell(place).trim().is_empty())
    }

    /// Whether the spreadsheet keeps this cell as a number.
    pub(in crate::batch) fn is_number(&self, place: usize) -> bool {
        self.place.numbers.iter().any(|number| usize::from(*number) == place)
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        let alike = |place: usize| self.cell(place) == other.cell(place);
        self.number == other.number
            && self.place.numbers == other.place.numbers
            && self.len() == other.len()
            && (0..self.len()).all(alike)
    }
}

impl Eq for Row {}

/// Puts rows into pieces.
#[derive(Debug, Default)]
pub(in crate::batch) struct Packing {
    rows: Vec<Row>,
    piece: Piece,
    /// Rows of the piece by their numbers.
    open: Vec<(u32, Place)>,
}

impl Packing {
    /// Adds a row.
    pub(in crate::batch) fn push(&mut self, draft: &Draft) {
        let Draft { number, text, ends, numbers } = draft;
        let Piece { text: all, ends: known } = &mut self.piece;
        let count = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        let place = Place { text: all.len(), cells: (known.len(), count), numbers: numbers.as_slice().into() };
        self.open.push((*number, place));
        all.push_str(text);
        known.extend_from_slice(ends);
        if all.len() >= FULL {
            self.close();
        }
    }

    fn close(&mut self) {
        let mut piece = std::mem::take(&mut self.piece);
        piece.text.shrink_to_fit();
        piece.ends.shrink_to_fit();
        let piece = Arc::new(piece);
        let row = |(number, place)| Row { number, piece: Arc::clone(&piece), place };
        self.rows.extend(self.open.drain(..).map(row));
    }

    /// All rows, in the order they came.
    pub(in crate::batch) fn finish(mut self) -> Vec<Row> {
        self.close();
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_cells_across_pieces() {
        let long = "ề".repeat(FULL / 4);
        let written: Vec<Vec<String>> = (0..9)
            .map(|row| {
                (0..row % 4).map(|cell| if cell == 1 { long.clone() } else { format!("{row}/{cell}") }).collect()
            })
            .collect();
        let mut packing = Packing::default();
        for (number, cells) in (1..).zip(&written) {
            let mut draft = Draft::new(number);
            cells.iter().for_each(|cell| if cell.len() == 3 { draft.push_number(cell) } else { draft.push(cell) });
            packing.push(&draft);
        }
        let rows = packing.finish();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
        for (row, cells) in rows.iter().zip(&written) {
            assert_eq!(&(0..row.len()).map(|place| row.cell(place)).collect::<Vec<_>>(), cells);
            assert_eq!((row.is_empty(), row.cell(cells.len())), (cells.is_empty(), ""));
            assert!((0..4).all(|place| row.is_number(place) == (place < cells.len() && place != 1)));
        }
        assert!(!Arc::ptr_eq(&rows[0].piece, &rows[8].piece));
        assert!(rows[1] == rows[1].clone() && rows[1] != rows[2]);
    }
}
