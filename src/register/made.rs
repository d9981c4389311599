//! The result list of a batch: a line a letter, as JSON. Written where letters are made, read where they are proved.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A letter of a batch that is there: one line of a result list. Drafts and copies for signature have no number
/// (`Made<Option<u32>>`), letters of a batch with numbers each have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made<N = u32> {
    /// Row of the table.
    pub row: u32,
    /// Its number.
    pub number: N,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Pages.
    pub pages: u32,
    /// To whom it goes; not in the register's journal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub addressee: String,
    /// Subject (trích yếu); not in the register's journal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The case it belongs to as well.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// SHA-256 of its snapshot, where it has a number and belongs to a case.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
}

impl<N> Made<N> {
    /// The same without what may name persons: as it stands in the register's journal.
    #[must_use]
    pub fn wordless(self) -> Self {
        Self { addressee: String::new(), subject: String::new(), ..self }
    }
}

/// Letters as lines of a result list.
#[must_use]
pub fn result_lines<N: Serialize>(made: &[Made<N>]) -> Vec<u8> {
    made.iter().fold(Vec::new(), |mut lines, one| {
        lines.extend(serde_json::to_vec(one).unwrap_or_default());
        lines.push(b'\n');
        lines
    })
}

/// The whole lines of a result list: of each its length in bytes, and the letter, unless it is none. A last line that was torn
/// is left out.
pub fn read_lines<N: DeserializeOwned>(bytes: &[u8]) -> impl Iterator<Item = (usize, Option<Made<N>>)> {
    let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    whole.map(|line| (line.len(), serde_json::from_slice(line).ok()))
}

/// Reads a finished result list; `None` when a line is none.
#[must_use]
pub fn parse_results(bytes: &[u8]) -> Option<Vec<Made>> {
    if bytes.last().is_some_and(|last| *last != b'\n') {
        return None;
    }
    read_lines(bytes).map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made<N>(row: u32, number: N) -> Made<N> {
        Made {
            row,
            number,
            file: format!("{row:06}.pdf"),
            sha256: "0".repeat(64),
            size: 1,
            pages: 1,
            addressee: "Bà Nguyễn Thị Hường".to_owned(),
            subject: "Sự cố".to_owned(),
            case: None,
            snapshot: None,
        }
    }

    #[test]
    fn what_is_written_is_read_and_torn_lines_are_not() {
        let lines = result_lines(&[made(2, 7), made(3, 8)]);
        assert_eq!(parse_results(&lines), Some(vec![made(2, 7), made(3, 8)]));
        let torn = &lines[..lines.len() - 1];
        assert_eq!(parse_results(torn), None);
        assert_eq!(read_lines::<u32>(torn).filter_map(|(_, made)| made).count(), 1);
        // A list of drafts is none of letters with numbers; the other way round it can be read.
        let drafts = result_lines(&[made(2, None::<u32>)]);
        assert_eq!(parse_results(&drafts), None);
        assert_eq!(read_lines::<Option<u32>>(&lines).next(), Some((lines.len() / 2, Some(made(2, Some(7))))));
    }
}
