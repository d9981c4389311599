//! Loads `forms/`, fills a form. Sole user of `tera`.
//!
//! Forms are built into the program; a file of the same name in the workspace's `forms/` overrides one. Every name a form
//! prints or tests is checked against the letter's declared view when the form is loaded, because Tera takes an unknown name
//! in an `if` for "no"; then the form is filled with everything there, with nothing there, and with what lies between. The
//! built-in forms pass this in the tests, so that a start need not wait for it.

mod cases;
#[cfg(test)]
mod decree;
mod fault;
pub mod guide;
mod names;
mod origin;
mod reading;
mod tag;
#[cfg(test)]
mod tests;
pub mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use tera::{Context, Kwargs, State, Tera};

use crate::batch::Declaration;
use crate::batch::declaration::ENDING;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::document;
use crate::letter::wording::{BLANK, MISSING_CLOSE, MISSING_OPEN, spelled};
use crate::letter::{LetterKind, Prepared, Shape, shape};

/// The forms the program brings along: name and text.
const BUILTIN: &[(&str, &str)] = &[
    ("bao-cao-khieu-nai.xml", include_str!("../forms/bao-cao-khieu-nai.xml")),
    ("bia-ho-so.xml", include_str!("../forms/bia-ho-so.xml")),
    ("bien-ban-xu-ly.xml", include_str!("../forms/bien-ban-xu-ly.xml")),
    ("goc.xml", include_str!("../forms/goc.xml")),
    ("muc-luc-ho-so.xml", include_str!("../forms/muc-luc-ho-so.xml")),
    ("bien-ban-chot-so.xml", include_str!("../forms/bien-ban-chot-so.xml")),
    ("danh-muc-huy.xml", include_str!("../forms/danh-muc-huy.xml")),
    ("bien-ban-huy.xml", include_str!("../forms/bien-ban-huy.xml")),
    ("to-dan.xml", include_str!("../forms/to-dan.xml")),
    ("muc-luc-nop-luu.xml", include_str!("../forms/muc-luc-nop-luu.xml")),
    ("so.xml", include_str!("../forms/so.xml")),
    ("so-chuyen-bo-phan.xml", include_str!("../forms/so-chuyen-bo-phan.xml")),
    ("so-dang-ky-van-ban-di.xml", include_str!("../forms/so-dang-ky-van-ban-di.xml")),
    ("so-tiep-nhan-khieu-nai.xml", include_str!("../forms/so-tiep-nhan-khieu-nai.xml")),
    ("phieu-chuyen.xml", include_str!("../forms/phieu-chuyen.xml")),
    ("phieu-ket-qua-xac-minh.xml", include_str!("../forms/phieu-ket-qua-xac-minh.xml")),
    ("phieu-tiep-nhan.xml", include_str!("../forms/phieu-tiep-nhan.xml")),
    ("thong-bao-su-co.xml", include_str!("../forms/thong-bao-su-co.xml")),
    ("thong-bao-tu-choi.xml", include_str!("../forms/thong-bao-tu-choi.xml")),
    ("thu-tra-loi.txt", include_str!("../forms/thu-tra-loi.txt")),
    ("van-ban-tra-loi.xml", include_str!("../forms/van-ban-tra-loi.xml")),
];

/// Declarations of the batch forms among them.
const DECLARED: &[(&str, &str)] = &[("thong-bao-su-co.cot.yaml", include_str!("../forms/thong-bao-su-co.cot.yaml"))];

/// The form of the mail an answer goes out with.
const MAIL: &str = "thu-tra-loi.txt";

/// All forms, loaded and checked. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct FormSet {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    texts: BTreeMap<String, String>,
    tera: Tera,
    unused: Vec<Diagnostic>,
    own: Vec<LetterKind>,
    /// The forms with marks, to find where a fault comes from; made when there is one.
    marked: OnceLock<(origin::Marked, Tera)>,
    /// Texts of the declarations of batch forms, by file name.
    declared: BTreeMap<String, String>,
    /// Batch forms, by name without ending.
    batch: BTreeMap<String, Declaration>,
}

impl FormSet {
    /// The forms the program brings along.
    #[must_use]
    pub fn builtin() -> Self {
        static BUILT: OnceLock<FormSet> = OnceLock::new();
        // That they load is tested; an empty set gives a finding for each letter instead of a panic.
        BUILT.get_or_init(|| Self::load(&[]).unwrap_or_default()).clone()
    }

    /// The built-in forms with `overrides` (file name and text) in place of those with the same name, or beside them.
    ///
    /// # Errors
    /// Every fault of syntax, unknown name, filter or included form, with its place.
    pub fn load(overrides: &[(String, String)]) -> Result<Self, Vec<Diagnostic>> {
        let mut texts: BTreeMap<String, String> =
            BUILTIN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut declared: BTreeMap<String, String> =
            DECLARED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        for (name, text) in overrides {
            let among = if name.ends_with(ENDING) { &mut declared } else { &mut texts };
            among.insert(name.clone(), text.trim_start_matches('\u{feff}').to_owned());
        }
        let batch = reading::declarations(&declared, &texts)?;
        let (tera, whole, mut faults) = reading::parsed(&texts);
        let unused = reading::unused(overrides, &texts, batch.keys());
        let own: Vec<LetterKind> = LetterKind::ALL
            .into_iter()
            .filter(|kind| {
                let family = forms_of(*kind).into_iter().flat_map(|form| names::family(&form, &texts));
                family.into_iter().any(|form| overrides.iter().any(|(name, _)| *name == form))
            })
            .collect();
        let own_batches: Vec<String> = batch
            .keys()
            .filter(|name| {
                let mut family = names::family(&format!("{name}.xml"), &texts);
                family.push(format!("{name}{ENDING}"));
                overrides.iter().any(|(name, _)| family.contains(name))
            })
            .cloned()
            .collect();
        let inner = Inner { texts, tera, unused, own, marked: OnceLock::new(), declared, batch };
        let set = Self { inner: Arc::new(inner) };
        // Of forms that cannot be read nothing more is told; the others are looked at all the same.
        let read = |form: &String| whole.contains(form);
        let kinds: Vec<LetterKind> =
            set.inner.own.iter().filter(|kind| forms_of(**kind).iter().all(read)).copied().collect();
        let batches = own_batches.iter().filter(|name| read(&format!("{name}.xml")));
        faults.extend(set.check(&kinds, batches.map(String::as_str)));
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    /// Warnings about files no letter is made from, most likely a form whose name was mistyped.
    #[must_use]
    pub fn unused(&self) -> &[Diagnostic] {
        &self.inner.unused
    }

    /// Kinds of letter whose form, or one it builds on, is not the built-in one.
    #[must_use]
    pub fn overridden(&self) -> &[LetterKind] {
        &self.inner.own
    }

    /// Unknown names in the forms of these letters and batches; where a letter has none, what goes wrong when it is filled.
    fn check<'a>(&self, kinds: &[LetterKind], batches: impl Iterator<Item = &'a str>) -> Vec<Diagnostic> {
        let kinds = kinds.iter().filter(|kind| self.inner.texts.contains_key(&form_name(**kind)));
        let letters = kinds.map(|kind| (forms_of(*kind), shape(*kind)));
        let batches = batches.filter_map(|name| Some((vec![format!("{name}.xml")], self.declaration(name)?.shape())));
        let tried: Vec<(Vec<String>, Shape)> = letters.chain(batches).collect();
        let mut faults: Vec<Diagnostic> = Vec::new();
        for (forms, view) in &tried {
            let named: Vec<Diagnostic> = forms.iter().flat_map(|form| self.unknown_names(form, view)).collect();
            let wrong = if named.is_empty() { self.try_out(forms, view) } else { named };
            faults.extend(wrong);
        }
        let mut seen = BTreeSet::new();
        faults.retain(|fault| seen.insert((fault.file.clone(), fault.span, fault.message.clone())));
        faults
    }

    /// Names the form, or one it extends or includes, uses and the letter does not have.
    fn unknown_names(&self, form: &str, view: &Shape) -> Vec<Diagnostic> {
        let texts = &self.inner.texts;
        let Ok(used) = self.inner.tera.get_template_variables(form) else { return Vec::new() };
        let known = view.names();
        let roots: BTreeSet<&str> = view.fields().iter().map(|field| &*field.name).collect();
        let below: BTreeSet<&str> = known.iter().filter_map(|(name, _)| Some(name.rsplit_once('.')?.1)).collect();
        let strangers: BTreeSet<&str> =
            used.into_iter().filter(|name| !roots.contains(name) && *name != "loop").collect();
        let checker = names::Checker { view, strangers: &strangers, below: &below };
        let mut faults = Vec::new();
        for file in names::family(form, texts) {
            let Some(text) = texts.get(&file) else { continue };
            let wrong = checker.check(&tag::scan(text));
            faults.extend(wrong.iter().map(|wrong| fault::unknown_name(&file, text, wrong, view.fields())));
        }
        if faults.is_empty()
            && let Some(name) = strangers.first()
        {
            faults.push(
                Diagnostic::error(code::FORM_NAME, format!("Mẫu dùng tên “{name}” không có trong văn bản này."))
                    .in_file(fault::file(form)),
            );
        }
        faults
    }

    /// Fills the forms of a letter with every case and reads what comes out.
    fn try_out(&self, forms: &[String], shape: &Shape) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = Vec::new();
        for view in cases::cases(shape) {
            for form in forms {
                let fault = match self.render(form, &view) {
                    Ok(filled) if form != MAIL => {
                        document::parse(&filled).err().map(|error| self.markup_fault(form, &view, &filled, &error))
                    }
                    Ok(filled) => subject_and_body(&filled).err(),
                    Err(fault) => Some(fault),
                };
                faults.extend(fault.filter(|fault| !faults.contains(fault)));
            }
        }
        faults
    }

    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    fn render(&self, name: &str, view: &Value) -> Result<String, Diagnostic> {
        if !self.inner.texts.contains_key(name) {
            return Err(Diagnostic::error(code::FORM_MISSING, format!("Không có mẫu “{name}”."))
                .hint("Đặt tệp mẫu này vào thư mục forms."));
        }
        let fault = |error: &tera::Error| fault::diagnostic(error, name, &self.inner.texts);
        let context = Context::from_serialize(&Present(view)).map_err(|error| fault(&error))?;
        self.inner.tera.render(name, &context).map_err(|error| fault(&error))
    }

    /// The form, and the place in it, that byte `at` of `filled` comes from, when `form` was filled with `view`.
    fn origin(&self, form: &str, view: &Value, filled: &str, at: usize) -> Option<(String, Span)> {
        let (marked, tera) = self.inner.marked.get_or_init(|| {
            let read: BTreeSet<&str> = self.inner.tera.get_template_names().collect();
            let texts = self.inner.texts.iter().filter(|(name, _)| read.contains(name.as_str()));
            let marked = origin::Marked::of(texts);
            let mut tera = engine();
            let texts = marked.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            let tera = tera.add_raw_templates(texts).is_ok().then_some(tera);
            (marked, tera.unwrap_or_default())
        });
        let again = tera.render(form, &Context::from_serialize(&Present(view)).ok()?).ok()?;
        marked.locate(&self.inner.texts, &again, filled, at)
    }

    /// The finding for a fault in the markup that `form` gave, with the place in the form it comes from.
    fn markup_fault(&self, form: &str, view: &Value, filled: &str, error: &document::Error) -> Diagnostic {
        let finding =
            Diagnostic::error(code::MARKUP, format!("Biểu mẫu cho ra nội dung sai cú pháp: {}", error.message));
        let at = origin::byte_of(filled, error.span);
        match self.origin(form, view, filled, at) {
            Some((file, span)) => finding.in_file(fault::file(&file)).at(span, self.text(&file)),
            None => finding.in_file(fault::file(form)),
        }
        .hint("Xem lại biểu mẫu này trong thư mục forms, hoặc xóa nó để dùng mẫu có sẵn.")
    }

    /// Fills the form of a letter and reads the markup that comes out.
    ///
    /// # Errors
    /// A finding with the place in the form.
    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    pub fn document(&self, letter: &Prepared) -> Result<document::Document, Diagnostic> {
        self.document_of(&form_name(letter.id.kind), &letter.view)
    }

    /// Fills the form of this file name with `view` and reads the markup that comes out.
    ///
    /// # Errors
    /// A finding with the place in the form.
    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    pub fn document_of(&self, form: &str, view: &Value) -> Result<document::Document, Diagnostic> {
        let filled = self.render(form, view)?;
        document::parse(&filled).map_err(|error| self.markup_fault(form, view, &filled, &error))
    }

    /// Fills the form of a letter: markup for [`crate::document`].
    ///
    /// # Errors
    /// A finding with the place in the form.
    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    pub fn fill(&self, letter: &Prepared) -> Result<String, Diagnostic> {
        self.render(&form_name(letter.id.kind), &letter.view)
    }

    /// Fills the form of this file name with `view`: markup for [`crate::document`].
    ///
    /// # Errors
    /// A finding with the place in the form.
    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    pub fn fill_with(&self, form: &str, view: &serde_json::Value) -> Result<String, Diagnostic> {
        self.render(form, view)
    }

    /// What the batch form of this name (without ending) asks for; `None` when there is no such batch form.
    #[must_use]
    pub fn declaration(&self, name: &str) -> Option<&Declaration> {
        self.inner.batch.get(name)
    }

    /// Text of the declaration of the batch form of this name (without ending); empty when there is none.
    #[must_use]
    pub fn declared(&self, name: &str) -> &str {
        self.inner.declared.get(&format!("{name}{ENDING}")).map_or("", String::as_str)
    }

    /// Names of the batch forms, without ending, in order.
    pub fn batch_names(&self) -> impl Iterator<Item = &str> {
        self.inner.batch.keys().map(String::as_str)
    }

    /// Subject and body of the mail a letter goes out with.
    ///
    /// # Errors
    /// A finding with the place in the form.
    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    pub fn email_text(&self, letter: &Prepared) -> Result<(String, String), Diagnostic> {
        subject_and_body(&self.render(MAIL, &letter.view)?)
    }

    /// The text of a form; empty when there is none of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.inner.texts.get(name).map_or("", String::as_str)
    }

    /// Names of all forms, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.inner.texts.keys().map(String::as_str)
    }

    /// SHA-256 over names and texts of all forms.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut all = String::new();
        for (name, text) in self.inner.texts.iter().chain(&self.inner.declared) {
            all.push_str(&format!("{name} {}\n", crate::fs::sha256(text.as_bytes())));
        }
        crate::fs::sha256(all.as_bytes())
    }
}

/// File name of the form of a kind of letter.
#[must_use]
pub fn form_name(kind: LetterKind) -> String {
    format!("{}.xml", kind.stem())
}

/// The forms a kind of letter is filled with: its own, and that of the mail it goes out with.
fn forms_of(kind: LetterKind) -> Vec<String> {
    let mut forms = vec![form_name(kind)];
    forms.extend((kind == LetterKind::Answer).then(|| MAIL.to_owned()));
    forms
}

#[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
fn subject_and_body(filled: &str) -> Result<(String, String), Diagnostic> {
    let text = spelled(filled);
    let text = text.trim_start();
    let (first, body) = text.split_once('\n').unwrap_or((text, ""));
    let Some(subject) = first.strip_prefix("Tiêu đề:") else {
        return Err(Diagnostic::error(code::FORM_SYNTAX, "Dòng đầu của thư phải bắt đầu bằng “Tiêu đề:”.")
            .in_file(fault::file(MAIL))
            .hint("Ghi dòng đầu như: Tiêu đề: Trả lời khiếu nại, hồ sơ KN-2026-0042"));
    };
    Ok((subject.trim().to_owned(), body.trim().to_owned() + "\n"))
}

/// A view without what is absent: printing that is an error then, not an empty place in a letter.
struct Present<'a>(&'a Value);

impl Serialize for Present<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut out = serializer.serialize_map(None)?;
                for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                    out.serialize_entry(name, &Present(value))?;
                }
                out.end()
            }
            Value::Array(items) => {
                let mut out = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    out.serialize_element(&Present(item))?;
                }
                out.end()
            }
            other => other.serialize(serializer),
        }
    }
}

fn engine() -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on([".xml"]);
    tera.set_escape_fn(escape);
    // Data can never become markup, whatever a form asks for.
    tera.register_filter("safe", |text: &str, _: Kwargs, _: &State| text.to_owned());
    tera
}

/// Writes a value into markup: XML escapes, marks for missing facts and blanks, nothing XML cannot hold.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut open = false;
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        out.write_all(&rest.as_bytes()[..at])?;
        let Some(special) = rest[at..].chars().next() else { break };
        rest = &rest[at + special.len_utf8()..];
        match special {
            '&' => out.write_all(b"&amp;")?,
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '"' => out.write_all(b"&quot;")?,
            '\'' => out.write_all(b"&apos;")?,
            MISSING_OPEN if !open => {
                open = true;
                out.write_all(b"<missing>")?;
            }
            MISSING_CLOSE if open => {
                open = false;
                out.write_all(b"</missing>")?;
            }
            BLANK if !open => out.write_all(b"<blank w=\"3\"/>")?,
            _ => {}
        }
    }
    out.write_all(rest.as_bytes())?;
    if open { out.write_all(b"</missing>") } else { Ok(()) }
}

/// Whether a letter of a value does not stand for itself in markup.
fn is_special(letter: char) -> bool {
    matches!(letter, '&' | '<' | '>' | '"' | '\'' | MISSING_OPEN | MISSING_CLOSE | BLANK | '\u{FFFE}' | '\u{FFFF}')
        || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}
