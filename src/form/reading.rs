//! Forms and declarations as they are read from a folder: what can be read, and everything that is wrong with the rest.

use std::collections::{BTreeMap, BTreeSet};

use tera::Tera;

use super::{BUILTIN, engine, fault, names};
use crate::batch::Declaration;
use crate::batch::declaration::ENDING;
use crate::diagnostic::{Diagnostic, code};

/// The forms that can be read, with all they build on, in an engine of their own; their names; what is wrong with the others.
pub(super) fn parsed(texts: &BTreeMap<String, String>) -> (Tera, BTreeSet<String>, Vec<Diagnostic>) {
    let mut tera = engine();
    if tera.add_raw_templates(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).is_ok() {
        return (tera, texts.keys().cloned().collect(), Vec::new());
    }
    // Of several forms Tera tells the first that is wrong; each is looked at alone to tell all.
    let (mut wrong, mut faults) = (BTreeSet::new(), Vec::new());
    for (name, text) in texts {
        if let Err(error) = engine().add_raw_template(name, text)
            && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
        {
            faults.push(fault::diagnostic(&error, name, texts));
            wrong.insert(name.clone());
        }
    }
    loop {
        let whole: BTreeSet<String> = texts
            .keys()
            .filter(|name| names::family(name, texts).iter().all(|form| !wrong.contains(form)))
            .cloned()
            .collect();
        let mut tera = engine();
        let added =
            texts.iter().filter(|(name, _)| whole.contains(*name)).map(|(name, text)| (name.as_str(), text.as_str()));
        let Err(error) = tera.add_raw_templates(added) else { return (tera, whole, faults) };
        let found = fault::diagnostics(&error, "", texts);
        let files =
            found.iter().filter_map(|finding| finding.file.as_deref()?.strip_prefix("forms/")).map(str::to_owned);
        let before = wrong.len();
        wrong.extend(files);
        faults.extend(found);
        if wrong.len() == before {
            return (Tera::default(), BTreeSet::new(), faults);
        }
    }
}

/// The batch forms declared, by name without ending.
pub(super) fn declarations(
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
pub(super) fn unused<'a>(
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
