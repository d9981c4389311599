//! Column widths by content: what makes the rows of a long table lowest.

/// A column never gets less than this share of the room, however little stands in it.
const LEAST_SHARE: f64 = 0.03;
/// Most rows looked at; of a longer table these, evenly taken.
const MOST_ROWS: usize = 300;
/// Shares of the room that are moved from one column to another, the coarsest first.
const STEPS: [f64; 5] = [0.1, 0.05, 0.025, 0.0125, 0.006];

/// Weight of a line's fullness beside the line.
const FULLNESS: f64 = 0.4;

/// A cell as it counts here: its paragraphs as words, each with the space behind it.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    pub(super) paragraphs: Vec<Vec<(f64, f64)>>,
    pub(super) leading: f64,
}

impl Content {
    /// Height when set in this width; how full the lines are counts a little, so that room moves also where it does not save
    /// a line yet.
    fn height(&self, width: f64) -> f64 {
        let lines: usize = self.paragraphs.iter().map(|words| lines(words, width)).sum();
        let length: f64 = self.paragraphs.iter().flatten().map(|(word, space)| word + space).sum();
        (lines.max(1) as f64 + FULLNESS * length / width.max(1.0)) * self.leading
    }
}

fn lines(words: &[(f64, f64)], width: f64) -> usize {
    let (mut lines, mut filled, mut space) = (1, 0.0, 0.0);
    for (word, after) in words {
        if filled > 0.0 && filled + space + word > width {
            lines += 1;
            filled = 0.0;
            space = 0.0;
        }
        filled += space + word;
        space = *after;
        // A word wider than its column is divided.
        while filled > width && width > 0.0 {
            lines += 1;
            filled -= width;
        }
    }
    lines
}

/// A table to be fitted.
pub(super) struct Fit<'a> {
    /// Rows of cells, each with the times it is set: the head comes again on every page.
    pub(super) rows: Vec<(f64, &'a [Content])>,
    /// Least width of each column.
    pub(super) least: &'a [f64],
    /// What of a column is not for words.
    pub(super) padding: f64,
    /// Width of all columns together.
    pub(super) room: f64,
}

impl Fit<'_> {
    /// The widths, from these on.
    pub(super) fn widths(mut self, start: Vec<f64>) -> Vec<f64> {
        if self.rows.len() > MOST_ROWS {
            let step = self.rows.len().div_ceil(MOST_ROWS);
            self.rows = self.rows.into_iter().step_by(step).collect();
        }
        let least: Vec<f64> = self.least.iter().map(|least| least.max(self.room * LEAST_SHARE)).collect();
        let mut widths = start;
        let mut heights: Vec<Vec<f64>> = (0..widths.len()).map(|column| self.column(column, widths[column])).collect();
        let mut total = self.total(&heights);
        for step in STEPS.map(|share| share * self.room) {
            while let Some((better, from, to)) = self.best(&widths, &heights, &least, step, total) {
                widths[from] -= step;
                widths[to] += step;
                heights[from] = self.column(from, widths[from]);
                heights[to] = self.column(to, widths[to]);
                total = better;
            }
        }
        widths
    }

    /// The move that saves most.
    fn best(
        &self,
        widths: &[f64],
        heights: &[Vec<f64>],
        least: &[f64],
        step: f64,
        total: f64,
    ) -> Option<(f64, usize, usize)> {
        let wider: Vec<Vec<f64>> = widths.iter().enumerate().map(|(c, width)| self.column(c, width + step)).collect();
        let mut best: Option<(f64, usize, usize)> = None;
        for from in (0..widths.len()).filter(|from| widths[*from] - step >= least[*from]) {
            let narrower = self.column(from, widths[from] - step);
            for to in (0..widths.len()).filter(|to| *to != from) {
                let column = |at: usize| match at {
                    at if at == from => &narrower,
                    at if at == to => &wider[at],
                    at => &heights[at],
                };
                let height = self.total_of(widths.len(), column);
                if height + 0.01 < best.map_or(total, |(height, ..)| height) {
                    best = Some((height, from, to));
                }
            }
        }
        best
    }

    fn column(&self, column: usize, width: f64) -> Vec<f64> {
        let height = |cells: &[Content]| cells.get(column).map_or(0.0, |cell| cell.height(width - self.padding));
        self.rows.iter().map(|(_, cells)| height(cells)).collect()
    }

    fn total(&self, heights: &[Vec<f64>]) -> f64 {
        self.total_of(heights.len(), |column| &heights[column])
    }

    fn total_of<'h>(&self, columns: usize, heights: impl Fn(usize) -> &'h Vec<f64>) -> f64 {
        let row = |row: usize| (0..columns).map(|column| heights(column)[row]).fold(0.0, f64::max);
        self.rows.iter().enumerate().map(|(at, (times, _))| times * row(at)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(words: usize) -> Content {
        Content { paragraphs: vec![vec![(20.0, 3.0); words]], leading: 15.0 }
    }

    #[test]
    fn room_goes_to_the_column_that_makes_rows_high() {
        let rows: Vec<Vec<Content>> = (0..10).map(|_| vec![cell(2), cell(30), cell(1)]).collect();
        let fit = || Fit {
            rows: rows.iter().map(|row| (1.0, row.as_slice())).collect(),
            least: &[24.0, 24.0, 24.0],
            padding: 4.0,
            room: 300.0,
        };
        let even = vec![100.0; 3];
        let fitted = fit().widths(even.clone());
        assert!((fitted.iter().sum::<f64>() - 300.0).abs() < 1e-6, "{fitted:?}");
        assert!(fitted[1] > 190.0 && fitted[0] >= 24.0 && fitted[2] >= 24.0, "{fitted:?}");
        let height = |widths: &[f64]| (0..3).map(|c| rows[0][c].height(widths[c] - 4.0)).fold(0.0, f64::max);
        assert!(height(&fitted) < height(&even) * 0.6);
    }

    #[test]
    fn lines_are_counted_as_words_fall() {
        let words = vec![(20.0, 3.0); 5];
        assert_eq!([200.0, 112.0, 111.0, 20.0, 10.0].map(|width| lines(&words, width)), [1, 1, 2, 5, 10]);
        assert_eq!(lines(&[], 10.0), 1);
    }
}
