//! Finished PDFs of ours, one after the other, with other files enclosed: PDF/A-3b, with a bookmark for each.
//!
//! Level B, as the pages come without their structure trees; part 3, as what is enclosed may be of any kind (ISO 19005-3, 6.8).

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::conformance::{PROFILE, moment, xmp_of_bundle};
use super::{Error, Metadata};
use crate::fs;

/// A PDF of ours.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Its bookmark.
    pub title: &'a str,
    /// Its bytes.
    pub pdf: &'a [u8],
}

/// A file that goes along.
#[derive(Debug, Clone, Copy)]
pub struct Enclosed<'a> {
    /// Its name; each must be another.
    pub name: &'a str,
    /// Its kind, e.g. `application/pdf`.
    pub kind: &'a str,
    /// What it is.
    pub description: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Text as PDF has it: UTF-16 with its mark.
fn text(text: &str) -> Object {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

fn plain(text: &str) -> Object {
    Object::String(text.as_bytes().to_vec(), StringFormat::Literal)
}

/// Joins finished PDFs of ours; the same input gives the same bytes.
///
/// # Errors
/// When there is no page, or one of them cannot be read.
pub fn bundle(parts: &[Part], enclosed: &[Enclosed], metadata: &Metadata, language: &str) -> Result<Vec<u8>, Error> {
    let failed = |error: lopdf::Error| Error::Library(error.to_string());
    let mut out = Document::with_version("1.7");
    let pages = out.new_object_id();
    let (mut kids, mut firsts) = (Vec::new(), Vec::new());
    for part in parts {
        let mut document = Document::load_mem(part.pdf).map_err(failed)?;
        document.renumber_objects_with(out.max_id + 1);
        out.max_id = document.max_id;
        let mut first = None;
        for id in document.get_pages().into_values() {
            let page = page(&document, id, pages).map_err(failed)?;
            copy(&document, &page, &mut out.objects);
            out.objects.insert(id, Object::Dictionary(page));
            kids.push(Object::Reference(id));
            first.get_or_insert(id);
        }
        firsts.extend(first.map(|first| (part.title, first)));
    }
    if kids.is_empty() {
        return Err(Error::NoPages);
    }
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    let kids = Object::Array(kids);
    out.objects.insert(pages, dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids }.into());
    let outline = outline(&mut out, &firsts);
    let (names, associated) = enclose(&mut out, enclosed, metadata);
    let xml = xmp_of_bundle(metadata, language);
    let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let xml = out.add_object(Stream::new(kind, xml.into_bytes()).with_compression(false));
    let mut profile = Stream::new(dictionary! { "N" => 3 }, PROFILE.to_vec());
    profile.compress().map_err(failed)?;
    let profile = out.add_object(profile);
    let intent = dictionary! {
        "Type" => "OutputIntent", "S" => "GTS_PDFA1", "OutputConditionIdentifier" => plain("sRGB"), "Info" => plain("sRGB"),
        "DestOutputProfile" => profile,
    };
    let mut catalog = dictionary! {
        "Type" => "Catalog", "Pages" => pages, "Metadata" => xml, "Lang" => plain(language), "PageMode" => "UseOutlines",
        "Outlines" => outline, "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        "OutputIntents" => vec![Object::Dictionary(intent)],
    };
    if !enclosed.is_empty() {
        catalog.set("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } });
        catalog.set("AF", associated);
    }
    let catalog = out.add_object(catalog);
    let date = plain(&moment(metadata));
    let mut information =
        dictionary! { "Producer" => text(&metadata.producer), "CreationDate" => date.clone(), "ModDate" => date };
    for (key, value) in [("Title", &metadata.title), ("Author", &metadata.author), ("Subject", &metadata.subject)] {
        if !value.is_empty() {
            information.set(key, text(value));
        }
    }
    let information = out.add_object(information);
    let digests: Vec<String> =
        parts.iter().map(|part| part.pdf).chain(enclosed.iter().map(|file| file.bytes)).map(fs::sha256).collect();
    let id: Vec<u8> = fs::sha256(format!("{}\n{}", metadata.title, digests.join("\n")).as_bytes()).into_bytes();
    let id = Object::String(id[..32].to_vec(), StringFormat::Literal);
    out.trailer = dictionary! { "Root" => catalog, "Info" => information, "ID" => vec![id.clone(), id] };
    let mut bytes = Vec::new();
    out.save_to(&mut bytes).map_err(|error| Error::Library(error.to_string()))?;
    Ok(bytes)
}

/// A page as it stands under other pages: without its place in a structure tree, with what it had from above.
fn page(document: &Document, id: ObjectId, parent: ObjectId) -> lopdf::Result<Dictionary> {
    let mut page = document.get_dictionary(id)?.clone();
    let mut above = page.get(b"Parent").and_then(Object::as_reference).ok();
    while let Some(node) = above.and_then(|above| document.get_dictionary(above).ok()) {
        for key in [&b"Resources"[..], b"MediaBox", b"CropBox", b"Rotate"] {
            if let (false, Ok(value)) = (page.has(key), node.get(key)) {
                page.set(key, value.clone());
            }
        }
        above = node.get(b"Parent").and_then(Object::as_reference).ok();
    }
    for key in [&b"StructParents"[..], b"Tabs", b"Annots"] {
        page.remove(key);
    }
    page.set("Parent", parent);
    Ok(page)
}

/// Copies everything a page leads to, but for what lies above it.
fn copy(document: &Document, page: &Dictionary, objects: &mut BTreeMap<ObjectId, Object>) {
    let mut waiting = Vec::new();
    for (key, value) in page {
        if key != b"Parent" {
            references(value, &mut waiting);
        }
    }
    let mut met = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if objects.contains_key(&id) || !met.insert(id) {
            continue;
        }
        if let Ok(object) = document.get_object(id) {
            references(object, &mut waiting);
            objects.insert(id, object.clone());
        }
    }
}

fn references(object: &Object, found: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dictionary(items) => items.iter().for_each(|(_, item)| references(item, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, item)| references(item, found)),
        _ => {}
    }
}

fn outline(out: &mut Document, firsts: &[(&str, ObjectId)]) -> ObjectId {
    let root = out.new_object_id();
    let ids: Vec<ObjectId> = firsts.iter().map(|_| out.new_object_id()).collect();
    for (place, (title, page)) in firsts.iter().enumerate() {
        let to = vec![Object::Reference(*page), "XYZ".into(), Object::Null, Object::Null, Object::Null];
        let mut mark = dictionary! { "Title" => text(title), "Parent" => root, "Dest" => to };
        if let Some(before) = place.checked_sub(1).and_then(|before| ids.get(before)) {
            mark.set("Prev", *before);
        }
        if let Some(after) = ids.get(place + 1) {
            mark.set("Next", *after);
        }
        out.objects.insert(ids[place], mark.into());
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let mut tree = dictionary! { "Type" => "Outlines", "Count" => count };
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        tree.set("First", *first);
        tree.set("Last", *last);
    }
    out.objects.insert(root, tree.into());
    root
}

/// Files that go along: the name tree (by name, as it asks) and the associated files.
fn enclose(out: &mut Document, enclosed: &[Enclosed], metadata: &Metadata) -> (Object, Object) {
    let mut sorted: Vec<(Vec<u8>, &Enclosed)> =
        enclosed.iter().map(|file| (text(file.name).as_str().unwrap_or_default().to_vec(), file)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut names, mut associated) = (Vec::new(), Vec::new());
    for (name, file) in sorted {
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        let date = plain(&moment(metadata));
        let told = dictionary! { "Size" => size, "ModDate" => date };
        let kind = Object::Name(file.kind.as_bytes().to_vec());
        let mut stream = Stream::new(
            dictionary! { "Type" => "EmbeddedFile", "Subtype" => kind, "Params" => told },
            file.bytes.to_vec(),
        );
        // What does not get smaller stays as it is.
        let _ = stream.compress();
        let stream = out.add_object(stream);
        let specification = out.add_object(dictionary! {
            "Type" => "Filespec", "F" => text(file.name), "UF" => text(file.name), "Desc" => text(file.description),
            "AFRelationship" => "Source", "EF" => dictionary! { "F" => stream, "UF" => stream },
        });
        names.push(Object::String(name, StringFormat::Hexadecimal));
        names.push(Object::Reference(specification));
        associated.push(Object::Reference(specification));
    }
    (Object::Array(names), Object::Array(associated))
}
