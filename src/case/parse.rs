//! The bytes of a case file → the case, or everything that is wrong with it at once.

use super::check::{Checked, canonical, check};
use super::gaps::Gaps;
use super::meaning::of_values;
use super::misfit::{Fitting, key_at};
pub use super::places::Places;
use super::schema::{Described, Shape};
use super::value::Value;
use super::{Case, CaseCode};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::yaml::mend::{self, Mended};
use crate::yaml::tree::{self, Content, Entry, FaultKind, MAX_BYTES, Node};
use crate::{encoding, yaml};

/// What a case file yields.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The case, when nothing is wrong with the file.
    pub case: Option<Case>,
    /// What can be read of it in spite of its faults.
    pub rest: Option<Rest>,
    /// What is remarkable about single values, where not even the rest can be read.
    pub remarks: Vec<Diagnostic>,
    /// The code, when it can be read even though other things are wrong.
    pub code_hint: Option<CaseCode>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// Where each field stands.
    pub places: Places,
}

/// A case without what has a fault: good for looking for further faults, and for nothing else.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The facts that can be read. Its code is a stand-in where the file has none.
    pub case: Case,
    /// What was left out.
    pub gaps: Gaps,
}

/// Reads a case file; `file` is how findings name it.
#[must_use]
pub fn parse(bytes: &[u8], file: &str) -> Parsed {
    let Source { text, tree, findings: mut faults, guessed, before } = source(bytes, file, Case::shape());
    let known = Fitting::new(Case::shape());
    // Where a line belongs had to be guessed: that it does not belong there may only follow from the guess.
    let follows = |finding: &Diagnostic| {
        let structure = [code::UNKNOWN_KEY, code::WRONG_KIND, code::DUPLICATE_KEY].contains(&finding.code);
        structure
            && finding.span.is_some_and(|span| {
                guessed.contains(&span.line)
                    && !(finding.code == code::UNKNOWN_KEY && known.is_nowhere(&key_at(&text, span)))
            })
    };
    let Some(tree) = tree else {
        let code_hint = text.lines().find_map(code_in_line);
        if let Some((unread, tree)) = before {
            // The last value before the stop may have been meant otherwise, and what is missing may come behind it.
            let found = check(&tree, Case::shape(), file, &text).findings.into_iter().filter(|finding| {
                let above = finding.span.is_some_and(|span| span.line + 1 < unread);
                above && finding.code != code::MISSING_KEY && !follows(finding)
            });
            faults.extend(found.filter(|finding| finding.code != code::TOO_MANY));
            faults.sort_by_key(|finding| (finding.span.is_none(), finding.span));
        }
        let places = Places::unread(file, &text);
        return Parsed { case: None, rest: None, remarks: Vec::new(), code_hint, findings: faults, places };
    };
    let places = Places::of(file, &text, &tree);
    let code_hint = tree.get(CODE).and_then(Node::text).and_then(|code| CaseCode::parse(code).ok());
    let Checked { mut findings, gaps } = check(&tree, Case::shape(), file, &text);
    findings.retain(|finding| !follows(finding));
    findings.extend(faults);
    findings.sort_by_key(|finding| (finding.span.is_none(), finding.span));
    if !findings.is_empty() {
        let known = gaps.filter(|_| guessed.is_empty());
        let rest = known.and_then(|gaps| Some(Rest { case: read_rest(&tree, &gaps)?, gaps }));
        let remarks = if rest.is_none() { of_values(&tree, &places) } else { Vec::new() };
        return Parsed { case: None, rest, remarks, code_hint, findings, places };
    }
    let read = yaml::read::<Case>(&canonical(&tree, &Gaps::default())).map_err(|error| {
        findings.push(
            Diagnostic::error(code::READERS_DISAGREE, format!("Chương trình không đọc được tệp ({error})."))
                .hint("Đây là lỗi của chương trình; gửi tệp này cho người quản trị.")
                .in_file(file),
        );
    });
    Parsed { case: read.ok(), rest: None, remarks: Vec::new(), code_hint, findings, places }
}

const CODE: &str = "ma_ho_so";

/// The facts of a faulty tree that lie outside its gaps.
fn read_rest(tree: &Node, gaps: &Gaps) -> Option<Case> {
    let Content::Map(entries) = &tree.content else { return None };
    if !gaps.at(CODE) {
        return yaml::read(&canonical(tree, gaps)).ok();
    }
    // A case cannot be without a code, and nothing else depends on which it is.
    let style = tree::Style::Plain;
    let text = CaseCode::new(1, 1).to_string();
    let stand_in = Node { span: tree.span, last_line: tree.span.line, content: Content::Scalar { text, style } };
    let others = entries.iter().filter(|entry| entry.key != CODE).cloned();
    let code = Entry { key: CODE.to_owned(), key_span: tree.span, value: stand_in };
    let tree =
        Node { span: tree.span, last_line: tree.last_line, content: Content::Map(others.chain([code]).collect()) };
    let mut known = gaps.clone();
    known.restore(CODE);
    yaml::read(&canonical(&tree, &known)).ok()
}

fn code_in_line(line: &str) -> Option<CaseCode> {
    let value = line.strip_prefix("ma_ho_so:")?;
    CaseCode::parse(value.split('#').next()?.trim().trim_matches(['"', '\''])).ok()
}

/// A file as text and tree. `findings` are the faults met on the way; without a tree they end it.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) tree: Option<Node>,
    pub(crate) findings: Vec<Diagnostic>,
    /// Lines of which it had to be guessed where they belong.
    pub(crate) guessed: Vec<usize>,
    /// Where a fault could not be read past: the first line that was not read, and what stands before it.
    pub(crate) before: Option<(usize, Node)>,
}

/// Bytes → text (UTF-8, or UTF-16 with its mark; line ends as `\n`) → tree, past syntax faults where it can be known how
/// a line was meant; `shape` tells what belongs where.
pub(crate) fn source(bytes: &[u8], file: &str, shape: Shape) -> Source {
    let failed = |text: String, finding: Diagnostic| Source {
        text,
        tree: None,
        findings: vec![finding.in_file(file)],
        guessed: Vec::new(),
        before: None,
    };
    if bytes.len() > MAX_BYTES {
        let finding = Diagnostic::error(
            code::FILE_TOO_LARGE,
            format!("Tệp lớn quá 1 MB ({} MB).", bytes.len().div_ceil(1 << 20)),
        )
        .hint("Tệp này chỉ chứa chữ; tài liệu để thành tệp riêng trong thư mục dinh-kem.");
        return failed(String::new(), finding);
    }
    let text = match encoding::decode(bytes) {
        Ok(text) => text,
        Err(refused) => {
            let finding = Diagnostic::error(code::NOT_UTF8, refused.message).hint(refused.hint);
            let finding = match refused.span {
                Some(span) => finding.at(span, &refused.text),
                None => finding,
            };
            return failed(refused.text, finding);
        }
    };
    let Mended { tree, faults, guessed, unread } = mend::read(&text, Some(&Fitting::new(shape)));
    let mut findings: Vec<Diagnostic> = faults
        .into_iter()
        .map(|fault| {
            let finding = Diagnostic::error(code_of(fault.kind), fault.message).hint(fault.hint).in_file(file);
            finding.suggest(fault.suggestion).at(fault.span, &text)
        })
        .collect();
    if let Some(unread) = &unread
        && let Some(last) =
            findings.iter_mut().rev().find(|finding| finding.span.is_some_and(|at| at.line >= unread.line))
    {
        last.unread_from = Some(unread.line);
    }
    let before = unread.and_then(|unread| Some((unread.line, unread.before?)));
    if tree.is_none() && findings.is_empty() {
        let empty = Diagnostic::error(code::NO_CASE, "Tệp chưa có nội dung.")
            .hint("Lấy tệp mới trong thư mục _moi, hoặc xóa tệp này nếu không dùng.");
        return failed(text, empty);
    }
    Source { text, tree, findings, guessed, before }
}

fn code_of(kind: FaultKind) -> Code {
    match kind {
        FaultKind::Syntax => code::SYNTAX,
        FaultKind::Forbidden => code::FORBIDDEN_YAML,
        FaultKind::Tab => code::TAB,
        FaultKind::Colon => code::NO_SPACE,
        FaultKind::Quote => code::QUOTES,
        FaultKind::Indent => code::INDENTATION,
        FaultKind::Dash => code::DASH,
        FaultKind::ColonInValue => code::COLON_IN_VALUE,
        FaultKind::Sign => code::LEADING_SIGN,
        FaultKind::NoKey => code::NO_KEY,
        FaultKind::Lookalike => code::LOOKALIKE,
    }
}

#[cfg(test)]
mod tests;
