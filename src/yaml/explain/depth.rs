//! Suspicions of how deep a line stands: tabs, indentation, dashes of lists.

use super::super::line::{indent, is_blank, key_line, opens_text, quoted, shorten, spliced, value_of, without_comment};
use super::super::mend::Mend;
use super::super::tree::{Fault, FaultKind};
use super::{at, fault};

/// The dash of an item glued to its text, on the line of the key, or missing where the lines above have one.
pub(super) fn dash(n: usize, lines: &[&str]) -> Option<Fault> {
    let line = lines[n - 1];
    let (lead, body) = (indent(line), line.trim());
    let length = body.chars().count();
    let tell = |message: &str, hint: &str, right: String, mended: String, column: usize, length: usize| {
        Some(Fault {
            suggestion: Some(shorten(&right)),
            mend: Some(Mend::sure(n, mended)),
            ..fault(FaultKind::Dash, at(n, column, length), message, hint)
        })
    };
    if let Some(rest) = body.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '"'))
    {
        let right = format!("- {rest}");
        let mended = spliced(line, lead + 1, 0, " ");
        return tell(
            "Sau dấu gạch đầu dòng thiếu dấu cách.",
            "Thêm một dấu cách sau dấu gạch.",
            right,
            mended,
            lead,
            length,
        );
    }
    if let Some((value, column)) =
        value_of(line).filter(|(value, _)| key_line(line).is_some() && value.starts_with("- "))
    {
        let item = without_comment(&value[2..]);
        let length = without_comment(value).chars().count();
        let mended = spliced(line, column, length, &format!("[{}]", quoted(item)));
        return Some(Fault {
            mend: Some(Mend::guess(n, mended)),
            ..fault(
                FaultKind::Dash,
                at(n, column, length),
                "Mục đầu của danh sách ghi cùng dòng với khóa.",
                format!("Xuống dòng, thụt vào hai dấu cách rồi ghi “- {}”.", shorten(item)),
            )
        });
    }
    // Level with the dashes of the list above, and without one.
    let above = (1..n).rev().map(|n| lines[n - 1]).find(|other| !is_blank(other) && indent(other) <= lead)?;
    let first = above.trim_start().strip_prefix("- ").filter(|_| indent(above) == lead)?;
    let key = |text: &str| key_line(text).map(|found| found.key.to_owned());
    if body.starts_with('-') || (key(body).is_some() && key(body) != key(first)) {
        return None;
    }
    tell(
        "Dòng này thiếu dấu gạch “- ” ở đầu như các dòng cùng danh sách.",
        "Thêm “- ” ở đầu dòng.",
        format!("- {body}"),
        spliced(line, lead, 0, "- "),
        lead,
        length,
    )
}

/// The line as the first of an item whose dash is missing: where it stands, or further left with its text where it is.
pub(super) fn item(n: usize, lines: &[&str]) -> Vec<Fault> {
    let line = lines[n - 1];
    let (lead, body) = (indent(line), line.trim());
    if body.starts_with(['-', '–', '—', '•', '−', '#', '\t']) {
        return Vec::new();
    }
    let tell = |depth: usize| Fault {
        suggestion: Some(shorten(&format!("- {body}"))),
        mend: Some(Mend::guess(n, format!("{}- {}", " ".repeat(depth), line.trim_start()))),
        ..fault(
            FaultKind::Dash,
            at(n, lead, body.chars().count()),
            "Dòng này thiếu dấu gạch “- ” ở đầu mục của danh sách.",
            format!("Ghi “- ” ở đầu dòng, sau {depth} dấu cách; các khóa cùng mục thụt vào thêm hai dấu cách nữa."),
        )
    };
    [Some(lead), lead.checked_sub(2)].into_iter().flatten().map(tell).collect()
}

/// A depth at which a line could stand, and the key it would then be level with.
pub(in crate::yaml) struct Place<'a> {
    pub(in crate::yaml) depth: usize,
    beside: Option<&'a str>,
}

/// What a line opens for the lines below it: a block, a list or a text.
fn opens(line: &str) -> bool {
    let line = without_comment(line);
    line.ends_with(':') || opens_text(line)
}

/// Where the line could stand after those above and before the one below, the nearest first.
pub(in crate::yaml) fn places<'a>(n: usize, lines: &[&'a str]) -> Vec<Place<'a>> {
    let lead = indent(lines[n - 1]);
    let mut found = vec![Place { depth: 0, beside: None }];
    let mut ceiling = usize::MAX;
    for above in (1..n).rev().map(|n| lines[n - 1]).filter(|line| !is_blank(line)) {
        let depth = indent(above);
        if depth < ceiling {
            ceiling = depth;
            let key = key_line(above).map(|found| found.key);
            let dash = above.trim_start().starts_with("- ");
            found.push(Place { depth, beside: key.filter(|_| !dash) });
            if dash {
                found.push(Place { depth: depth + 2, beside: key });
            }
            if opens(above) {
                let inside = if dash { depth + 4 } else { depth + 2 };
                found.push(Place { depth: inside, beside: None });
            }
        }
        if depth == 0 {
            break;
        }
    }
    let below = (n + 1..=lines.len()).map(|n| lines[n - 1]).find(|line| !is_blank(line));
    found.extend(below.map(|below| Place { depth: indent(below), beside: None }));
    found.retain(|place| place.depth != lead);
    found.sort_by_key(|place| (place.depth.abs_diff(lead), place.depth));
    found.dedup_by_key(|place| place.depth);
    found
}

/// The lines that opened the blocks around line `n`, innermost first, each with the first line of what it opened.
pub(in crate::yaml) fn openers(n: usize, lines: &[&str]) -> Vec<usize> {
    let mut ceiling = indent(lines[n - 1]) + 1;
    let mut found = Vec::new();
    let mut first = None;
    for above in (1..n).rev().filter(|n| !is_blank(lines[n - 1])) {
        let depth = indent(lines[above - 1]);
        if depth < ceiling {
            ceiling = depth;
            found.extend([Some(above), first].into_iter().flatten());
        }
        if depth == 0 {
            break;
        }
        first = Some(above);
    }
    found
}

/// Whether the lines above are a text begun by `|` or `>`, of which this one may be a part.
pub(super) fn in_text(n: usize, lines: &[&str]) -> bool {
    let mut deepest = usize::MAX;
    for above in (1..n).rev().map(|n| lines[n - 1]).filter(|line| !line.trim().is_empty()) {
        if opens_text(above) {
            return indent(above) < deepest;
        }
        deepest = deepest.min(indent(above));
        if deepest == 0 {
            break;
        }
    }
    false
}

/// The line at each depth at which it could stand, the nearest first.
pub(super) fn indentation(n: usize, lines: &[&str]) -> Vec<Fault> {
    let line = lines[n - 1];
    let lead = indent(line);
    let body = line.trim_start();
    let tell = |Place { depth, beside }: Place<'_>| {
        let level = match beside {
            Some(key) => format!(" cho ngang với “{key}”"),
            None if depth == 0 => " (sát lề trái)".to_owned(),
            None => String::new(),
        };
        Fault {
            mend: Some(Mend::guess(n, " ".repeat(depth) + body)),
            ..fault(
                FaultKind::Indent,
                at(n, 0, lead),
                format!("Dòng này thụt vào {lead} dấu cách, không khớp với các dòng cùng mục."),
                format!("Sửa đầu dòng thành {depth} dấu cách{level}. Mục con thụt vào hai dấu cách so với mục cha."),
            )
        }
    };
    places(n, lines).into_iter().map(tell).collect()
}
