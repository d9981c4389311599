//! Suspicions of words: a key without its colon, a text that is not set off from the keys around it.

use super::super::line::{indent, is_blank, key_line, opens_text, own, shorten, spliced, value_of, without_comment};
use super::super::mend::{Judge, Mend};
use super::super::tree::{Fault, FaultKind};
use super::{at, depth, fault};

/// A key, perhaps misspelt, and its value without a colon between them, or with another sign.
pub(super) fn no_colon(n: usize, lines: &[&str], judge: Option<&dyn Judge>) -> Option<Fault> {
    let line = lines[n - 1];
    let body = line.trim_start();
    let item = body.strip_prefix("- ").map_or(body, str::trim_start);
    let word = item.split(|c: char| c.is_whitespace() || "=;：".contains(c)).next().filter(|word| own(word))?;
    let after = item[word.len()..].trim_start();
    let sign = after.chars().next().filter(|c| "=;".contains(*c));
    let value = sign.map_or(after, |sign| after[sign.len_utf8()..].trim_start());
    if item[word.len()..].starts_with(':') || depth::in_text(n, lines) {
        return None;
    }
    let key = judge?.key(word)?;
    // A short word of a sentence may look like a key by chance.
    if key != word && (word.len() < 5 || !word.contains('_')) && sign.is_none() {
        return None;
    }
    let column = line.chars().count() - item.chars().count();
    let right = if value.is_empty() { format!("{key}:") } else { format!("{key}: {value}") };
    let length = item.trim_end().chars().count();
    let wrong = match sign {
        Some(sign) => format!("Sau “{word}” là dấu “{sign}”, phải là dấu hai chấm."),
        None => format!("Thiếu dấu hai chấm sau “{word}”."),
    };
    let misspelt = if key == word { String::new() } else { format!(" Khóa ấy tên là “{key}”.") };
    let hint = match value.is_empty() {
        true => "Ghi dấu hai chấm ngay sau tên khóa.",
        false => "Ghi dấu hai chấm và một dấu cách giữa tên khóa và giá trị.",
    };
    Some(Fault {
        suggestion: Some(shorten(without_comment(&right))),
        mend: Some(Mend::sure(n, spliced(line, column, item.chars().count(), &right))),
        ..fault(FaultKind::NoKey, at(n, column, length), wrong + &misspelt, hint)
    })
}

/// A text begun by `|` whose lines do not stand deeper than its key.
pub(super) fn unindented(n: usize, lines: &[&str]) -> Option<Fault> {
    let is_text = |n: usize| {
        let line = lines[n - 1];
        !key_line(line).is_some_and(|found| own(found.key)) && !line.trim_start().starts_with('#')
    };
    // The line itself may be the key that ends the text.
    let from = if is_text(n) { n } else { n.checked_sub(1)? };
    let opener = (1..from).rev().find(|n| !is_text(*n) || opens_text(lines[n - 1]))?;
    if !opens_text(lines[opener - 1]) {
        return None;
    }
    let key = key_line(lines[opener - 1])?;
    let below: Vec<usize> = (opener + 1..=lines.len()).take_while(|n| is_text(*n)).collect();
    let wrong: Vec<usize> =
        below.iter().copied().filter(|n| !is_blank(lines[n - 1]) && indent(lines[n - 1]) <= key.key_column).collect();
    let (first, last) = (*wrong.first()?, *wrong.last()?);
    let deep = key.key_column + 2;
    let mended = |n: usize| {
        let line = lines[n - 1];
        if wrong.contains(&n) { " ".repeat(deep) + line.trim_start() } else { line.to_owned() }
    };
    let what = match wrong.len() {
        1 => "Dòng này".to_owned(),
        _ => format!("Từ dòng {first} đến dòng {last}"),
    };
    Some(Fault {
        mend: Some(Mend::lines(first, (first..=last).map(mended).collect())),
        ..fault(
            FaultKind::Indent,
            at(first, 0, indent(lines[first - 1])),
            format!("{what} là đoạn chữ của “{}: |” ở dòng {opener} nhưng không thụt vào sâu hơn khóa ấy.", key.key),
            format!("Thụt mỗi dòng của đoạn chữ vào {deep} dấu cách, tức hơn “{}” hai dấu cách.", key.key),
        )
    })
}

/// A sentence without quotes that goes on below its key, with a colon in it.
pub(super) fn goes_on(n: usize, lines: &[&str]) -> Option<Fault> {
    let opener = (1..n).rev().find(|n| key_line(lines[n - 1]).is_some_and(|found| own(found.key)))?;
    let line = lines[opener - 1];
    let key = key_line(line)?;
    let (value, column) = value_of(line)?;
    if value.starts_with(['"', '\'', '|', '>', '[', '{', '&', '*', '!', '@', '`', '%']) {
        return None;
    }
    let goes = |n: &usize| {
        let line = lines[n - 1];
        !is_blank(line) && indent(line) > key.key_column && !key_line(line).is_some_and(|found| own(found.key))
    };
    let below: Vec<usize> = (opener + 1..=lines.len()).take_while(goes).collect();
    let colon = |n: &&usize| {
        let bare = without_comment(lines[**n - 1]);
        bare.contains(": ") || bare.ends_with(':')
    };
    let first = *below.iter().find(colon)?;
    let last = *below.last()?;
    let double = |text: &str| text.replace('\'', "''");
    let mended = (opener..=last).map(|n| {
        let line = lines[n - 1];
        let head: String = line.chars().take(if n == opener { column } else { 0 }).collect();
        let text: String = line.chars().skip(head.chars().count()).collect();
        let (open, close) = (if n == opener { "'" } else { "" }, if n == last { "'" } else { "" });
        format!("{head}{open}{}{close}", double(text.trim_end()))
    });
    let (lead, length) = (indent(lines[first - 1]), lines[first - 1].trim().chars().count());
    Some(Fault {
        mend: Some(Mend::lines(opener, mended.collect())),
        ..fault(
            FaultKind::ColonInValue,
            at(first, lead, length),
            format!(
                "Câu của “{}” ở dòng {opener} viết tiếp xuống đây và có dấu hai chấm, nên chương trình tưởng là một khóa nữa.",
                key.key
            ),
            format!(
                "Ghi “{}: |”, rồi viết cả đoạn chữ từ dòng dưới, mỗi dòng thụt vào {} dấu cách; hoặc đặt cả đoạn trong dấu ngoặc kép.",
                key.key,
                key.key_column + 2
            ),
        )
    })
}
