//! From the path of a field (`giai_quyet[0].tra_loi.ngay`) to its line in the file.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::yaml::tree::{Content, Node};

/// Where each field of one file stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    file: String,
    source: String,
    spans: HashMap<String, Span>,
}

impl Places {
    /// Places of a file of which nothing could be read but its text.
    #[must_use]
    pub fn unread(file: &str, source: &str) -> Self {
        Self { file: file.to_owned(), source: source.to_owned(), spans: HashMap::new() }
    }

    /// Places of every field in `tree`.
    #[must_use]
    pub fn of(file: &str, source: &str, tree: &Node) -> Self {
        let mut places = Self::unread(file, source);
        places.record(tree, String::new(), tree.span);
        places
    }

    fn record(&mut self, node: &Node, path: String, key_span: Span) {
        match &node.content {
            Content::Scalar { .. } => {
                let span = if node.is_empty() { key_span } else { node.span };
                self.spans.entry(path).or_insert(span);
            }
            Content::List(items) => {
                self.spans.entry(path.clone()).or_insert(key_span);
                for (index, item) in items.iter().enumerate() {
                    self.record(item, format!("{path}[{index}]"), item.span);
                }
            }
            Content::Map(entries) => {
                self.spans.entry(path.clone()).or_insert(key_span);
                for entry in entries {
                    let dot = if path.is_empty() { "" } else { "." };
                    self.record(&entry.value, format!("{path}{dot}{}", entry.key), entry.key_span);
                }
            }
        }
    }

    /// The file, as findings name it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text of the file, line ends as `\n`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the file has this very path, with something written there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.spans.contains_key(path)
    }

    /// Where `path` stands: the value (for a block, its key), else the nearest ancestor in the file.
    #[must_use]
    pub fn span(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return Some(*span);
            }
            path = match path.rfind(['.', '[']) {
                Some(cut) => &path[..cut],
                None if path.is_empty() => return None,
                None => "",
            };
        }
    }

    /// A finding at `path`, with its line of the file.
    #[must_use]
    pub fn finding(
        &self,
        code: Code,
        severity: Severity,
        path: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Diagnostic {
        let finding = Diagnostic { severity, ..Diagnostic::error(code, message) }.hint(hint).in_file(&self.file);
        match self.span(path) {
            Some(span) => finding.at(span, &self.source),
            None => finding,
        }
    }
}
