//! What makes a layout a document that can be read aloud: checked before bytes are written.

use super::{ElementId, Layout, Owner, Role};

/// Why a layout would not make a valid tagged document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StructureFault {
    /// PDF/UA asks for the language of the text (ISO 14289-1, 7.2).
    #[error("Văn bản không nêu ngôn ngữ.")]
    NoLanguage,
    /// The first element is not the document, or another one is.
    #[error("Cấu trúc văn bản không bắt đầu bằng phần tử gốc.")]
    Root,
    /// An element whose parent is not before it, or that may not stand in it.
    #[error("Phần tử cấu trúc thứ {place} ({role:?}) nằm sai chỗ.")]
    Misplaced {
        /// Its place in the tree, from 0.
        place: usize,
        /// What it is.
        role: Role,
    },
    /// A line that belongs to no element.
    #[error("Dòng “{text}” không thuộc phần tử nào của cấu trúc văn bản.")]
    Untagged {
        /// Its words.
        text: String,
    },
    /// A line that belongs to an element which holds no text itself.
    #[error("Dòng “{text}” nằm thẳng trong một phần tử chỉ để chứa phần tử khác.")]
    Misowned {
        /// Its words.
        text: String,
    },
    /// Heading levels that begin below 1 or skip one (ISO 14289-1, 7.4.2).
    #[error("Đề mục nhảy từ cấp {from} đến cấp {to}.")]
    SkippedHeading {
        /// Level before; 0 at the beginning.
        from: usize,
        /// Level found.
        to: usize,
    },
    /// Rows of one table with different numbers of columns (ISO 14289-1, 7.5).
    #[error("Bảng có hàng {found} cột, hàng khác {expected} cột.")]
    UnevenRows {
        /// Columns of the first row.
        expected: usize,
        /// Columns of another.
        found: usize,
    },
    /// A table with a head and no body (ISO 14289-1, 7.2).
    #[error("Bảng có đầu bảng mà không có thân.")]
    NoTableBody,
    /// An item of a list without its label (ISO 14289-1, 7.6).
    #[error("Mục của danh sách thiếu nhãn.")]
    NoLabel,
    /// A figure without words for those who cannot see it (ISO 14289-1, 7.3).
    #[error("Hình thiếu lời mô tả.")]
    NoAlternative,
    /// The lines of an element come in an order other than that of the tree.
    #[error("Dòng “{text}” đứng sai thứ tự đọc.")]
    Order {
        /// Its words.
        text: String,
    },
}

/// What may stand in what (ISO 32000-1, 14.8.4).
fn may_stand_in(child: Role, parent: Role) -> bool {
    match child {
        Role::Document => false,
        Role::Section => matches!(parent, Role::Document | Role::Section),
        Role::Item => matches!(parent, Role::List(_)),
        Role::Label | Role::ItemBody => parent == Role::Item,
        Role::TableHead | Role::TableBody => parent == Role::Table,
        Role::Row => matches!(parent, Role::Table | Role::TableHead | Role::TableBody),
        Role::HeadCell(_) | Role::Cell(_) => parent == Role::Row,
        Role::Division | Role::Paragraph | Role::Heading(_) | Role::List(_) | Role::Table | Role::Figure => matches!(
            parent,
            Role::Document | Role::Section | Role::Division | Role::ItemBody | Role::HeadCell(_) | Role::Cell(_)
        ),
    }
}

/// Whether lines may belong to it directly.
fn holds_text(role: Role) -> bool {
    matches!(
        role,
        Role::Paragraph | Role::Heading(_) | Role::Label | Role::ItemBody | Role::HeadCell(_) | Role::Cell(_)
    )
}

impl Layout {
    /// Checks the tagged tree: every line has its element, elements stand where they may, headings skip no level, rows of a
    /// table have the same columns, items have their label, and lines come in the order of the tree.
    ///
    /// # Errors
    /// The first fault.
    pub fn check_structure(&self) -> Result<(), StructureFault> {
        if self.language.trim().is_empty() {
            return Err(StructureFault::NoLanguage);
        }
        self.check_places()?;
        self.check_headings()?;
        self.check_tables()?;
        self.check_figures()?;
        let shown = self.check_lines()?;
        self.check_items(&shown)
    }

    fn check_places(&self) -> Result<(), StructureFault> {
        match self.elements.first() {
            Some(root) if root.role == Role::Document && root.parent.is_none() => {}
            _ => return Err(StructureFault::Root),
        }
        for (place, element) in self.elements.iter().enumerate().skip(1) {
            let parent = element.parent.filter(|parent| parent.0 < place);
            if !parent.is_some_and(|parent| may_stand_in(element.role, self.elements[parent.0].role)) {
                return Err(StructureFault::Misplaced { place, role: element.role });
            }
        }
        Ok(())
    }

    fn check_headings(&self) -> Result<(), StructureFault> {
        let mut last = 0;
        for element in &self.elements {
            if let Role::Heading(level) = element.role {
                if level == 0 || level > last + 1 {
                    return Err(StructureFault::SkippedHeading { from: last, to: level });
                }
                last = level;
            }
        }
        Ok(())
    }

    /// Every row of a table as wide as its first.
    fn check_tables(&self) -> Result<(), StructureFault> {
        let mut columns = vec![0; self.elements.len()];
        for element in &self.elements {
            if let (Role::HeadCell(span) | Role::Cell(span), Some(row)) = (element.role, element.parent) {
                columns[row.0] += span;
            }
        }
        for (table, _) in self.elements.iter().enumerate().filter(|(_, element)| element.role == Role::Table) {
            let parts = self.elements[table..].iter().filter(|part| part.parent == Some(ElementId(table)));
            let has = |role| parts.clone().any(|part| part.role == role);
            if has(Role::TableHead) && !has(Role::TableBody) {
                return Err(StructureFault::NoTableBody);
            }
        }
        let mut widths: Vec<Option<usize>> = vec![None; self.elements.len()];
        for (row, element) in self.elements.iter().enumerate().filter(|(_, element)| element.role == Role::Row) {
            let Some(table) = self.above(element.parent, |role| role == Role::Table) else { continue };
            let (found, expected) = (columns[row], *widths[table.0].get_or_insert(columns[row]));
            if found != expected {
                return Err(StructureFault::UnevenRows { expected, found });
            }
        }
        Ok(())
    }

    /// Every figure has its element, and words.
    fn check_figures(&self) -> Result<(), StructureFault> {
        for figure in self.pages.iter().flat_map(|page| &page.figures) {
            if self.elements.get(figure.element.0).is_none_or(|element| element.role != Role::Figure) {
                return Err(StructureFault::Untagged { text: figure.alt.clone() });
            }
            if figure.alt.trim().is_empty() {
                return Err(StructureFault::NoAlternative);
            }
        }
        Ok(())
    }

    /// The nearest element from `from` upwards for which `is` holds.
    fn above(&self, from: Option<ElementId>, is: impl Fn(Role) -> bool) -> Option<ElementId> {
        let mut next = from;
        while let Some(id) = next {
            let element = self.elements.get(id.0)?;
            if is(element.role) {
                return Some(id);
            }
            next = element.parent;
        }
        None
    }

    /// Every line tagged, and on each page in the order of the tree. Returns which elements hold a line, directly or further
    /// down.
    fn check_lines(&self) -> Result<Vec<bool>, StructureFault> {
        let mut shown = vec![false; self.elements.len()];
        for page in &self.pages {
            let mut latest = 0;
            for line in &page.lines {
                let text = || line.runs.iter().map(|run| run.text.as_str()).collect::<String>().trim().to_owned();
                let Owner::Element(id) = line.owner else { continue };
                let Some(element) = self.elements.get(id.0) else {
                    return Err(StructureFault::Untagged { text: text() });
                };
                if !holds_text(element.role) {
                    return Err(StructureFault::Misowned { text: text() });
                }
                if id.0 < latest {
                    return Err(StructureFault::Order { text: text() });
                }
                latest = id.0;
                let mut next = Some(id);
                while let Some(id) = next.filter(|id| !shown[id.0]) {
                    shown[id.0] = true;
                    next = self.elements[id.0].parent;
                }
            }
        }
        Ok(shown)
    }

    /// Every item that shows anything shows its label.
    fn check_items(&self, shown: &[bool]) -> Result<(), StructureFault> {
        let mut labelled = vec![false; self.elements.len()];
        for (element, _) in
            self.elements.iter().zip(shown).filter(|(element, shown)| element.role == Role::Label && **shown)
        {
            if let Some(item) = element.parent {
                labelled[item.0] = true;
            }
        }
        let bare =
            |(place, element): (usize, &super::Element)| element.role == Role::Item && shown[place] && !labelled[place];
        if self.elements.iter().enumerate().any(bare) { Err(StructureFault::NoLabel) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::font::FontSet;
    use crate::layout::{Element, Style, lay_out};

    fn laid(body: &str) -> Layout {
        let document = parse(&format!("<van-ban title='Thử'>{body}</van-ban>")).unwrap();
        lay_out(&document, &Style::builtin(), &FontSet::builtin()).unwrap()
    }

    const BODY: &str = "<h>Đề mục</h><ul><li>một</li><li>hai<ol><li>ba</li></ol></li></ul>\
        <table widths='1 1'><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td colspan='2'>c</td></tr></tbody></table>\
        <columns><col><p>trái</p></col><col><p>phải</p></col></columns><fields><f label='Tên'>x</f></fields>\
        <closing><recipients><r>Như trên;</r></recipients><signer><office>A</office><name>B</name></signer></closing>\
        <appendix title='Phụ lục'><p>xong</p></appendix><foot>Địa chỉ</foot>";

    /// The layout with one element changed, which has to be there.
    fn changed(from: Role, to: impl Fn(&mut Element)) -> Result<(), StructureFault> {
        let mut layout = laid(BODY);
        to(layout.elements.iter_mut().find(|element| element.role == from).unwrap());
        layout.check_structure()
    }

    #[test]
    fn what_is_laid_out_is_right() {
        assert_eq!(laid(BODY).check_structure(), Ok(()));
        assert_eq!(laid("<table><thead><tr><th>a</th></tr></thead></table>").check_structure(), Ok(()));
        let long = format!("{}{BODY}", "<p>Một dòng.</p>".repeat(45));
        assert_eq!(laid(&long).check_structure(), Ok(()));
    }

    #[test]
    fn every_fault_is_found() {
        let misplaced = |result| matches!(result, Err(StructureFault::Misplaced { .. }));
        assert!(misplaced(changed(Role::Label, |element| element.role = Role::Row)));
        assert!(misplaced(changed(Role::Item, |element| element.parent = Some(ElementId(0)))));
        assert!(misplaced(changed(Role::Table, |element| element.parent = None)));
        assert_eq!(changed(Role::Document, |element| element.role = Role::Division), Err(StructureFault::Root));
        assert_eq!(
            changed(Role::Heading(1), |element| element.role = Role::Heading(2)),
            Err(StructureFault::SkippedHeading { from: 0, to: 2 })
        );
        assert_eq!(
            changed(Role::Cell(2), |element| element.role = Role::Cell(1)),
            Err(StructureFault::UnevenRows { expected: 2, found: 1 })
        );
        assert_eq!(
            changed(Role::TableBody, |element| element.role = Role::TableHead),
            Err(StructureFault::NoTableBody)
        );
        let mut layout = laid(BODY);
        layout.language.clear();
        assert_eq!(layout.check_structure(), Err(StructureFault::NoLanguage));

        let mut layout = laid("<p>một</p><p>hai</p>");
        layout.pages[0].lines[0].owner = Owner::Element(ElementId(99));
        assert_eq!(layout.check_structure(), Err(StructureFault::Untagged { text: "một".to_owned() }));
        layout.pages[0].lines[0].owner = Owner::Element(ElementId(0));
        assert_eq!(layout.check_structure(), Err(StructureFault::Misowned { text: "một".to_owned() }));
        let mut layout = laid("<p>một</p><p>hai</p>");
        layout.pages[0].lines.swap(0, 1);
        assert_eq!(layout.check_structure(), Err(StructureFault::Order { text: "một".to_owned() }));
        let mut layout = laid("<chart alt='x'><series>Số</series><bar label='A' values='1'/></chart>");
        layout.pages[0].figures[0].alt.clear();
        assert_eq!(layout.check_structure(), Err(StructureFault::NoAlternative));
        layout.pages[0].figures[0] =
            super::super::Figure {
                alt: "một".to_owned(), element: ElementId(0), ..layout.pages[0].figures[0].clone()
            };
        assert_eq!(layout.check_structure(), Err(StructureFault::Untagged { text: "một".to_owned() }));
        let mut layout = laid("<ul><li>một</li></ul>");
        layout.pages[0].lines.remove(0);
        assert_eq!(layout.check_structure(), Err(StructureFault::NoLabel));
    }
}
