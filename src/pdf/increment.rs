//! Whether what was appended to a PDF is digital signatures and nothing else.
//!
//! Judged is the structure: which objects each appended revision writes, and what they change. Whether a signature is
//! valid, and whose it is, is for the program that checks signatures.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::Serialize;

mod revision;
#[cfg(test)]
pub(crate) mod tests;

use revision::Revision;

/// A signature may be shown on at most this part of a page: more could hide what the letter says.
const LARGEST_PART: f32 = 0.25;
/// A4 in points, where a page does not say.
const PAGE: f32 = 595.0 * 842.0;

/// A digital signature as the file describes it; not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Name of the field.
    pub field: String,
    /// Kind of signature, e.g. `adbe.pkcs7.detached`, `ETSI.RFC3161` for a time stamp.
    pub kind: String,
    /// Time the signer states, as the PDF has it (`D:20261120…`).
    pub time: Option<String>,
    /// Page it is shown on, from 1; `None` when it is not shown.
    pub page: Option<u32>,
}

/// What was done beyond adding signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Alteration {
    /// Not the form of an update.
    #[error("có {0} byte thêm vào cuối tệp, không phải một lần cập nhật PDF đúng chuẩn")]
    NotAnUpdate(usize),
    /// Nothing signed.
    #[error("có phần cập nhật thêm vào cuối tệp nhưng không có chữ ký số nào")]
    NoSignature,
    /// What a page shows.
    #[error("phần cập nhật thay nội dung trang {0}")]
    PageContent(u32),
    /// Something else of a page.
    #[error("phần cập nhật thay trang {0} (ngoài ô chữ ký)")]
    Page(u32),
    /// An annotation that is no signature.
    #[error("phần cập nhật thêm hoặc bớt chú thích không phải ô chữ ký ở trang {0}")]
    Annotation(u32),
    /// A signature shown over too much of a page.
    #[error("ô chữ ký che quá nhiều phần trang {0}")]
    Covers(u32),
    /// A font.
    #[error("phần cập nhật thay phông chữ")]
    Font,
    /// An entry of the catalog.
    #[error("phần cập nhật thay mục {0} của tệp PDF")]
    Catalog(String),
    /// The form.
    #[error("phần cập nhật thêm biểu mẫu không phải ô chữ ký")]
    Form,
    /// The document's own description.
    #[error("phần cập nhật thay thông tin mô tả văn bản (tên, tác giả, chủ đề)")]
    Description,
    /// A signature changed later.
    #[error("phần cập nhật sau sửa lại chữ ký đã có trước")]
    EarlierSignature,
    /// A signature that does not cover its revision.
    #[error("chữ ký số trong ô “{0}” không bao trùm hết tệp lúc ký, hoặc chưa có giá trị")]
    Range(String),
    /// A field shown but not signed.
    #[error("ô “{0}” hiển thị trên trang nhưng không được ký")]
    Unsigned(String),
    /// Something that acts.
    #[error("ô chữ ký có kèm hành động tự chạy")]
    Action,
    /// Anything else.
    #[error("phần cập nhật thay đối tượng {0} của văn bản")]
    Object(u32),
    /// The trailer.
    #[error("phần cập nhật đổi gốc của tệp PDF hoặc mã hóa tệp")]
    Trailer,
}

/// Everything wrong, or the signatures added to `original` in `bytes`, which begin with it.
///
/// # Errors
/// What was done beyond adding signatures; at least one.
pub fn signatures(original: &[u8], bytes: &[u8]) -> Result<Vec<Signature>, Vec<Alteration>> {
    let stray = || vec![Alteration::NotAnUpdate(bytes.len().saturating_sub(original.len()))];
    if !bytes.starts_with(original) {
        return Err(stray());
    }
    let base = Document::load_mem(original).map_err(|_| stray())?;
    let revisions = revision::read(bytes, original.len()).ok_or_else(stray)?;
    let mut judge = Judge::new(&base, bytes).ok_or_else(stray)?;
    for revision in &revisions {
        judge.revision(revision);
    }
    judge.verdict()
}

struct Judge<'a> {
    bytes: &'a [u8],
    root: ObjectId,
    info: Option<ObjectId>,
    pages: BTreeMap<ObjectId, u32>,
    /// Objects of the original.
    own: BTreeSet<ObjectId>,
    /// What the original refers to and does not have: whoever defines it changes the original.
    dangling: BTreeSet<ObjectId>,
    fonts: BTreeSet<ObjectId>,
    contents: BTreeMap<ObjectId, u32>,
    objects: BTreeMap<ObjectId, Object>,
    found: BTreeMap<ObjectId, Signature>,
    faults: Vec<Alteration>,
}

impl<'a> Judge<'a> {
    fn new(base: &Document, bytes: &'a [u8]) -> Option<Self> {
        let root = base.trailer.get(b"Root").ok()?.as_reference().ok()?;
        let own: BTreeSet<ObjectId> = base.objects.keys().copied().collect();
        let mut referred = BTreeSet::new();
        base.objects.values().for_each(|object| references(object, &mut referred));
        let pages: BTreeMap<ObjectId, u32> = base.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
        let is_font = |object: &Object| {
            let dictionary = match object {
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &stream.dict,
                _ => return false,
            };
            dictionary.has(b"Length1") || dictionary.has_type(b"Font") || dictionary.has_type(b"FontDescriptor")
        };
        let contents = pages.iter().flat_map(|(id, number)| {
            base.get_page_contents(*id).into_iter().map(|content| (content, *number)).collect::<Vec<_>>()
        });
        Some(Self {
            bytes,
            root,
            info: base.trailer.get(b"Info").and_then(Object::as_reference).ok(),
            dangling: referred.difference(&own).copied().collect(),
            fonts: base.objects.iter().filter(|(_, object)| is_font(object)).map(|(id, _)| *id).collect(),
            contents: contents.collect(),
            pages,
            own,
            objects: base.objects.clone(),
            found: BTreeMap::new(),
            faults: Vec::new(),
        })
    }

    fn say(&mut self, fault: Alteration) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn revision(&mut self, revision: &Revision) {
        let root = revision.trailer.get(b"Root").and_then(Object::as_reference).ok();
        let info = revision.trailer.get(b"Info").and_then(Object::as_reference).ok();
        if root != Some(self.root) || revision.trailer.has(b"Encrypt") {
            self.say(Alteration::Trailer);
        }
        if info.is_some() && info != self.info {
            self.say(Alteration::Description);
        }
        let before = self.objects.clone();
        self.objects.extend(revision.objects.iter().map(|(id, object)| (*id, object.clone())));
        let mut allowed = self.support();
        for (id, object) in &revision.objects {
            match before.get(id) {
                Some(old) if same(old, object) => {}
                None if self.dangling.contains(id) => self.say(Alteration::Object(id.0)),
                None => {}
                Some(old) => self.changed(*id, old, object, &mut allowed),
            }
        }
        self.form(&before);
        self.sign(revision);
    }

    /// Objects that later revisions may write again: the form, lists of annotations, material for checking signatures.
    fn support(&self) -> BTreeSet<ObjectId> {
        let mut ids = BTreeSet::new();
        let catalog = self.entry(self.root).cloned().unwrap_or_default();
        if let Ok(form) = catalog.get(b"AcroForm") {
            ids.extend(form.as_reference());
            let fields = self.dictionary(form).and_then(|form| form.get(b"Fields").ok());
            ids.extend(fields.and_then(|fields| fields.as_reference().ok()));
        }
        ids.extend(catalog.get(b"Metadata").and_then(Object::as_reference));
        if let Ok(dss) = catalog.get(b"DSS") {
            self.reach(dss, &mut ids);
        }
        for page in self.pages.keys() {
            let page = self.entry(*page);
            ids.extend(page.and_then(|page| page.get(b"Annots").ok()).and_then(|list| list.as_reference().ok()));
        }
        ids
    }

    fn reach(&self, from: &Object, ids: &mut BTreeSet<ObjectId>) {
        let mut next = BTreeSet::new();
        references(from, &mut next);
        for id in next {
            if !self.own.contains(&id)
                && ids.insert(id)
                && let Some(object) = self.objects.get(&id)
            {
                self.reach(object, ids);
            }
        }
    }

    fn changed(&mut self, id: ObjectId, old: &Object, new: &Object, allowed: &mut BTreeSet<ObjectId>) {
        if id == self.root {
            return self.catalog(old, new);
        }
        if let Some(number) = self.pages.get(&id).copied() {
            return self.page(number, old, new);
        }
        if Some(id) == self.info {
            let kept = |key: &[u8]| !matches!(key, b"ModDate" | b"Producer" | b"Creator");
            if !same_but(old, new, kept) {
                self.say(Alteration::Description);
            }
            return;
        }
        if allowed.contains(&id) {
            let metadata = |object: &Object| matches!(object, Object::Stream(s) if s.dict.has_type(b"Metadata"));
            if metadata(old) != metadata(new) {
                self.say(Alteration::Description);
            }
            return;
        }
        let fault = if !self.own.contains(&id) {
            // An empty field of an earlier revision may be signed now.
            let is_empty = |object: &Object| {
                object.as_dict().is_ok_and(|field| name(field, b"FT") == Some(b"Sig".as_slice()) && !field.has(b"V"))
            };
            if is_empty(old) && same_but(old, new, |key| !matches!(key, b"V" | b"AP" | b"Lock" | b"M" | b"MK" | b"F")) {
                return;
            }
            Alteration::EarlierSignature
        } else if let Some(number) = self.contents.get(&id) {
            Alteration::PageContent(*number)
        } else if self.fonts.contains(&id) {
            Alteration::Font
        } else {
            Alteration::Object(id.0)
        };
        self.say(fault);
    }

    fn catalog(&mut self, old: &Object, new: &Object) {
        let (Ok(old), Ok(new)) = (old.as_dict(), new.as_dict()) else { return self.say(Alteration::Trailer) };
        let keys: BTreeSet<Vec<u8>> = old.iter().chain(new.iter()).map(|(key, _)| key.clone()).collect();
        for key in keys {
            let equal = match (old.get(&key), new.get(&key)) {
                (Ok(old), Ok(new)) => same(old, new),
                _ => false,
            };
            let free =
                matches!(key.as_slice(), b"AcroForm" | b"DSS" | b"Extensions" | b"Metadata" | b"Perms" | b"Version");
            let lost = !new.has(&key) && key != b"Version";
            if !equal && (!free || lost) {
                self.say(Alteration::Catalog(String::from_utf8_lossy(&key).into_owned()));
            }
        }
    }

    fn page(&mut self, number: u32, old: &Object, new: &Object) {
        if !same_but(old, new, |key| !matches!(key, b"Annots" | b"Tabs")) {
            let content = |page: &Object| page.as_dict().ok().and_then(|page| page.get(b"Contents").ok()).cloned();
            let moved = content(old) != content(new);
            self.say(if moved { Alteration::PageContent(number) } else { Alteration::Page(number) });
        }
    }

    /// The form and the annotations as they stand after a revision: signature fields only, none of the earlier ones lost.
    fn form(&mut self, before: &BTreeMap<ObjectId, Object>) {
        let earlier = |list: Option<&Object>| -> Vec<Object> {
            let list = list.map(|list| match list {
                Object::Reference(id) => before.get(id).unwrap_or(&Object::Null),
                direct => direct,
            });
            list.and_then(|list| list.as_array().ok()).cloned().unwrap_or_default()
        };
        let pages: Vec<(ObjectId, u32)> = self.pages.iter().map(|(id, number)| (*id, *number)).collect();
        for (id, number) in pages {
            let old = before.get(&id).and_then(|page| page.as_dict().ok());
            let old = earlier(old.and_then(|page| page.get(b"Annots").ok()));
            let page = self.entry(id);
            let new = page.and_then(|page| page.get(b"Annots").ok()).map(|list| self.array(list)).unwrap_or_default();
            if new.get(..old.len()) != Some(old.as_slice()) {
                self.say(Alteration::Annotation(number));
            }
            for widget in new.iter().skip(old.len()) {
                let field = self.dictionary(widget).filter(|_| widget.as_reference().is_ok()).cloned();
                let field = field.filter(|field| self.is_signature(field));
                match field {
                    Some(field) if name(&field, b"Subtype") == Some(b"Widget".as_slice()) => {
                        if self.area(id, &field) > LARGEST_PART {
                            self.say(Alteration::Covers(number));
                        }
                        if field.has(b"A") || field.has(b"AA") {
                            self.say(Alteration::Action);
                        }
                    }
                    _ => self.say(Alteration::Annotation(number)),
                }
            }
        }
        let catalog = self.entry(self.root).cloned().unwrap_or_default();
        let Ok(form) = catalog.get(b"AcroForm").map(|form| self.dictionary(form).cloned().unwrap_or_default()) else {
            return;
        };
        let known = [&b"Fields"[..], b"SigFlags", b"DA", b"DR", b"Q", b"NeedAppearances", b"Type"];
        let drawn_anew = form.get(b"NeedAppearances").is_ok_and(|value| matches!(value, Object::Boolean(true)));
        let fields = form.get(b"Fields").map(|fields| self.array(fields)).unwrap_or_default();
        let strange = form.iter().any(|(key, _)| !known.contains(&key.as_slice()));
        let all = fields.iter().all(|field| {
            let field = self.dictionary(field).filter(|_| field.as_reference().is_ok());
            field.is_some_and(|field| self.is_signature(field) && !field.has(b"AA"))
        });
        if drawn_anew || strange || !all {
            self.say(Alteration::Form);
        }
    }

    /// Takes up the signatures whose values this revision wrote.
    fn sign(&mut self, revision: &Revision) {
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
    fn fields(&self) -> BTreeSet<ObjectId> {
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

    fn shown_on(&self, field: ObjectId) -> Option<u32> {
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
        let written = revision::Reader::new(hole, 0).object(0);
        let whole = matches!(&written, Some(Object::String(bytes, _)) if bytes == value)
            && hole.starts_with(b"<")
            && hole.ends_with(b">")
            && hole.iter().filter(|byte| **byte == b'>').count() == 1;
        // A signature is a DER sequence; a space kept free for one is zeros.
        whole && value.first() == Some(&0x30) && (end == Some(revision.end.0) || end == Some(revision.end.1))
    }

    fn verdict(mut self) -> Result<Vec<Signature>, Vec<Alteration>> {
        for id in self.fields() {
            let signed = self.found.contains_key(&id);
            let title = self.objects.get(&id).and_then(|field| text(field.as_dict().ok()?, b"T")).unwrap_or_default();
            if !signed && self.shown_on(id).is_some() {
                self.say(Alteration::Unsigned(title));
            }
        }
        if self.found.is_empty() && self.faults.is_empty() {
            self.say(Alteration::NoSignature);
        }
        if self.faults.is_empty() { Ok(self.found.into_values().collect()) } else { Err(self.faults) }
    }

    fn entry(&self, id: ObjectId) -> Option<&Dictionary> {
        self.objects.get(&id)?.as_dict().ok()
    }

    fn dictionary<'b>(&'b self, object: &'b Object) -> Option<&'b Dictionary> {
        match object {
            Object::Reference(id) => self.objects.get(id)?.as_dict().ok(),
            direct => direct.as_dict().ok(),
        }
    }

    fn array(&self, object: &Object) -> Vec<Object> {
        let object = match object {
            Object::Reference(id) => self.objects.get(id).unwrap_or(&Object::Null),
            direct => direct,
        };
        object.as_array().cloned().unwrap_or_default()
    }

    /// A signature field, or a widget of one.
    fn is_signature(&self, field: &Dictionary) -> bool {
        let parent = field.get(b"Parent").ok().and_then(|parent| self.dictionary(parent));
        let kids = field.get(b"Kids").map(|kids| self.array(kids)).unwrap_or_default();
        let plain = |kid: &Object| self.dictionary(kid).is_some_and(|kid| !kid.has(b"FT") && !kid.has(b"AA"));
        [Some(field), parent].into_iter().flatten().find_map(|field| name(field, b"FT")) == Some(b"Sig".as_slice())
            && kids.iter().all(plain)
    }

    /// The part of its page that a widget takes.
    fn area(&self, page: ObjectId, widget: &Dictionary) -> f32 {
        let size = |owner: Option<&Dictionary>, key: &[u8]| -> Option<f32> {
            let corners = self.array(owner?.get(key).ok()?);
            let corners: Vec<f32> = corners.iter().filter_map(|corner| corner.as_float().ok()).collect();
            (corners.len() == 4).then(|| ((corners[2] - corners[0]) * (corners[3] - corners[1])).abs())
        };
        let page = size(self.entry(page), b"MediaBox").filter(|area| *area > 0.0);
        size(Some(widget), b"Rect").unwrap_or(0.0) / page.unwrap_or(PAGE)
    }
}

fn name<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get(key).ok()?.as_name().ok()
}

pub(super) fn text(dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    let bytes = dictionary.get(key).ok()?.as_str().ok()?;
    let Some(wide) = bytes.strip_prefix(&[0xfe, 0xff]) else {
        return Some(String::from_utf8_lossy(bytes).into_owned());
    };
    let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

fn references(object: &Object, found: &mut BTreeSet<ObjectId>) {
    match object {
        Object::Reference(id) => {
            found.insert(*id);
        }
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| references(value, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| references(value, found)),
        _ => {}
    }
}

/// Equal but for how numbers and strings are written.
fn same(a: &Object, b: &Object) -> bool {
    match (a, b) {
        (Object::String(a, _), Object::String(b, _)) => a == b,
        (Object::Integer(a), Object::Integer(b)) => a == b,
        (Object::Integer(_) | Object::Real(_), Object::Integer(_) | Object::Real(_)) => {
            matches!((a.as_float(), b.as_float()), (Ok(a), Ok(b)) if (a - b).abs() < 1e-3)
        }
        (Object::Array(a), Object::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Object::Dictionary(a), Object::Dictionary(b)) => same_entries(a, b, |_| true),
        (Object::Stream(a), Object::Stream(b)) => a.content == b.content && same_entries(&a.dict, &b.dict, |_| true),
        _ => a == b,
    }
}

fn same_but(a: &Object, b: &Object, counts: impl Fn(&[u8]) -> bool) -> bool {
    matches!((a, b), (Object::Dictionary(a), Object::Dictionary(b)) if same_entries(a, b, counts))
}

fn same_entries(a: &Dictionary, b: &Dictionary, counts: impl Fn(&[u8]) -> bool) -> bool {
    let covers = |a: &Dictionary, b: &Dictionary| {
        a.iter().filter(|(key, _)| counts(key)).all(|(key, value)| b.get(key).is_ok_and(|other| same(value, other)))
    };
    covers(a, b) && covers(b, a)
}
