//! Tries the forms of letters to the end: filled, laid out, every letter drawn. What is found names form, block and text.

use std::collections::BTreeSet;

use super::tag::{Part, place, scan};
use super::{FormSet, cases, fault, form_name, names};
use crate::diagnostic::{Diagnostic, Severity, Span, code};
use crate::document;
use crate::font::FontSet;
use crate::layout::{Fault, Style, lay_out};
use crate::letter::{LetterKind, Shape, Size, shape};

/// A form with what may be filled in.
struct Subject {
    form: String,
    /// What messages call it.
    label: String,
    shape: Shape,
}

impl Subject {
    fn letter(kind: LetterKind) -> Self {
        Self { form: form_name(kind), label: kind.text().to_owned(), shape: shape(kind) }
    }

    fn batch(forms: &FormSet, name: &str) -> Option<Self> {
        let shape = forms.declaration(name)?.shape();
        Some(Self { form: format!("{name}.xml"), label: format!("mẫu {name}"), shape })
    }
}

/// Everything that can be said of the forms of these letters and batches without a case: names, filling, markup, then letters no
/// face has and what does not fit. What only the largest sample shows is a warning.
#[must_use]
pub fn findings(
    forms: &FormSet,
    kinds: &[LetterKind],
    batches: &[&str],
    style: &Style,
    fonts: &FontSet,
) -> Vec<Diagnostic> {
    let mut found = forms.check(kinds, batches.iter().copied());
    if found.is_empty() {
        let letters = kinds.iter().map(|kind| Subject::letter(*kind));
        for subject in letters.chain(batches.iter().filter_map(|name| Subject::batch(forms, name))) {
            found.extend(fixed_text(forms, &subject, fonts));
            found.extend(layout(forms, &subject, style, fonts));
        }
        let mut seen = BTreeSet::new();
        found.retain(|finding| seen.insert((finding.file.clone(), finding.span, finding.message.clone())));
    }
    found
}

/// What a workspace's own forms show at once, before a case meets it: letters no face has, unknown styles, words too wide.
/// Names, filling and markup were tried when the forms were loaded. Nothing to do where no form is overridden.
#[must_use]
pub fn at_load(forms: &FormSet, style: &Style, fonts: &FontSet) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for kind in forms.overridden() {
        let subject = Subject::letter(*kind);
        let sample = |size| subject.shape.sample(size).unwrap_or_default();
        let mut new = fixed_text(forms, &subject, fonts);
        for size in [Size::Usual, Size::Smallest] {
            new.extend(laid_out(forms, &subject, &sample(size), style, fonts));
        }
        let mut seen = BTreeSet::new();
        new.retain(|finding| seen.insert((finding.file.clone(), finding.span)) && !found.contains(finding));
        found.extend(new);
    }
    found
}

/// Letters of a form's own text that no face has, whatever branch they stand in.
fn fixed_text(forms: &FormSet, subject: &Subject, fonts: &FontSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for form in names::family(&subject.form, &forms.inner.texts) {
        let text = forms.text(&form);
        for part in scan(text).parts {
            let Part::Text(range) = part else { continue };
            let words = &text[range.clone()];
            for letter in fonts.missing(words) {
                let Some(at) = words.find(letter) else { continue };
                let span = Span { length: 1, ..place(text, range.start + at) };
                let word =
                    words.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>')).find(|w| w.contains(letter));
                let missing = Fault::MissingGlyph { letters: vec![letter], text: word.unwrap_or_default().to_owned() };
                found.push(missing.diagnostic(&subject.label).in_file(fault::file(&form)).at(span, text));
            }
        }
    }
    found
}

/// What cannot be laid out: usual samples as errors, the largest as a warning.
fn layout(forms: &FormSet, subject: &Subject, style: &Style, fonts: &FontSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for view in cases::branches(&subject.shape) {
        found.extend(laid_out(forms, subject, &view, style, fonts));
    }
    if found.is_empty() {
        let largest = subject.shape.sample(Size::Largest).unwrap_or_default();
        let warnings = laid_out(forms, subject, &largest, style, fonts).into_iter().map(|finding| Diagnostic {
            severity: Severity::Warning,
            hint: Some("Chỉ xảy ra khi dữ liệu rất dài; nới cột hoặc bỏ bớt cột nếu có thể.".to_owned()),
            ..finding
        });
        found.extend(warnings);
    }
    found
}

fn laid_out(
    forms: &FormSet,
    subject: &Subject,
    view: &serde_json::Value,
    style: &Style,
    fonts: &FontSet,
) -> Vec<Diagnostic> {
    let Subject { form, label, .. } = subject;
    let filled = match forms.render(form, view) {
        Ok(filled) => filled,
        Err(finding) => return vec![finding],
    };
    let document = match document::parse(&filled) {
        Ok(document) => document,
        Err(error) => return vec![forms.markup_fault(form, view, &filled, &error)],
    };
    let faults = match lay_out(&document, style, fonts) {
        Ok(layout) => {
            let wrong = layout.check_structure().err();
            let finding = |wrong| Diagnostic::error(code::EXPORT, format!("{label}: {wrong}"));
            return wrong.map(|wrong| finding(wrong).in_file(fault::file(form))).into_iter().collect();
        }
        Err(faults) => faults,
    };
    faults
        .iter()
        .map(|fault| {
            let finding = fault.diagnostic(label);
            let at = filled.find(fault.text().trim()).filter(|_| !fault.text().trim().is_empty());
            match at.and_then(|at| forms.origin(form, view, &filled, at)) {
                Some((file, span)) => {
                    // A word of the form's own is marked whole.
                    let length = if span.length > 0 { span.length } else { fault.text().trim().chars().count() };
                    finding.in_file(fault::file(&file)).at(Span { length, ..span }, forms.text(&file))
                }
                None => finding.in_file(fault::file(form)),
            }
        })
        .collect()
}

/// The usual sample of a kind of letter, to show what a form makes.
#[must_use]
pub fn example(kind: LetterKind) -> serde_json::Value {
    shape(kind).sample(Size::Usual).unwrap_or_default()
}

/// The usual sample of a batch form; nothing when there is no such batch form.
#[must_use]
pub fn batch_example(forms: &FormSet, name: &str) -> Option<serde_json::Value> {
    Some(forms.declaration(name)?.shape().sample(Size::Usual).unwrap_or_default())
}
