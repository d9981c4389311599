//! Tables: rows that stay whole, a head repeated on every page.

use super::fit::{Content, Fit};
use super::flow::{Flow, Frame};
use super::slab::{Row as SlabRow, Slab, Stack};
use super::style::TextStyle;
use super::word::Measurer;
use super::{ElementId, Role};
use crate::document::{Block, Row};

/// Words from this length on (serial numbers, addresses) may be divided in a cell.
const LONG_WORD: usize = 20;
/// About so many rows of a long table stand on a page.
const ROWS_A_PAGE: f64 = 8.0;
/// Room for sums that do not come out even.
const ROUNDING: f64 = 0.01;

impl Flow<'_> {
    /// A table, one slab a row.
    pub(super) fn table(
        &mut self,
        widths: &[f64],
        fitted: bool,
        borders: bool,
        head: &[Row],
        body: &[Row],
        frame: Frame,
    ) -> Vec<Slab> {
        let mut edges = vec![frame.x];
        for width in self.column_widths(widths, fitted, borders, head, body, frame.width) {
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
                slabs.push(self.row(row, &edges, fitted, borders, part));
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
                let slab = self.row(row, &edges, fitted, borders, part);
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
    /// In a fitted table the weights are only where it begins.
    fn column_widths(
        &self,
        weights: &[f64],
        fitted: bool,
        borders: bool,
        head: &[Row],
        body: &[Row],
        room: f64,
    ) -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        let mut widths: Vec<f64> = weights.iter().map(|weight| room * weight / total).collect();
        let mut needed = vec![0.0; weights.len()];
        for row in head.iter().chain(body) {
            let mut column = 0;
            for cell in row {
                if cell.span == 1
                    && let Some(needed) = needed.get_mut(column)
                {
                    let style = self.style.text(self.cell_style(fitted, cell.head));
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
        if fitted && needed.iter().sum::<f64>() <= room {
            let rows: Vec<Vec<Content>> = head.iter().chain(body).map(|row| self.contents(row)).collect();
            let pages = (body.len() as f64 / ROWS_A_PAGE).max(1.0);
            let times = |at: usize| if at < head.len() { pages } else { 1.0 };
            let rows = rows.iter().enumerate().map(|(at, row)| (times(at), row.as_slice())).collect();
            return Fit { rows, least: &needed, padding, room }.widths(widths);
        }
        widths
    }

    /// A row as it counts for the widths of its columns: what spans several counts for none.
    fn contents(&self, row: &Row) -> Vec<Content> {
        let mut contents = Vec::new();
        for cell in row {
            let style = self.style.text(self.cell_style(true, cell.head));
            let mut content = Content { leading: style.leading, ..Content::default() };
            for block in cell.blocks.iter().filter(|_| cell.span == 1) {
                let Block::Paragraph(paragraph) = block else { continue };
                let mut words = Vec::new();
                for word in Measurer::new(self.fonts, style).words(&paragraph.content).unwrap_or_default() {
                    words.push((word.width, word.space.as_ref().map_or(0.0, |space| space.width)));
                    if word.ends_line {
                        content.paragraphs.push(std::mem::take(&mut words));
                    }
                }
                content.paragraphs.push(words);
            }
            contents.push(content);
            contents.extend(std::iter::repeat_n(Content::default(), cell.span.saturating_sub(1)));
        }
        contents
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

    /// The style of a cell: a fitted table is long, and has a smaller one where the style file has it.
    fn cell_style(&self, fitted: bool, head: bool) -> &'static str {
        let (plain, dense) = if head { ("cell-head", "row-head") } else { ("cell", "row") };
        if fitted && self.style.find(dense).is_some() { dense } else { plain }
    }

    fn row(&mut self, row: &Row, edges: &[f64], fitted: bool, borders: bool, part: ElementId) -> Slab {
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
                style: self.cell_style(fitted, cell.head),
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
