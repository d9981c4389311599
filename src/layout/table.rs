//! Tables: rows that stay whole, a head repeated on every page.

use super::flow::{Flow, Frame};
use super::slab::{Row as SlabRow, Slab, Stack};
use super::{ElementId, Role};
use crate::document::Row;

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
        let total: f64 = widths.iter().sum();
        let mut edges = vec![frame.x];
        for weight in widths {
            edges.push(edges.last().copied().unwrap_or(frame.x) + frame.width * weight / total);
        }
        let table = self.element(Role::Table, frame.parent);
        let mut slabs = Vec::new();
        let mut repeated = None;
        if !head.is_empty() {
            let part = self.element(Role::TableHead, table);
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

    fn row(&mut self, row: &Row, edges: &[f64], borders: bool, part: ElementId) -> Slab {
        let padding_x = if borders { self.style.table.padding_x } else { self.style.table.padding_x / 2.0 };
        let parent = self.element(Role::Row, part);
        let mut cells = Vec::new();
        let mut column = 0;
        for cell in row {
            let (left, right) = (edges[column], edges[(column + cell.span).min(edges.len() - 1)]);
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
            let mut slabs = self.blocks(&cell.blocks, inner);
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
