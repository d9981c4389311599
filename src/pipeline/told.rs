//! What is kept of a case that is not looked at again, for whoever shows all of them.

use serde::{Deserialize, Serialize};

use super::report::CaseReport;
use super::twin;
use crate::board::Row;
use crate::diagnostic::{Diagnostic, Span, code};

/// What the board tells of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Told {
    /// A case.
    Row(Box<Row>),
    /// A file that is no case: what is wrong with it.
    Twin(Vec<Finding>),
}

/// A finding about a twin, as it can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finding {
    two: bool,
    file: Option<String>,
    span: Option<(usize, usize, usize)>,
    excerpt: Option<String>,
    message: String,
    hint: Option<String>,
}

impl Finding {
    fn of(finding: &Diagnostic) -> Self {
        Self {
            two: finding.code == code::TWO_FILES,
            file: finding.file.clone(),
            span: finding.span.map(|span| (span.line, span.column, span.length)),
            excerpt: finding.excerpt.clone(),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    }

    /// The finding it was made of.
    pub(super) fn diagnostic(self) -> Diagnostic {
        let code = if self.two { code::TWO_FILES } else { code::CONFLICT_COPY };
        Diagnostic {
            file: self.file,
            span: self.span.map(|(line, column, length)| Span { line, column, length }),
            excerpt: self.excerpt,
            hint: self.hint,
            ..Diagnostic::error(code, self.message)
        }
    }
}

/// How the bytes of a twin begin.
const TWIN: &[u8] = b"{\"Twin\"";

impl Told {
    /// What is told of a case; `folder` is the watched folder as the report names it.
    pub(super) fn of(case: &CaseReport, folder: &str) -> Self {
        if case.is_twin() {
            let findings = case.findings.iter().filter(|finding| twin::is_twin(finding));
            return Self::Twin(findings.map(Finding::of).collect());
        }
        Self::Row(Box::new(Row::of(case, folder)))
    }

    /// The row of a case.
    pub(super) fn row(self) -> Option<Box<Row>> {
        if let Self::Row(row) = self { Some(row) } else { None }
    }

    /// As bytes.
    pub(super) fn bytes(&self) -> Box<[u8]> {
        serde_json::to_vec(self).unwrap_or_default().into_boxed_slice()
    }

    /// What `bytes` tell.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whether `bytes` tell of a twin.
    pub(super) fn is_twin(bytes: &[u8]) -> bool {
        bytes.starts_with(TWIN)
    }
}
