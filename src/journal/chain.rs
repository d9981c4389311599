//! Reading a journal's lines and judging the chain between them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Entry, Head, head_path};
use crate::diagnostic::{Code, Diagnostic, Span, code};
use crate::fs;

/// The hash "before" the first line.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The end of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The last line is complete.
    Whole,
    /// From `at` on lie bytes of a line that was being written when the power went.
    Torn {
        /// Offset in bytes.
        at: usize,
    },
}

/// How the second copy stands to the journal.
pub(super) enum Mirror {
    /// Nothing to copy (or a finding says why nothing may be).
    Current,
    /// It lacks lines.
    Behind,
    /// It cannot be read now.
    Unreachable(Diagnostic),
}

/// The fields of a line that make the chain.
#[derive(Deserialize)]
struct Link {
    stt: u64,
    truoc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn<E> {
    #[serde(rename = "stt")]
    sequence: u64,
    #[serde(rename = "truoc")]
    before: String,
    #[serde(rename = "luc")]
    time: DateTime<FixedOffset>,
    #[serde(rename = "muc")]
    fact: E,
}

/// A journal as it lies on the disk.
pub(super) struct Chain {
    path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) tail: Tail,
    pub(super) head: Option<Head>,
    head_unreadable: bool,
    /// Byte ranges of the complete lines, without line break.
    lines: Vec<(usize, usize)>,
    hashes: Vec<String>,
    links: Vec<Option<Link>>,
}

/// A line on its own.
pub(super) struct Read1<E> {
    /// Hash of the line before, as the line says.
    pub(super) before: String,
    pub(super) entry: Entry<E>,
}

/// What one line (without line break) says; `None` when it is not a line of such a journal.
pub(super) fn read_line<E: DeserializeOwned>(line: &[u8]) -> Option<Read1<E>> {
    let line: LineIn<E> = serde_json::from_slice(line).ok()?;
    Some(Read1 { before: line.before, entry: Entry { sequence: line.sequence, time: line.time, fact: line.fact } })
}

fn read_if_there(path: &Path) -> fs::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(fs::Error { action: "đọc", path: path.to_owned(), source }),
    }
}

impl Chain {
    /// Reads journal and head; neither need exist.
    pub(super) fn read(path: &Path) -> fs::Result<Self> {
        let bytes = read_if_there(path)?.unwrap_or_default();
        let head_bytes = read_if_there(&head_path(path))?;
        let head = head_bytes.as_deref().and_then(|bytes| serde_json::from_slice::<Head>(bytes).ok());
        let head_unreadable = head_bytes.is_some() && head.is_none();

        let (mut lines, mut start) = (Vec::new(), 0);
        while let Some(length) = bytes[start..].iter().position(|byte| *byte == b'\n') {
            lines.push((start, start + length));
            start += length + 1;
        }
        let mut tail = if start < bytes.len() { Tail::Torn { at: start } } else { Tail::Whole };
        let counted = head.as_ref().map_or(0, |head| head.count);
        // A power cut can also leave a line of the right length that was never filled (zeros), even with its line break.
        if tail == Tail::Whole
            && lines.len() as u64 == counted + 1
            && let Some(&(from, to)) = lines.last()
            && serde_json::from_slice::<serde_json::Value>(&bytes[from..to]).is_err()
        {
            lines.pop();
            tail = Tail::Torn { at: from };
        }
        let hashes = lines.iter().map(|&(from, to)| fs::sha256(&bytes[from..to])).collect();
        let links = lines.iter().map(|&(from, to)| serde_json::from_slice(&bytes[from..to]).ok()).collect();
        Ok(Self { path: path.to_owned(), bytes, tail, head, head_unreadable, lines, hashes, links })
    }

    /// The head that the lines themselves give.
    pub(super) fn computed_head(&self) -> Head {
        match self.hashes.last() {
            Some(hash) => Head { count: self.lines.len() as u64, hash: hash.clone() },
            None => Head::empty(),
        }
    }

    /// Length in bytes of the complete lines.
    pub(super) fn complete(&self) -> usize {
        self.lines.last().map_or(0, |(_, to)| to + 1)
    }

    fn line_text(&self, index: usize) -> String {
        let (from, to) = self.lines[index];
        String::from_utf8_lossy(&self.bytes[from..to]).into_owned()
    }

    fn at_line(&self, code: Code, index: usize, message: String) -> Diagnostic {
        let mut finding = self.error(code, message);
        finding.span = Some(Span { line: index + 1, column: 1, length: 0 });
        finding.excerpt = Some(self.line_text(index));
        finding
    }

    fn error(&self, code: Code, message: String) -> Diagnostic {
        Diagnostic::error(code, message).in_file(self.path.display().to_string()).hint(
            "Không sửa sổ bằng tay. Đối chiếu với bản thứ hai của sổ trong thư mục lưu trữ hoặc bản sao lưu, rồi khôi phục đúng bản còn nguyên vẹn.",
        )
    }

    /// Everything wrong with the chain, in the order of the lines; what only a power cut leaves is a warning.
    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let present = self.lines.len() as u64;
        let counted = match &self.head {
            Some(head) => head.count,
            None if self.head_unreadable => {
                findings.push(self.error(
                    code::JOURNAL_HEAD,
                    format!("tệp dấu {} của sổ không đọc được", head_path(&self.path).display()),
                ));
                present
            }
            // Nothing, or the first line alone: the very first append was cut short before its head.
            None if present <= 1 => 0,
            None => {
                findings.push(self.error(
                    code::JOURNAL_HEAD,
                    format!("sổ có {present} dòng nhưng tệp dấu {} không còn", head_path(&self.path).display()),
                ));
                present
            }
        };
        self.walk(counted, &mut findings);
        if let Tail::Torn { at } = self.tail {
            // The cut below already says that a counted line is not whole.
            if present >= counted {
                findings.push(
                    Diagnostic::warning(
                        code::JOURNAL_TORN,
                        format!(
                            "dòng cuối (dòng {}) ghi dở do mất điện hoặc máy dừng đột ngột: {} byte được để riêng",
                            present + 1,
                            self.bytes.len() - at
                        ),
                    )
                    .in_file(self.path.display().to_string())
                    .hint("Không cần làm gì: dòng này chưa hề có hiệu lực, việc dở dang sẽ được làm lại."),
                );
            }
        } else if present == counted + 1 && !findings.iter().any(Diagnostic::is_error) {
            findings.push(
                Diagnostic::warning(code::JOURNAL_HEAD, format!("tệp dấu chậm một dòng so với sổ ({present} dòng)"))
                    .in_file(self.path.display().to_string())
                    .hint("Không cần làm gì: tệp dấu được ghi bổ sung."),
            );
        }
        findings.sort_by_key(|finding| finding.span.map_or(usize::MAX, |span| span.line));
        findings
    }

    /// Walks from the last line back to the first: each intact line vouches for the one before it.
    fn walk(&self, counted: u64, findings: &mut Vec<Diagnostic>) {
        let present = self.lines.len() as u64;
        let mut expected_sequence = counted;
        let mut expected_hash = self.head.as_ref().map(|head| head.hash.clone());
        let mut removed = BTreeSet::new();
        for index in (0..self.lines.len()).rev() {
            let (hash, link) = (&self.hashes[index], self.links[index].as_ref());
            let line = index + 1;
            // One line past the head: the head was not written any more. It must hang on the line the head counts.
            if index as u64 == counted && present == counted + 1 {
                let head_hash = self.head.as_ref().map_or(GENESIS, |head| head.hash.as_str());
                if !link.is_some_and(|link| link.stt == present && link.truoc == head_hash) {
                    findings.push(self.at_line(
                        code::JOURNAL_LINE_STRAY,
                        index,
                        format!("dòng {line} không nối tiếp dòng trước nó: dòng này không phải do chương trình ghi"),
                    ));
                }
                continue;
            }
            if expected_hash.as_deref() == Some(hash.as_str()) {
                expected_sequence = expected_sequence.saturating_sub(1);
                expected_hash = link.map(|link| link.truoc.clone());
                continue;
            }
            let Some(link) = link else {
                findings.push(self.at_line(
                    code::JOURNAL_LINE_CHANGED,
                    index,
                    format!("dòng {line} (số thứ tự {expected_sequence}) đã bị sửa: không còn đọc được"),
                ));
                expected_sequence = expected_sequence.saturating_sub(1);
                expected_hash = None;
                continue;
            };
            match link.stt.cmp(&expected_sequence) {
                std::cmp::Ordering::Equal if expected_hash.is_some() => {
                    // Nothing but the head vouches for the last line.
                    let or_head = if link.stt == counted { ", hoặc tệp dấu đã bị sửa" } else { "" };
                    findings.push(self.at_line(
                        code::JOURNAL_LINE_CHANGED,
                        index,
                        format!("dòng {line} (số thứ tự {expected_sequence}) đã bị sửa{or_head}"),
                    ));
                }
                // The line after it is unreadable or gone, so nothing vouches for this one but its own link.
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Less => removed.extend(link.stt + 1..=expected_sequence.min(link.stt + 100_000)),
                std::cmp::Ordering::Greater => {
                    findings.push(self.at_line(
                        code::JOURNAL_LINE_STRAY,
                        index,
                        format!("dòng {line} mang số thứ tự {} không đúng chỗ", link.stt),
                    ));
                    // A stray line takes no place in the sequence.
                    continue;
                }
            }
            expected_sequence = link.stt.saturating_sub(1);
            expected_hash = Some(link.truoc.clone());
        }
        if let Some(hash) = &expected_hash
            && expected_sequence == 0
            && hash != GENESIS
            && counted > 0
            && !self.lines.is_empty()
        {
            findings.push(self.at_line(
                code::JOURNAL_LINE_CHANGED,
                0,
                "dòng 1 đã bị sửa: không phải dòng đầu sổ".into(),
            ));
        }
        removed.extend(1..=expected_sequence.min(100_000));
        self.report_removed(counted, removed, findings);
    }

    fn report_removed(&self, counted: u64, removed: BTreeSet<u64>, findings: &mut Vec<Diagnostic>) {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for number in removed {
            match runs.last_mut() {
                Some((_, to)) if *to + 1 == number => *to = number,
                _ => runs.push((number, number)),
            }
        }
        for (from, to) in runs {
            let which = if from == to { format!("dòng {from}") } else { format!("các dòng {from}–{to}") };
            let mut finding = if to == counted {
                let left = self.lines.len();
                self.error(
                    code::JOURNAL_CUT,
                    format!("sổ bị cắt cuối: mất {which} (tệp dấu ghi {counted} dòng, sổ còn {left} dòng nguyên)"),
                )
            } else {
                self.error(code::JOURNAL_LINES_REMOVED, format!("{which} đã bị xóa khỏi sổ"))
            };
            finding.span = Some(Span { line: usize::try_from(from).unwrap_or(usize::MAX), column: 1, length: 0 });
            findings.push(finding);
        }
    }

    /// The entries that can be read; lines of an unknown kind become findings unless they were already named.
    pub(super) fn entries<E: DeserializeOwned>(&self, findings: &mut Vec<Diagnostic>) -> Vec<Entry<E>> {
        let mut entries = Vec::with_capacity(self.lines.len());
        for (index, &(from, to)) in self.lines.iter().enumerate() {
            match serde_json::from_slice::<LineIn<E>>(&self.bytes[from..to]) {
                Ok(line) => entries.push(Entry { sequence: line.sequence, time: line.time, fact: line.fact }),
                Err(_) if findings.iter().any(|f| f.span.is_some_and(|span| span.line == index + 1)) => {}
                Err(error) => findings.push(
                    self.at_line(
                        code::JOURNAL_LINE_UNKNOWN,
                        index,
                        format!("dòng {} có nội dung chương trình không hiểu: {error}", index + 1),
                    )
                    .hint("Sổ này có thể do bản hoso mới hơn ghi: hãy dùng bản hoso mới nhất."),
                ),
            }
        }
        entries
    }

    /// Compares with the second copy at `second`. A copy that is not a beginning of this journal is an error among
    /// `findings`: one of the two was changed.
    pub(super) fn compare(&self, second: &Path, findings: &mut Vec<Diagnostic>) -> Mirror {
        let place = second.display().to_string();
        let (mirror, head) = match read_if_there(second).and_then(|m| Ok((m, read_if_there(&head_path(second))?))) {
            Ok((mirror, head)) => (mirror.unwrap_or_default(), head),
            Err(error) => {
                let message = format!("không đọc được bản thứ hai của sổ: {error}");
                return Mirror::Unreachable(Diagnostic::warning(code::JOURNAL_MIRROR, message).in_file(place));
            }
        };
        let mine = &self.bytes[..self.complete()];
        // The copy may itself end in a torn line; only its complete lines count, and zeros are no line.
        let whole = mirror.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let theirs = &mirror[..whole];
        if mine.starts_with(theirs) {
            let head_fits = head.as_deref().and_then(|bytes| serde_json::from_slice::<Head>(bytes).ok());
            if let Some(claimed) = &head_fits
                && claimed.count > self.lines.len() as u64
            {
                findings.push(self.lost(&place, self.lines.len() as u64, claimed.count));
                return Mirror::Current;
            }
            let behind = theirs.len() < mine.len()
                || whole < mirror.len()
                || (!mine.is_empty() && head_fits.as_ref() != Some(&self.computed_head()));
            return if behind { Mirror::Behind } else { Mirror::Current };
        }
        let (ours, copied) = (mine.split(|b| *b == b'\n'), theirs.split(|b| *b == b'\n'));
        let same = ours.zip(copied).take_while(|(a, b)| a == b).count();
        let copied_lines = theirs.iter().filter(|byte| **byte == b'\n').count();
        if theirs.starts_with(mine) {
            // An unfilled line (zeros) of a torn copy is no entry.
            let extra = &theirs[mine.len()..];
            if copied_lines == self.lines.len() + 1 && serde_json::from_slice::<serde_json::Value>(extra).is_err() {
                return Mirror::Behind;
            }
            findings.push(self.lost(&place, self.lines.len() as u64, copied_lines as u64));
            return Mirror::Current;
        }
        let mut finding = self.error(
            code::JOURNAL_MIRROR,
            format!("sổ và bản thứ hai {place} khác nhau từ dòng {}: một trong hai bản đã bị sửa", same + 1),
        );
        finding.span = Some(Span { line: same + 1, column: 1, length: 0 });
        findings.push(finding);
        Mirror::Current
    }

    fn lost(&self, second: &str, present: u64, copied: u64) -> Diagnostic {
        let mut finding = self.error(
            code::JOURNAL_CUT,
            format!("sổ chỉ còn {present} dòng trong khi bản thứ hai {second} có {copied} dòng: sổ bị mất hoặc bị cắt"),
        );
        finding.span = Some(Span { line: usize::try_from(present + 1).unwrap_or(usize::MAX), column: 1, length: 0 });
        finding
    }
}
