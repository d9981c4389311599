//! The structure tree: which element each piece of marked content belongs to.

use std::collections::BTreeMap;

use super::Error;
use super::content::Marks;
use super::file::{File, Id};
use super::text::{integer, number, reference, string};
use crate::document::Counting;
use crate::layout::{ElementId, Figure, Layout, Role};

/// The standard structure type of a role (ISO 32000-1, 14.8.4).
pub(super) fn name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Section => "Sect",
        Role::Division => "Div",
        Role::Paragraph => "P",
        Role::Heading(level) => ["H1", "H2", "H3", "H4", "H5", "H6"][level.clamp(1, 6) - 1],
        Role::List(_) => "L",
        Role::Item => "LI",
        Role::Label => "Lbl",
        Role::ItemBody => "LBody",
        Role::Table => "Table",
        Role::TableHead => "THead",
        Role::TableBody => "TBody",
        Role::Row => "TR",
        Role::HeadCell(_) => "TH",
        Role::Cell(_) => "TD",
        Role::Figure => "Figure",
    }
}

/// Attributes of the standard owners `List` and `Table` (ISO 32000-1, 14.8.5).
fn attributes(role: Role) -> Option<String> {
    let span = |columns: usize| if columns > 1 { format!("/ColSpan {columns}") } else { String::new() };
    match role {
        Role::List(counting) => {
            let numbering = match counting {
                None => "Disc",
                Some(Counting::Decimal) => "Decimal",
                Some(Counting::Letter) => "LowerAlpha",
                Some(Counting::Roman) => "LowerRoman",
            };
            Some(format!("/O/List/ListNumbering/{numbering}"))
        }
        Role::HeadCell(columns) => Some(format!("/O/Table/Scope/Column{}", span(columns))),
        Role::Cell(columns) if columns > 1 => Some(format!("/O/Table{}", span(columns))),
        _ => None,
    }
}

/// Which elements hold anything: a list without items or a paragraph without words is left out. Empty cells stay, for the
/// sake of their columns.
fn shown(layout: &Layout, marks: &Marks) -> Vec<bool> {
    let mut shown = vec![false; layout.elements.len()];
    for element in marks.iter().flatten() {
        shown[element.0] = true;
    }
    // A parent comes before its children.
    for (index, element) in layout.elements.iter().enumerate().rev() {
        shown[index] |= element.parent.is_none() || matches!(element.role, Role::Cell(_) | Role::HeadCell(_));
        if let Some(parent) = element.parent
            && shown[index]
        {
            shown[parent.0] = true;
        }
    }
    shown
}

/// A kid of an element.
#[derive(Debug, Clone, Copy)]
enum Kid {
    Element(Id),
    Mark(usize),
    /// A mark on another page than the element's first.
    MarkOn(Id, usize),
}

/// The tree of a file that may hold several letters.
#[derive(Debug)]
pub(super) struct Tree {
    root: Id,
    tops: Vec<Id>,
    /// For each page the elements of its marks, in their order.
    parents: Vec<Vec<Id>>,
}

impl Tree {
    pub(super) fn new(file: &mut File) -> Self {
        Self { root: file.reserve(), tops: Vec::new(), parents: Vec::new() }
    }

    /// The entry of the next page in the parent tree.
    pub(super) fn next_page(&self) -> usize {
        self.parents.len()
    }

    /// Adds a letter whose pages are `pages`. In a file of many letters each is a part of the whole.
    pub(super) fn add(
        &mut self,
        file: &mut File,
        layout: &Layout,
        marks: &Marks,
        pages: &[Id],
        whole: Option<Id>,
    ) -> Result<(), Error> {
        let shown = shown(layout, marks);
        let ids: Vec<Id> = shown.iter().map(|shown| if *shown { file.reserve() } else { 0 }).collect();
        let mut kids: Vec<Vec<Kid>> = vec![Vec::new(); ids.len()];
        for (index, element) in layout.elements.iter().enumerate().filter(|(index, _)| shown[*index]) {
            if let Some(parent) = element.parent {
                kids[parent.0].push(Kid::Element(ids[index]));
            }
        }
        let mut first_page: Vec<Option<Id>> = vec![None; ids.len()];
        for (page, elements) in pages.iter().zip(marks) {
            for (mark, element) in elements.iter().enumerate() {
                let first = *first_page[element.0].get_or_insert(*page);
                kids[element.0].push(if first == *page { Kid::Mark(mark) } else { Kid::MarkOn(*page, mark) });
            }
            self.parents.push(elements.iter().map(|element| ids[element.0]).collect());
        }
        let figures = layout.pages.iter().flat_map(|page| &page.figures);
        let figures: BTreeMap<ElementId, &Figure> = figures.map(|figure| (figure.element, figure)).collect();
        for (index, element) in layout.elements.iter().enumerate().filter(|(index, _)| shown[*index]) {
            let parent = element.parent.map_or(whole.unwrap_or(self.root), |parent| ids[parent.0]);
            let role = if whole.is_some() && element.parent.is_none() { "Part" } else { name(element.role) };
            let figure = figures.get(&ElementId(index));
            file.object(ids[index], |out| {
                write(out, role, parent, first_page[index], &kids[index], element.role);
                if let Some(figure) = figure {
                    describe(out, figure, layout.height);
                }
                out.extend_from_slice(b">>");
            })?;
        }
        self.tops.push(ids[0]);
        Ok(())
    }

    /// Writes the root; its number.
    pub(super) fn finish(self, file: &mut File, whole: Option<Id>) -> Result<Id, Error> {
        let table = file.reserve();
        file.object(table, |out| {
            out.extend_from_slice(b"<</Nums[");
            for (page, elements) in self.parents.iter().enumerate() {
                integer(out, page as i64);
                out.push(b'[');
                for element in elements {
                    reference(out, *element);
                    out.push(b' ');
                }
                out.push(b']');
            }
            out.extend_from_slice(b"]>>");
        })?;
        if let Some(whole) = whole {
            file.object(whole, |out| {
                let kids: Vec<Kid> = self.tops.iter().map(|top| Kid::Element(*top)).collect();
                write(out, name(Role::Document), self.root, None, &kids, Role::Document);
                out.extend_from_slice(b">>");
            })?;
        }
        file.object(self.root, |out| {
            out.extend_from_slice(b"<</Type/StructTreeRoot/K ");
            reference(out, whole.or(self.tops.first().copied()).unwrap_or(0));
            out.extend_from_slice(b"/ParentTree ");
            reference(out, table);
            out.extend_from_slice(b"/ParentTreeNextKey ");
            integer(out, self.parents.len() as i64);
            out.extend_from_slice(b">>");
        })?;
        Ok(self.root)
    }
}

/// Writes what a figure shows, and where it stands (ISO 32000-1, 14.9.3 and Table 344).
fn describe(out: &mut Vec<u8>, figure: &Figure, height: f64) {
    out.extend_from_slice(b"/Alt");
    string(out, &figure.alt);
    out.extend_from_slice(b"/A<</O/Layout/Placement/Block/BBox[");
    let ((x, y), (width, tall)) = (figure.at, figure.size);
    for (index, edge) in [x, height - y - tall, x + width, height - y].into_iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        number(out, edge as f32, 2);
    }
    out.extend_from_slice(b"]>>");
}

/// Writes a structure element (ISO 32000-1, Table 323) but for its end.
fn write(out: &mut Vec<u8>, kind: &str, parent: Id, page: Option<Id>, kids: &[Kid], role: Role) {
    out.extend_from_slice(b"<</S/");
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(b"/P ");
    reference(out, parent);
    if let Some(page) = page {
        out.extend_from_slice(b"/Pg ");
        reference(out, page);
    }
    match kids {
        [] => {}
        [Kid::Mark(mark)] => {
            out.extend_from_slice(b"/K ");
            integer(out, *mark as i64);
        }
        kids => {
            out.extend_from_slice(b"/K[");
            for kid in kids {
                match *kid {
                    Kid::Element(id) => reference(out, id),
                    Kid::Mark(mark) => integer(out, mark as i64),
                    Kid::MarkOn(page, mark) => {
                        out.extend_from_slice(b"<</Type/MCR/Pg ");
                        reference(out, page);
                        out.extend_from_slice(b"/MCID ");
                        integer(out, mark as i64);
                        out.extend_from_slice(b">>");
                    }
                }
                out.push(b' ');
            }
            out.push(b']');
        }
    }
    if let Some(attributes) = attributes(role) {
        out.extend_from_slice(b"/A<<");
        out.extend_from_slice(attributes.as_bytes());
        out.extend_from_slice(b">>");
    }
}
