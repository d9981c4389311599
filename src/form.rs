//! Loads `forms/`, fills a form. Sole user of `tera`.
//!
//! Forms are built into the program; a file of the same name in the workspace's `forms/` overrides one. Every name a form
//! prints or tests is checked against the letter's declared view when the form is loaded, because Tera takes an unknown name
//! in an `if` for "no".

mod fault;
pub mod guide;
mod names;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use tera::{Context, Kwargs, State, Tera};

use crate::batch::Declaration;
use crate::batch::declaration::ENDING;
use crate::diagnostic::{Diagnostic, code};
use crate::letter::wording::{BLANK, MISSING_CLOSE, MISSING_OPEN, spelled};
use crate::letter::{LetterKind, Prepared, sample, variables};

/// The forms the program brings along: name and text.
const BUILTIN: &[(&str, &str)] = &[
    ("bia-ho-so.xml", include_str!("../forms/bia-ho-so.xml")),
    ("bien-ban-xu-ly.xml", include_str!("../forms/bien-ban-xu-ly.xml")),
    ("goc.xml", include_str!("../forms/goc.xml")),
    ("muc-luc-ho-so.xml", include_str!("../forms/muc-luc-ho-so.xml")),
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
        let batch = declarations(&declared, &texts)?;
        let alone: Vec<Diagnostic> = texts
            .iter()
            .filter_map(|(name, text)| engine().add_raw_template(name, text).err().map(|error| (name, error)))
            .filter(|(_, error)| matches!(error.kind(), tera::ErrorKind::SyntaxError(_)))
            .map(|(name, error)| fault::diagnostic(&error, name, &texts))
            .collect();
        if !alone.is_empty() {
            return Err(alone);
        }
        let mut tera = engine();
        if let Err(error) = tera.add_raw_templates(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            return Err(fault::diagnostics(&error, "", &texts));
        }
        let unused = unused(overrides, &texts, batch.keys());
        let set = Self { inner: Arc::new(Inner { texts, tera, unused, declared, batch }) };
        let faults = set.check();
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    /// Warnings about files no letter is made from, most likely a form whose name was mistyped.
    #[must_use]
    pub fn unused(&self) -> &[Diagnostic] {
        &self.inner.unused
    }

    /// Unknown names, then one filling of each form with everything there and one with only what is always there.
    fn check(&self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for kind in LetterKind::ALL {
            let name = form_name(kind);
            if !self.inner.texts.contains_key(&name) {
                continue;
            }
            let known: Vec<(String, &'static str)> = variables(kind);
            faults.extend(self.unknown_names(&name, &known));
            if kind == LetterKind::Answer {
                faults.extend(self.unknown_names(MAIL, &known));
            }
        }
        for (name, declaration) in &self.inner.batch {
            let names = declaration.names();
            let known: Vec<(String, &'static str)> = names.into_iter().map(|(name, _)| (name, "")).collect();
            faults.extend(self.unknown_names(&format!("{name}.xml"), &known));
        }
        let mut seen = BTreeSet::new();
        faults.retain(|fault| seen.insert((fault.file.clone(), fault.span, fault.message.clone())));
        if faults.is_empty() {
            for kind in LetterKind::ALL {
                let forms = [Some(form_name(kind)), (kind == LetterKind::Answer).then(|| MAIL.to_owned())];
                for name in forms.into_iter().flatten().filter(|name| self.inner.texts.contains_key(name)) {
                    faults.extend(self.render(&name, &sample(kind)).err());
                }
            }
            for (name, declaration) in &self.inner.batch {
                let tries = [true, false].map(|full| self.render(&format!("{name}.xml"), &declaration.sample(full)));
                faults.extend(tries.into_iter().find_map(Result::err));
            }
        }
        faults
    }

    /// Names the form, or one it extends or includes, uses and the view does not have.
    fn unknown_names(&self, form: &str, known: &[(String, &'static str)]) -> Vec<Diagnostic> {
        let texts = &self.inner.texts;
        let Ok(used) = self.inner.tera.get_template_variables(form) else { return Vec::new() };
        let roots: BTreeSet<&str> = known.iter().filter_map(|(name, _)| name.split('.').next()).collect();
        let fields: BTreeSet<&str> = known.iter().filter_map(|(name, _)| name.rsplit('.').next()).collect();
        let unknown: BTreeSet<&str> =
            used.into_iter().filter(|name| !roots.contains(name) && *name != "loop").collect();
        let mut faults = Vec::new();
        for file in names::family(form, texts) {
            let Some(text) = texts.get(&file) else { continue };
            for found in names::scan(text) {
                let wrong = found
                    .fields
                    .iter()
                    .find(|(field, _)| found.root != "loop" && !fields.contains(field.as_str()))
                    .map(|(field, span)| (field.as_str(), *span))
                    .or_else(|| unknown.contains(found.root.as_str()).then_some((found.root.as_str(), found.span)));
                if let Some((name, span)) = wrong {
                    faults.push(fault::unknown_name(&file, text, name, span, &roots, &fields));
                }
            }
        }
        if faults.is_empty()
            && let Some(name) = unknown.first()
        {
            faults.push(
                Diagnostic::error(code::FORM_NAME, format!("Mẫu dùng tên “{name}” không có trong văn bản này."))
                    .in_file(form),
            );
        }
        faults
    }

    #[allow(clippy::result_large_err, reason = "one finding for one letter; callers put it into their list as it is")]
    fn render(&self, name: &str, view: &serde_json::Value) -> Result<String, Diagnostic> {
        if !self.inner.texts.contains_key(name) {
            return Err(Diagnostic::error(code::FORM_MISSING, format!("Không có mẫu “{name}”."))
                .hint("Đặt tệp mẫu này vào thư mục forms."));
        }
        let context =
            Context::from_serialize(view).map_err(|error| fault::diagnostic(&error, name, &self.inner.texts))?;
        self.inner.tera.render(name, &context).map_err(|error| fault::diagnostic(&error, name, &self.inner.texts))
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
        let text = spelled(&self.render(MAIL, &letter.view)?);
        let text = text.trim_start();
        let (first, body) = text.split_once('\n').unwrap_or((text, ""));
        let Some(subject) = first.strip_prefix("Tiêu đề:") else {
            return Err(Diagnostic::error(code::FORM_SYNTAX, "Dòng đầu của thư phải bắt đầu bằng “Tiêu đề:”.")
                .in_file(MAIL)
                .hint("Ghi dòng đầu như: Tiêu đề: Trả lời khiếu nại, hồ sơ KN-2026-0042"));
        };
        Ok((subject.trim().to_owned(), body.trim().to_owned() + "\n"))
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
    for c in text.chars() {
        match c {
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
            MISSING_OPEN | MISSING_CLOSE | BLANK | '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
    }
    if open { out.write_all(b"</missing>") } else { Ok(()) }
}

/// The batch forms declared, by name without ending.
fn declarations(
    declared: &BTreeMap<String, String>,
    texts: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Declaration>, Vec<Diagnostic>> {
    let (mut batch, mut faults) = (BTreeMap::new(), Vec::new());
    for (file, text) in declared {
        let name = file.trim_end_matches(ENDING);
        if !texts.contains_key(&format!("{name}.xml")) {
            let message = format!("Tệp khai báo này không có mẫu “{name}.xml” đi cùng.");
            let finding = Diagnostic::error(code::FORM_MISSING, message).in_file(format!("forms/{file}"));
            faults.push(finding.hint("Đặt mẫu vào thư mục forms, cùng tên với tệp khai báo."));
        }
        match Declaration::parse(&format!("forms/{file}"), text) {
            Ok(declaration) => drop(batch.insert(name.to_owned(), declaration)),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(batch) } else { Err(faults) }
}

/// Files that neither replace a built-in form nor are extended or included by one.
fn unused<'a>(
    overrides: &[(String, String)],
    texts: &BTreeMap<String, String>,
    batch: impl Iterator<Item = &'a String>,
) -> Vec<Diagnostic> {
    let forms = BUILTIN.iter().map(|(name, _)| (*name).to_owned()).chain(batch.map(|name| format!("{name}.xml")));
    let used: BTreeSet<String> = forms.flat_map(|name| names::family(&name, texts)).collect();
    let forms = overrides.iter().map(|(name, _)| name).filter(|name| !name.ends_with(ENDING));
    let idle = forms.filter(|name| !used.contains(*name));
    idle.map(|name| {
        let nearest = BUILTIN.iter().map(|(known, _)| (strsim::damerau_levenshtein(known, name), *known)).min();
        let hint = match nearest.filter(|(distance, _)| *distance <= 1 + name.chars().count() / 4) {
            Some((_, known)) => format!("Có phải là “{known}” không? Nếu phải, đổi tên tệp."),
            None => {
                let known: Vec<&str> = BUILTIN.iter().map(|(known, _)| *known).collect();
                format!("Các biểu mẫu thay được: {}.", known.join(", "))
            }
        };
        Diagnostic::warning(code::FORM_MISSING, format!("Không văn bản nào dùng biểu mẫu “{name}”; tệp này bị bỏ qua."))
            .in_file(format!("forms/{name}"))
            .hint(hint)
    })
    .collect()
}
