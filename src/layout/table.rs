//! Tables: rows that stay whole, a head repeated on every page.

use super::flow::{Flow, Frame};
use super::slab::{Row as SlabRow, Slab, Stack};
use super::style::TextStyle;
use super::word::Measurer;
use super::{ElementId, Role};
use crate::document::{Block, Row};

/// Words from this length on (serial numbers, addresses) may be divided in a cell.
const LONG_WORD: usize = 20;
/// Room for sums that do not come out even.
const ROUNDING: f64 = 0.01;

impl Flow<'_> {
    /// A table, one slab a row.
    pub(super) fn table(
        &mut self,
        widths: &[f64],
        borders: bool,
        head: &[Row],
        body: &[Row],
        frame: Frame,
    ) -> Vec<Slab> {
        let mut edges = vec![frame.x];
        for width in self.column_widths(widths, borders, head, body, frame.width) {
            edges.push(edges.last().copied().unwrap_or(frame.x) + width);
        }
        let table = self.element(Role::Table, frame.parent);
        let mut slabs = Vec::new();
        let mut repeated = None;
        if !head.is_empty() {
            // A head without a body is not allowed (ISO 14289-1, 7.2, as veraPDF reads it): its rows are the body then.
            let role = if body.is_empty() { Role::TableBody } else { Role::TableHead };
            let part = self.element(role, table);
            for row in head {
                slabs.push(self.row(row, &edges, borders, part));
            }
            for slab in slabs.iter_mut().skip(1) {
                slab.joined = true;
            }
            self.heads.push(slabs.clone());
            repeated = Some(self.heads.len() - 1);
        }
        if !body.is_empty() {
            let part = self.element(Role::TableBody, table);
            for (index, row) in body.iter().enumerate() {
                let slab = self.row(row, &edges, borders, part);
                slabs.push(Slab { joined: index == 0 && !head.is_empty(), head: repeated, ..slab });
            }
        }
        let spacing = self.style.text("body").after;
        if let Some(first) = slabs.first_mut() {
            first.before = spacing / 2.0;
        }
        if let Some(last) = slabs.last_mut() {
            last.after = spacing;
        }
        slabs
    }

    fn cell_padding(&self, borders: bool) -> f64 {
        if borders { self.style.table.padding_x } else { self.style.table.padding_x / 2.0 }
    }

    /// The columns' widths by weight; one too narrow for its longest word takes room from those that have some to spare.
    fn column_widths(&self, weights: &[f64], borders: bool, head: &[Row], body: &[Row], room: f64) -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        let mut widths: Vec<f64> = weights.iter().map(|weight| room * weight / total).collect();
        let mut needed = vec![0.0; weights.len()];
        for row in head.iter().chain(body) {
            let mut column = 0;
            for cell in row {
                if cell.span == 1
                    && let Some(needed) = needed.get_mut(column)
                {
                    let style = self.style.text(if cell.head { "cell-head" } else { "cell" });
                    let longest = self.longest_word(&cell.blocks, style);
                    *needed = longest.max(*needed);
                }
                column += cell.span;
            }
        }
        let padding = 2.0 * self.cell_padding(borders);
        needed.iter_mut().for_each(|needed| *needed += padding + ROUNDING);
        let lacking: f64 = widths.iter().zip(&needed).map(|(width, needed)| (needed - width).max(0.0)).sum();
        let spare: f64 = widths.iter().zip(&needed).map(|(width, needed)| (width - needed).max(0.0)).sum();
        if lacking > 0.0 && lacking <= spare {
            for (width, needed) in widths.iter_mut().zip(&needed) {
                *width = if *width < *needed { *needed } else { *width - (*width - needed) * lacking / spare };
            }
        }
        widths
    }

    /// Width of the longest word that had better not be divided.
    fn longest_word(&self, blocks: &[Block], style: &TextStyle) -> f64 {
        let mut longest: f64 = 0.0;
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    let style = paragraph.style.as_deref().and_then(|name| self.style.find(name)).unwrap_or(style);
                    // Letters no face has are told when the cell is set.
                    for word in Measurer::new(self.fonts, style).words(&paragraph.content).unwrap_or_default() {
                        if word.text().chars().count() < LONG_WORD {
                            longest = longest.max(word.width);
                        }
                    }
                }
                Block::List { items, .. } => {
                    let (_, indent) = self.style.list_indents(true);
                    for item in items {
                        longest = longest.max(indent + self.longest_word(item, style));
                    }
                }
                _ => {}
            }
        }
        longest
    }

    fn row(&mut self, row: &Row, edges: &[f64], borders: bool, part: ElementId) -> Slab {
        let padding_x = self.cell_padding(borders);
        let parent = self.element(Role::Row, part);
        let mut cells = Vec::new();
        let mut column = 0;
        for cell in row {
            let edge = |column: usize| edges.get(column).or(edges.last()).copied().unwrap_or_default();
            let (left, right) = (edge(column), edge(column + cell.span));
            column += cell.span;
            let role = if cell.head { Role::HeadCell(cell.span) } else { Role::Cell(cell.span) };
            let element = self.element(role, parent);
            let inner = Frame {
                x: left + padding_x,
                width: right - left - 2.0 * padding_x,
                parent: element,
                narrow: true,
                style: if cell.head { "cell-head" } else { "cell" },
            };
            self.within.push(("cột", column));
            let mut slabs = self.blocks(&cell.blocks, inner);
            self.within.pop();
            if cell.blocks.is_empty() {
                let height = self.style.text(inner.style).leading;
                slabs.push(Slab { height, ..Slab::default() });
            }
            cells.push(Stack { x: left, width: right - left, slabs });
        }
        let rule = self.style.rule;
        Slab::row(SlabRow { cells, padding: self.style.table.padding_y, borders: borders.then_some(rule) })
    }
}
