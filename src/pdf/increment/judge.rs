//! What each revision changes, and whether signing asks for it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::equality::{Comparison, references};
use super::revision::Revision;
use super::{Alteration, Signature, name, text};

/// A signature may be shown on at most this part of a page: more could hide what the letter says.
const LARGEST_PART: f32 = 0.25;

/// Goes over the revisions one by one and gathers what is wrong with them.
pub(super) struct Judge<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) root: ObjectId,
    info: Option<ObjectId>,
    pub(super) pages: BTreeMap<ObjectId, u32>,
    /// Objects of the original.
    own: BTreeSet<ObjectId>,
    /// What the original refers to and does not have: whoever defines it changes the original.
    dangling: BTreeSet<ObjectId>,
    fonts: BTreeSet<ObjectId>,
    contents: BTreeMap<ObjectId, u32>,
    pub(super) objects: BTreeMap<ObjectId, Object>,
    pub(super) found: BTreeMap<ObjectId, Signature>,
    faults: Vec<Alteration>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(base: &Document, bytes: &'a [u8]) -> Option<Self> {
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

    fn now(&self) -> Comparison<'_> {
        Comparison(&self.objects)
    }

    pub(super) fn say(&mut self, fault: Alteration) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn revision(&mut self, revision: &Revision) {
        let root = revision.trailer.get(b"Root").and_then(Object::as_reference).ok();
        let info = revision.trailer.get(b"Info").and_then(Object::as_reference).ok();
        if root != Some(self.root) || revision.trailer.has(b"Encrypt") {
            self.say(Alteration::Trailer);
        }
        if info.is_some() && info != self.info {
            self.say(Alteration::Description);
        }
        // In the place of an object of the letter, cross-references would put that out of sight.
        let taken = revision.references.filter(|id| self.dangling.contains(id) || self.objects.contains_key(id));
        if let Some(id) = taken.filter(|id| !self.objects.get(id).is_some_and(is_references)) {
            self.say(Alteration::Object(id.0));
        }
        let before = self.objects.clone();
        self.objects.extend(revision.objects.iter().map(|(id, object)| (*id, object.clone())));
        let mut allowed = self.support();
        for (id, object) in &revision.objects {
            match before.get(id) {
                Some(old) if self.now().same(old, object) => {}
                None if self.dangling.contains(id) => self.say(Alteration::Object(id.0)),
                None => {}
                Some(old) => self.changed(*id, old, object, &mut allowed),
            }
        }
        self.form(&before);
        self.sign(revision);
    }

    /// Objects that later revisions may write again: the form, lists of annotations, material for checking signatures; but not
    /// what the letter uses as well.
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
            ids.extend(self.reach(dss));
        }
        for page in self.pages.keys() {
            let page = self.entry(*page);
            ids.extend(page.and_then(|page| page.get(b"Annots").ok()).and_then(|list| list.as_reference().ok()));
        }
        &ids - &self.letter()
    }

    /// Objects the letter is made of: what the catalog leads to, but for what signing adds.
    fn letter(&self) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::from([self.root]);
        let mut next = vec![self.root];
        while let Some(id) = next.pop() {
            let Some(object) = self.objects.get(&id) else { continue };
            let mut leads = BTreeSet::new();
            match object.as_dict() {
                Ok(entries) => {
                    let added: &[&[u8]] = match id {
                        _ if id == self.root => &[b"AcroForm", b"DSS", b"Metadata"],
                        _ if self.pages.contains_key(&id) => &[b"Annots"],
                        _ => &[],
                    };
                    let own = entries.iter().filter(|(key, _)| !added.contains(&key.as_slice()));
                    own.for_each(|(_, value)| references(value, &mut leads));
                }
                Err(_) => references(object, &mut leads),
            }
            next.extend(leads.into_iter().filter(|id| found.insert(*id)));
        }
        found
    }

    /// What was added and `from` leads to.
    fn reach(&self, from: &Object) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let mut next = vec![from];
        while let Some(object) = next.pop() {
            let mut leads = BTreeSet::new();
            references(object, &mut leads);
            let new = leads.into_iter().filter(|id| !self.own.contains(id) && found.insert(*id));
            next.extend(new.filter_map(|id| self.objects.get(&id)));
        }
        found
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
            if !self.now().same_but(old, new, kept) {
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
            if is_empty(old)
                && self.now().same_but(old, new, |key| !matches!(key, b"V" | b"AP" | b"Lock" | b"M" | b"MK" | b"F"))
            {
                return;
            }
            Alteration::EarlierSignature
        } else if let Some(number) = self.contents.get(&id) {
            Alteration::PageContent(*number)
        } else if self.fonts.contains(&id) {
            Alteration::Font
        } else if is_pages(old) && self.now().same_but(old, new, |key| key != b"ITXT") {
            // iText leaves its version there.
            return;
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
                (Ok(old), Ok(new)) => self.now().same(old, new),
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
        if !self.now().same_but(old, new, |key| !matches!(key, b"Annots" | b"Tabs")) {
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

    pub(super) fn verdict(mut self) -> Result<Vec<Signature>, Vec<Alteration>> {
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

    pub(super) fn entry(&self, id: ObjectId) -> Option<&Dictionary> {
        self.objects.get(&id)?.as_dict().ok()
    }

    pub(super) fn dictionary<'b>(&'b self, object: &'b Object) -> Option<&'b Dictionary> {
        match object {
            Object::Reference(id) => self.objects.get(id)?.as_dict().ok(),
            direct => direct.as_dict().ok(),
        }
    }

    pub(super) fn array(&self, object: &Object) -> Vec<Object> {
        let object = match object {
            Object::Reference(id) => self.objects.get(id).unwrap_or(&Object::Null),
            direct => direct,
        };
        object.as_array().cloned().unwrap_or_default()
    }
}

fn is_references(object: &Object) -> bool {
    matches!(object, Object::Stream(stream) if stream.dict.has_type(b"XRef"))
}

fn is_pages(object: &Object) -> bool {
    object.as_dict().is_ok_and(|entries| entries.has_type(b"Pages"))
}
