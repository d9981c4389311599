//! The usual mistakes of people who write YAML by hand, told in Vietnamese instead of the parser's words.
//!
//! The parser often stops far from the mistake. So every line near by is suspected of each mistake in turn; a suspicion says how
//! the line was meant, and [`super::mend`] tries what comes of it. Mistakes of depth and dashes are in [`depth`].

pub(super) mod depth;
mod word;

use super::line::{Quoting, indent, is_blank, key_line, quoted, quoting, shorten, spliced, value_of, without_comment};
use super::mend::{Judge, Mend};
use super::tree::{Fault, FaultKind};
use super::white;
use crate::diagnostic::Span;

const QUOTE_IT: &str = "Đặt cả giá trị trong dấu ngoặc kép.";

/// A fault of which nothing more is known.
pub(super) fn fault(kind: FaultKind, span: Span, message: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault { kind, span, message: message.into(), hint: hint.into(), suggestion: None, mend: None }
}

fn at(line: usize, column: usize, length: usize) -> Span {
    Span { line, column: column + 1, length }
}

/// Lists and blocks nested deeper than any file needs.
pub(super) fn too_deep(span: Span) -> Fault {
    fault(
        FaultKind::Forbidden,
        span,
        "Các mục lồng vào nhau quá sâu.",
        "Xem lại cách thụt dòng và các dấu [ ] { }; tệp này không cần lồng sâu như vậy.",
    )
}

/// Where an anchor, alias or tag was met: the sign and what to do about it.
pub(super) fn sigil(lines: &[&str], span: Span) -> Fault {
    let line = lines.get(span.line - 1).copied().unwrap_or_default();
    if let Some((value, column)) = value_of(line).filter(|(value, _)| value.starts_with(['*', '&', '!'])) {
        return sign(span.line, line, value, column);
    }
    let mark = line.chars().nth(span.column - 1).filter(|c| "*&!".contains(*c)).unwrap_or('&');
    fault(FaultKind::Forbidden, Span { length: 1, ..span }, begins_with(mark), QUOTE_IT)
}

fn begins_with(sign: char) -> String {
    format!("Giá trị bắt đầu bằng dấu “{sign}”, dấu này có nghĩa riêng trong tệp YAML.")
}

/// A value that is to stand in quotes.
fn in_quotes(kind: FaultKind, n: usize, line: &str, value: &str, column: usize, message: String, hint: &str) -> Fault {
    let value = without_comment(value);
    let (length, right) = (value.chars().count(), quoted(value));
    let mend = Mend::sure(n, spliced(line, column, length, &right));
    Fault { suggestion: Some(right), mend: Some(mend), ..fault(kind, at(n, column, length), message, hint) }
}

fn sign(n: usize, line: &str, value: &str, column: usize) -> Fault {
    let mark = value.chars().next().unwrap_or('&');
    let kind = if "&*!".contains(mark) { FaultKind::Forbidden } else { FaultKind::Sign };
    in_quotes(kind, n, line, value, column, begins_with(mark), QUOTE_IT)
}

/// What may be wrong where the parser stopped: at `stop` (from 1) and column `column` (from 0), saying `info`. Likeliest first.
pub(super) fn suspects(
    lines: &[&str],
    stop: usize,
    column: usize,
    info: &str,
    judge: Option<&dyn Judge>,
) -> Vec<Fault> {
    if info.contains("recursion limit") {
        return vec![too_deep(at(stop, column, 0))];
    }
    let line = |n: usize| lines[n - 1];
    // The parser often stops only at the next key, so the lines before count as well.
    let near: Vec<usize> = (1..=stop).rev().filter(|n| !is_blank(line(*n))).take(3).collect();
    let mut found = Vec::new();
    for n in near.iter().copied().chain((stop < lines.len()).then_some(stop + 1)) {
        found.extend(lookalike(n, line(n)));
    }
    let first = depth::openers(stop, lines);
    for n in near.iter().chain(first.iter().filter(|n| !near.contains(n))) {
        found.extend(word::no_colon(*n, lines, judge));
    }
    found.extend(near.iter().find_map(|n| word::unindented(*n, lines)));
    found.extend(near.iter().take(2).find_map(|n| word::goes_on(*n, lines)));
    found.extend(quotes(lines, stop, info));
    found.extend(near.iter().take(2).filter_map(|n| special_sign(*n, line(*n), info)));
    found.extend(near.iter().filter_map(|n| glued_colon(*n, line(*n))));
    found.extend(near.iter().filter_map(|n| depth::dash(*n, lines)));
    found.extend(near.iter().take(2).filter_map(|n| colon_inside(*n, line(*n), *n < stop)));
    found.extend(bracket(lines, stop, info));
    found.extend(near.windows(2).filter_map(|pair| no_key(pair[0], lines, pair[1])));
    // Where a block ends at an odd depth, the line that opened it may be the one that stands wrong; where a comment ends a value, the
    // line below.
    let after = (stop + 1..=lines.len()).find(|n| !is_blank(line(*n)));
    let mut around = near;
    for n in after.into_iter().chain(depth::openers(stop, lines)) {
        if !around.contains(&n) {
            found.extend(glued_colon(n, line(n)));
            around.push(n);
        }
    }
    found.extend(around.iter().flat_map(|n| depth::indentation(*n, lines)));
    found.extend(around.iter().flat_map(|n| depth::item(*n, lines)));
    found
}

/// What may be wrong where the text can be read, but line `n` holds what does not belong there. Likeliest first.
pub(super) fn misplaced(lines: &[&str], n: usize, judge: Option<&dyn Judge>) -> Vec<Fault> {
    if n > lines.len() {
        return Vec::new();
    }
    let full = |n: &usize| lines.get(n - 1).is_some_and(|line| !is_blank(line));
    let before: Vec<usize> = (1..n).rev().filter(full).take(2).collect();
    let after: Vec<usize> = (n + 1..=lines.len()).filter(full).take(2).collect();
    let mut around = vec![n];
    around.extend(after.iter().chain(&before).chain(&depth::openers(n, lines)).filter(|other| **other != n));
    let mut found: Vec<Fault> = around.iter().filter_map(|n| word::no_colon(*n, lines, judge)).collect();
    found.extend(around.iter().find_map(|n| word::unindented(*n, lines)));
    found.extend(around.iter().filter_map(|n| glued_colon(*n, lines[n - 1])));
    found.extend(around.iter().filter_map(|n| depth::dash(*n, lines)));
    found.extend(around.iter().flat_map(|n| depth::indentation(*n, lines)));
    found.extend(around.iter().flat_map(|n| depth::item(*n, lines)));
    found
}

/// What is said when no suspicion holds.
pub(super) fn unexplained(stop: usize, column: usize, info: &str) -> Fault {
    let indented = ["indent", "did not find expected key", "expected '-'", "not allowed in this context", "simple key"];
    if indented.iter().any(|words| info.contains(words)) {
        return fault(
            FaultKind::Indent,
            at(stop, column, 0),
            "Dòng này thụt vào không khớp với các dòng cùng mục.",
            "Các khóa cùng một mục phải thụt vào bằng nhau, mục con thụt thêm hai dấu cách; mỗi mục của danh sách bắt đầu bằng “- ”.",
        );
    }
    fault(
        FaultKind::Syntax,
        at(stop, column, 0),
        "Không đọc được tệp từ chỗ này.",
        "Xem lại dòng này và dòng ngay trên: dấu hai chấm, dấu ngoặc, cách thụt dòng.",
    )
}

/// A colon or dash that only looks like one.
fn lookalike(n: usize, line: &str) -> Option<Fault> {
    let lead = line.chars().take_while(|c| c.is_whitespace()).count();
    let body = line.trim_start();
    let (column, length, by, message) =
        if let Some(mark) = body.chars().next().filter(|c| matches!(c, '–' | '—' | '•' | '−')) {
            let gap = usize::from(body.chars().nth(1).is_some_and(char::is_whitespace));
            (lead, 1 + gap, "- ".to_owned(), format!("Đầu dòng là dấu “{mark}”, không phải dấu gạch nối “-”."))
        } else {
            let key: String = body.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let at = lead + key.chars().count();
            let mut after = line.chars().skip(at);
            match (after.next(), after.next()) {
                (Some('：'), next) if !key.is_empty() => {
                    let gap = usize::from(next.is_some_and(char::is_whitespace));
                    (at, 1 + gap, ": ".to_owned(), format!("Sau “{key}” là dấu hai chấm rộng “：” của bộ gõ khác."))
                }
                _ => return None,
            }
        };
    let mended = spliced(line, column, length, &by);
    let suggestion = (!by.trim().is_empty()).then(|| by.trim().to_owned());
    Some(Fault {
        suggestion,
        mend: Some(Mend::sure(n, mended)),
        ..fault(FaultKind::Lookalike, at(n, column, length), message, "Xóa dấu ấy và gõ lại bằng bàn phím.")
    })
}

fn quotes(lines: &[&str], stop: usize, info: &str) -> Vec<Fault> {
    let concerned = ["quoted", "did not find expected", "simple key", "escape"];
    if !concerned.iter().any(|words| info.contains(words)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate().take(stop) {
        let n = index + 1;
        let Some((value, column)) = value_of(line) else { continue };
        let length = value.trim_end().chars().count();
        match quoting(value) {
            Quoting::Open(mark) => {
                // What follows a sign of comments belongs to the value, unless the value is right only without.
                for value in [value.trim_end(), without_comment(value)] {
                    let (length, right) = (value.chars().count(), format!("{value}{mark}"));
                    found.push(Fault {
                        mend: Some(Mend::sure(n, spliced(line, column, length, &right))),
                        suggestion: Some(right),
                        ..fault(
                            FaultKind::Quote,
                            at(n, column, length),
                            "Dấu ngoặc kép mở ở đây không được đóng lại.",
                            format!("Thêm dấu {mark} ở cuối giá trị, hoặc bỏ dấu ở đầu."),
                        )
                    });
                }
            }
            Quoting::Trailing => found.push(in_quotes(
                FaultKind::Quote,
                n,
                line,
                value,
                column,
                "Giá trị bắt đầu bằng dấu ngoặc kép nhưng sau dấu đóng còn chữ.".to_owned(),
                "Đặt cả giá trị trong dấu nháy đơn ' ', hoặc dùng “ ” cho những chữ cần để trong ngoặc.",
            )),
            Quoting::Fine if info.contains("escape") && value.starts_with('"') && value.contains('\\') => {
                let inside = value.trim_end().trim_matches('"');
                let right = format!("'{}'", inside.replace('\'', "''"));
                found.push(Fault {
                    mend: Some(Mend::sure(n, spliced(line, column, length, &right))),
                    suggestion: Some(right),
                    ..fault(
                        FaultKind::Quote,
                        at(n, column, length),
                        "Trong ngoặc kép, dấu \\ có nghĩa riêng nên chương trình không đọc được giá trị này.",
                        "Thay ngoặc kép bằng dấu nháy đơn ' '.",
                    )
                });
            }
            Quoting::Fine => {}
        }
    }
    found
}

fn special_sign(n: usize, line: &str, info: &str) -> Option<Fault> {
    let (value, column) = value_of(line)?;
    let mark = value.chars().next()?;
    let block = matches!(mark, '|' | '>') && value.len() > 3 && info.contains("block scalar");
    ("*&!%@`".contains(mark) || block).then(|| sign(n, line, value, column))
}

fn glued_colon(n: usize, line: &str) -> Option<Fault> {
    let found = key_line(line).filter(|found| found.rest.starts_with(|c: char| !c.is_whitespace()))?;
    let right = format!("{}: {}", found.key, found.rest);
    let length = found.key.chars().count() + 1 + found.rest.trim_end().chars().count();
    Some(Fault {
        suggestion: Some(shorten(&right)),
        mend: Some(Mend::sure(n, spliced(line, found.column, 0, " "))),
        ..fault(
            FaultKind::Colon,
            at(n, found.key_column, length),
            format!("Sau “{}:” thiếu dấu cách.", found.key),
            "Thêm một dấu cách sau dấu hai chấm.",
        )
    })
}

/// Keys whose value is glued to their colon, wherever it is clear that they are keys.
pub(super) fn glued_keys(text: &str, judge: &dyn Judge) -> Vec<Fault> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = Vec::new();
    for (index, plain) in white::is_structure(&lines).into_iter().enumerate() {
        let line = lines[index];
        let Some(key) = key_line(line).filter(|_| plain && !is_blank(line)) else { continue };
        if judge.key(key.key) != Some(key.key) {
            continue;
        }
        // Deeper than the key of a sentence it may be a part of that.
        let above = lines[..index].iter().rev().find(|line| !is_blank(line));
        let sentence = above.filter(|above| value_of(above).is_some_and(|(value, _)| !value.starts_with(['"', '\''])));
        let start = sentence.map(|above| key_line(above).map_or(indent(above) + 2, |above| above.key_column));
        if start.is_none_or(|start| key.key_column <= start || line.trim_start().starts_with("- ")) {
            found.extend(glued_colon(index + 1, line));
        }
    }
    found
}

fn colon_inside(n: usize, line: &str, before_stop: bool) -> Option<Fault> {
    let (value, column) = value_of(line)?;
    let bare = without_comment(value);
    let colon = bare.contains(": ") || bare.ends_with(':');
    if value.starts_with(['"', '\'', '|', '>', '[', '{']) || !colon || !(key_line(line).is_some() || before_stop) {
        return None;
    }
    let message = "Trong giá trị có dấu hai chấm nên chương trình tưởng là một khóa nữa.".to_owned();
    Some(in_quotes(FaultKind::ColonInValue, n, line, value, column, message, QUOTE_IT))
}

fn bracket(lines: &[&str], stop: usize, info: &str) -> Option<Fault> {
    if !["flow", "bracket", "expected"].iter().any(|words| info.contains(words)) {
        return None;
    }
    lines.iter().take(stop).enumerate().rev().find_map(|(index, line)| {
        let (value, column) = value_of(line)?;
        let close = match value.chars().next()? {
            '[' => ']',
            '{' => '}',
            _ => return None,
        };
        (!without_comment(value).ends_with(close)).then(|| sign(index + 1, line, value, column))
    })
}

fn no_key(n: usize, lines: &[&str], before: usize) -> Option<Fault> {
    let line = lines[n - 1];
    let continues = indent(line) > indent(lines[before - 1]);
    if continues
        || line.contains(':')
        || line.trim_start().starts_with(['-', '#', ']', '}'])
        || depth::in_text(n, lines)
    {
        return None;
    }
    let (lead, length) = (indent(line), line.trim().chars().count());
    Some(Fault {
        mend: Some(Mend::sure(n, spliced(line, lead, 0, "# "))),
        ..fault(
            FaultKind::NoKey,
            at(n, lead, length),
            "Dòng này không phải là một khóa: không có dấu hai chấm.",
            "Viết “khóa: giá trị”. Nếu là phần tiếp của câu trên, thụt vào sâu hơn dòng trên, hoặc dùng dấu | sau khóa.",
        )
    })
}
