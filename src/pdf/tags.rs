//! The structure tree: which element each piece of marked content belongs to.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

use super::Error;
use super::content::Marks;
use super::program::library;
use crate::document::Counting;
use crate::layout::{Layout, Role};

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
    }
}

fn attributes(role: Role) -> Option<Dictionary> {
    match role {
        Role::List(counting) => {
            let numbering = match counting {
                None => "Disc",
                Some(Counting::Decimal) => "Decimal",
                Some(Counting::Letter) => "LowerAlpha",
                Some(Counting::Roman) => "LowerRoman",
            };
            Some(dictionary! { "O" => "List", "ListNumbering" => numbering })
        }
        Role::HeadCell(span) => {
            let mut attributes = dictionary! { "O" => "Table", "Scope" => "Column" };
            if span > 1 {
                attributes.set("ColSpan", span as i64);
            }
            Some(attributes)
        }
        Role::Cell(span) if span > 1 => Some(dictionary! { "O" => "Table", "ColSpan" => span as i64 }),
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

/// Adds the tree, the parent tree, and each page's way into it.
pub(super) fn add(file: &mut Document, layout: &Layout, marks: &Marks) -> Result<(), Error> {
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = layout.elements.iter().map(|_| file.new_object_id()).collect();
    let mut kids: Vec<Vec<Object>> = vec![Vec::new(); layout.elements.len()];
    let shown = shown(layout, marks);
    for (index, element) in layout.elements.iter().enumerate() {
        if let Some(parent) = element.parent
            && shown[index]
        {
            kids[parent.0].push(Object::Reference(ids[index]));
        }
    }
    // The page an element's marked content is on, when it is on one only.
    let mut first_page: Vec<Option<usize>> = vec![None; layout.elements.len()];
    let mut parents = Vec::new();
    for (page, elements) in marks.iter().enumerate() {
        let page_id = pages.get(page).copied().ok_or_else(|| Error::Library("thiếu trang".to_owned()))?;
        let mut owners = Vec::with_capacity(elements.len());
        for (mark, element) in elements.iter().enumerate() {
            owners.push(Object::Reference(ids[element.0]));
            let first = *first_page[element.0].get_or_insert(page);
            kids[element.0].push(if first == page {
                Object::Integer(mark as i64)
            } else {
                Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => page_id, "MCID" => mark as i64 })
            });
        }
        parents.push(Object::Integer(page as i64));
        parents.push(Object::Array(owners));
        let dictionary = file.get_object_mut(page_id).and_then(Object::as_dict_mut).map_err(library)?;
        dictionary.set("StructParents", page as i64);
        dictionary.set("Tabs", "S");
        dictionary.remove(b"Annots");
    }
    for (index, (element, kids)) in layout.elements.iter().zip(kids).enumerate() {
        if !shown[index] {
            continue;
        }
        let parent = element.parent.map_or(root, |parent| ids[parent.0]);
        let mut dictionary = dictionary! { "Type" => "StructElem", "S" => name(element.role), "P" => parent };
        if let Some(page) = first_page[index].and_then(|page| pages.get(page)) {
            dictionary.set("Pg", *page);
        }
        let mut kids = kids;
        match kids.len() {
            0 => {}
            1 => dictionary.set("K", kids.remove(0)),
            _ => dictionary.set("K", kids),
        }
        if let Some(attributes) = attributes(element.role) {
            dictionary.set("A", attributes);
        }
        file.objects.insert(ids[index], Object::Dictionary(dictionary));
    }
    let tree = file.add_object(dictionary! { "Nums" => parents });
    let root_dictionary = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => ids[0],
        "ParentTree" => tree,
        "ParentTreeNextKey" => marks.len() as i64,
    };
    file.objects.insert(root, Object::Dictionary(root_dictionary));
    let language = Object::String(layout.language.clone().into_bytes(), StringFormat::Literal);
    let catalog = file.catalog_mut().map_err(library)?;
    catalog.set("StructTreeRoot", root);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("Lang", language);
    Ok(())
}
