//! Signature fields: what they sign and where they are shown.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::judge::Judge;
use super::reader::Reader;
use super::revision::Revision;
use super::{Alteration, Signature, name, text};

/// A4 in points, where a page does not say.
const PAGE: f32 = 595.0 * 842.0;

impl Judge<'_> {
    /// Takes up the signatures whose values this revision wrote.
    pub(super) fn sign(&mut self, revision: &Revision) {
        let fields = self.fields();
        for id in fields {
            let Some(field) = self.objects.get(&id).and_then(|field| field.as_dict().ok()).cloned() else { continue };
            let title = text(&field, b"T").unwrap_or_else(|| format!("{} 0", id.0));
            let Ok(value) = field.get(b"V") else { continue };
            if self.found.contains_key(&id) {
                continue;
            }
            let written = match value {
                Object::Reference(value) => revision.objects.contains_key(value),
                _ => revision.objects.contains_key(&id),
            };
            let signature = self.dictionary(value).cloned().unwrap_or_default();
            if !written || !self.covers(&signature, revision) {
                self.say(Alteration::Range(title.clone()));
            }
            let page = self.shown_on(id);
            let kind = name(&signature, b"SubFilter").map(|kind| String::from_utf8_lossy(kind).into_owned());
            self.found.insert(
                id,
                Signature { field: title, kind: kind.unwrap_or_default(), time: text(&signature, b"M"), page },
            );
        }
    }

    /// Every field of the form and every annotation added, as far as they are fields of their own.
    pub(super) fn fields(&self) -> BTreeSet<ObjectId> {
        let catalog = self.entry(self.root).cloned().unwrap_or_default();
        let form = catalog.get(b"AcroForm").ok().and_then(|form| self.dictionary(form));
        let mut ids: BTreeSet<ObjectId> = form
            .and_then(|form| form.get(b"Fields").ok())
            .map(|fields| self.array(fields))
            .unwrap_or_default()
            .iter()
            .filter_map(|field| field.as_reference().ok())
            .collect();
        for page in self.pages.keys() {
            let page = self.entry(*page);
            let list = page.and_then(|page| page.get(b"Annots").ok()).map(|list| self.array(list)).unwrap_or_default();
            let widgets = list.iter().filter_map(|widget| widget.as_reference().ok());
            ids.extend(
                widgets.filter(|id| self.objects.get(id).and_then(|w| w.as_dict().ok()).is_some_and(|w| w.has(b"FT"))),
            );
        }
        ids
    }

    pub(super) fn shown_on(&self, field: ObjectId) -> Option<u32> {
        self.pages.iter().find_map(|(id, number)| {
            let page = self.entry(*id)?;
            let widgets = self.array(page.get(b"Annots").ok()?);
            let mine = |widget: &Object| {
                let of_field = self.dictionary(widget).and_then(|w| w.get(b"Parent").ok()?.as_reference().ok());
                let mine = widget.as_reference().ok() == Some(field) || of_field == Some(field);
                mine && self.dictionary(widget).is_some_and(|widget| self.area(*id, widget) > 0.0)
            };
            widgets.iter().any(mine).then_some(*number)
        })
    }

    /// Whether the byte range is the whole file up to the end of the revision but for the signature's own value.
    fn covers(&self, signature: &Dictionary, revision: &Revision) -> bool {
        let range = signature.get(b"ByteRange").ok().map(|range| self.array(range)).unwrap_or_default();
        let range: Option<Vec<usize>> = range.iter().map(|part| usize::try_from(part.as_i64().ok()?).ok()).collect();
        let (Some([0, first, second, rest]), Ok(Object::String(value, _))) =
            (range.as_deref(), signature.get(b"Contents"))
        else {
            return false;
        };
        let end = second.checked_add(*rest);
        let hole = self.bytes.get(*first..*second).unwrap_or_default();
        let written = Reader::new(hole, 0).object(0);
        let whole = matches!(&written, Some(Object::String(bytes, _)) if bytes == value)
            && hole.starts_with(b"<")
            && hole.ends_with(b">")
            && hole.iter().filter(|byte| **byte == b'>').count() == 1;
        // A signature is a DER sequence; a space kept free for one is zeros.
        whole && value.first() == Some(&0x30) && (end == Some(revision.end.0) || end == Some(revision.end.1))
    }

    /// A signature field, or a widget of one.
    pub(super) fn is_signature(&self, field: &Dictionary) -> bool {
        let parent = field.get(b"Parent").ok().and_then(|parent| self.dictionary(parent));
        let kids = field.get(b"Kids").map(|kids| self.array(kids)).unwrap_or_default();
        let plain = |kid: &Object| self.dictionary(kid).is_some_and(|kid| !kid.has(b"FT") && !kid.has(b"AA"));
        [Some(field), parent].into_iter().flatten().find_map(|field| name(field, b"FT")) == Some(b"Sig".as_slice())
            && kids.iter().all(plain)
    }

    /// The part of its page that a widget takes.
    pub(super) fn area(&self, page: ObjectId, widget: &Dictionary) -> f32 {
        let size = |owner: Option<&Dictionary>, key: &[u8]| -> Option<f32> {
            let corners = self.array(owner?.get(key).ok()?);
            let corners: Vec<f32> = corners.iter().filter_map(|corner| corner.as_float().ok()).collect();
            (corners.len() == 4).then(|| ((corners[2] - corners[0]) * (corners[3] - corners[1])).abs())
        };
        let page = size(self.entry(page), b"MediaBox").filter(|area| *area > 0.0);
        size(Some(widget), b"Rect").unwrap_or(0.0) / page.unwrap_or(PAGE)
    }
}
