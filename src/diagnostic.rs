//! What is wrong, where, and what to do: one shape for every finding a person reads.

use serde::Serialize;

pub mod code;
pub mod draw;
pub mod note;
pub mod page;

pub use code::Code;
pub use draw::draw;
pub use note::note;

/// Longest excerpt kept, in characters; what follows on the line is cut off.
const MAX_EXCERPT: usize = 1000;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Work goes on; somebody should look.
    Warning,
    /// The thing concerned is not done until it is mended.
    Error,
}

/// A place in a text file. Lines and columns count from 1; columns and lengths are in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Length in characters; 0 when only the point is known.
    pub length: usize,
}

/// One finding, ready to be drawn for a clerk or written as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code, e.g. `HS012`.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// File the finding is about, relative to the workspace where it lies inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Place in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The line as it stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// A Vietnamese sentence: what is wrong.
    pub message: String,
    /// A Vietnamese sentence: what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What may have been meant: words to put in place of what is marked, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// The first line that could not be read because of this, nor anything below it: there may be more findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_from: Option<usize>,
}

impl Diagnostic {
    /// An error with nothing but its code and sentence.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            file: None,
            span: None,
            excerpt: None,
            message: message.into(),
            hint: None,
            suggestions: Vec::new(),
            unread_from: None,
        }
    }

    /// A warning with nothing but its code and sentence.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Told once: a warning of what was mended on the spot, or was so when it was done and stays so.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let once = [code::JOURNAL_TORN, code::JOURNAL_HEAD, code::CAME_BACK_SAME, code::NUMBER_DATE_ORDER];
        !self.is_error() && once.contains(&self.code)
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what may have been meant in place of what is marked.
    #[must_use]
    pub fn suggest(mut self, meant: impl IntoIterator<Item = String>) -> Self {
        self.suggestions.extend(meant);
        self
    }

    /// Adds the file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Adds the place, and its line of `source` as excerpt.
    #[must_use]
    pub fn at(mut self, span: Span, source: &str) -> Self {
        self.span = Some(span);
        let line = source.lines().nth(span.line.saturating_sub(1));
        self.excerpt = line.map(|line| line.chars().take(MAX_EXCERPT).collect());
        self
    }

    /// That there may be more, where the file could not be read further.
    #[must_use]
    pub fn unread(&self) -> Option<String> {
        let line = self.unread_from?;
        Some(format!("Chưa đọc được từ dòng {line} trở đi; sửa xong có thể còn lỗi khác."))
    }

    /// Whether this finding is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
