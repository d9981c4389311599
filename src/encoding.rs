//! Bytes of a text file → text. UTF-8 with or without its mark and UTF-16 with its mark are read; anything else is refused, with
//! the name of the Vietnamese code page it looks like.

mod legacy;
mod syllable;

pub use legacy::{Charset, garbled, mistyped};

use crate::diagnostic::Span;

/// Why bytes are no text we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The bytes as a program shows them that knows no better, line ends as `\n`.
    pub text: String,
    /// Where the first character stands that is none.
    pub span: Option<Span>,
    /// What is wrong, in Vietnamese.
    pub message: String,
    /// What to do, in Vietnamese.
    pub hint: String,
}

const SAVE_AS: &str = "chọn Tệp → Lưu thành… (File → Save As), ở ô Mã hóa (Encoding) chọn UTF-8 rồi lưu";

/// The text of a file, without byte-order mark, line ends as `\n`.
///
/// # Errors
/// What the bytes look like, and how to save them as UTF-8.
pub fn decode(bytes: &[u8]) -> Result<String, Box<Refused>> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| bytes.len().is_multiple_of(2)).ok_or_else(|| {
            broken("Tệp lưu theo mã UTF-16 nhưng bị hỏng.", &format!("Lấy lại bản trước, mở bằng Notepad, {SAVE_AS}."))
        })
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => utf16(u16::from_le_bytes)?,
        [0xFE, 0xFF, ..] => utf16(u16::from_be_bytes)?,
        _ if looks_like_utf16(bytes) => {
            let message = "Tệp lưu theo mã UTF-16 nhưng thiếu dấu nhận biết ở đầu.";
            return Err(broken(message, &format!("Mở tệp bằng Notepad, {SAVE_AS}.")));
        }
        _ => std::str::from_utf8(bytes).map_err(|error| refuse(bytes, error.valid_up_to()))?.to_owned(),
    };
    Ok(plain(&text))
}

fn plain(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

fn broken(message: &str, hint: &str) -> Box<Refused> {
    Box::new(Refused { text: String::new(), span: None, message: message.to_owned(), hint: hint.to_owned() })
}

/// Whether every second byte is nothing, as in UTF-16 of mostly plain letters.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let nothing = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let half = bytes.len() / 2;
    let (even, odd) = (nothing(0), nothing(1));
    half >= 8 && (even * 3 > half && odd * 20 < half || odd * 3 > half && even * 20 < half)
}

fn refuse(bytes: &[u8], good: usize) -> Box<Refused> {
    if let Some(refused) = mixed(bytes) {
        return refused;
    }
    let Some((charset, decoded)) = legacy::recognise(bytes) else {
        let text = plain(&String::from_utf8_lossy(bytes));
        let head = plain(&String::from_utf8_lossy(&bytes[..good]));
        return Box::new(Refused {
            span: Some(place(&head)),
            text,
            message: "Tệp không phải chữ mã UTF-8; từ chỗ này không đọc được.".to_owned(),
            hint: format!("Mở tệp bằng Notepad, {SAVE_AS}; nếu chữ đã hỏng thì gõ lại chỗ đó."),
        });
    };
    // As Notepad shows it, letter for byte, so that the clerk recognises it.
    let text = plain(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>());
    let head = plain(&bytes[..good].iter().map(|byte| char::from(*byte)).collect::<String>());
    let span = place(&head);
    let line = plain(&decoded).lines().nth(span.line - 1).unwrap_or_default().trim().to_owned();
    Box::new(Refused {
        message: format!(
            "Chữ trong tệp theo bảng mã {}, không phải Unicode (UTF-8): đọc theo bảng mã ấy thì dòng {} là “{}”.",
            charset.name(),
            span.line,
            shorten(&line)
        ),
        hint: match charset {
            Charset::Windows1258 => format!(
                "Mở tệp bằng Notepad. Nếu chữ hiện đúng: {SAVE_AS}. Nếu chữ hiện sai: chọn hết và chép (Ctrl+A, Ctrl+C); bấm Ctrl+Shift+F6 của UniKey, chọn nguồn “Vietnamese locale CP 1258”, đích “Unicode”, bấm Chuyển mã; dán lại (Ctrl+V), rồi lưu với mã hóa UTF-8 như trên."
            ),
            _ => convert(charset),
        },
        span: Some(span),
        text,
    })
}

/// A file of UTF-8 in which some lines are of another code page: saved anew as it is shown, its other letters would be lost.
fn mixed(bytes: &[u8]) -> Option<Box<Refused>> {
    let text = plain(&String::from_utf8_lossy(bytes));
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let right = lines.iter().filter(|line| !line.is_ascii() && std::str::from_utf8(line).is_ok()).count();
    let wrong: Vec<usize> = (1..=lines.len()).filter(|n| std::str::from_utf8(lines[n - 1]).is_err()).collect();
    let first = *wrong.first().filter(|_| right > 0)?;
    let bad = lines[first - 1];
    let good = std::str::from_utf8(bad).map_or_else(|error| error.valid_up_to(), str::len);
    let column = String::from_utf8_lossy(&bad[..good]).chars().count() + 1;
    let all: Vec<u8> = wrong.iter().flat_map(|n| [lines[n - 1], b"\n"].concat()).collect();
    let what = match legacy::recognise(&all) {
        Some((charset, decoded)) => format!(
            "theo bảng mã {}; đọc theo bảng mã ấy thì dòng {first} là “{}”",
            charset.name(),
            shorten(plain(&decoded).lines().next().unwrap_or_default().trim())
        ),
        None => "không đọc được".to_owned(),
    };
    let listed: Vec<String> = wrong.iter().take(8).map(ToString::to_string).collect();
    let more = if wrong.len() > listed.len() { ", …" } else { "" };
    Some(Box::new(Refused {
        span: Some(Span { line: first, column, length: 1 }),
        text,
        message: format!(
            "Tệp lẫn hai bảng mã: phần lớn là UTF-8, nhưng chữ ở dòng {}{more} {what}.",
            listed.join(", ")
        ),
        hint: format!(
            "Đừng lưu tệp dưới mã khác: chữ đang đúng sẽ hỏng. Trong Notepad chọn Tệp → Mở (File → Open), ở ô Mã hóa (Encoding) chọn UTF-8 rồi mở tệp; xóa chữ ở dòng {}{more}, đặt UniKey ở bảng mã Unicode và gõ lại; lưu với mã hóa UTF-8.",
            listed.join(", ")
        ),
    }))
}

/// How to turn text of an old code page into Unicode.
fn convert(charset: Charset) -> String {
    format!(
        "Mở tệp, chọn hết và chép (Ctrl+A, Ctrl+C); bấm Ctrl+Shift+F6 của UniKey, chọn nguồn “{}”, đích “Unicode”, bấm Chuyển mã; dán lại (Ctrl+V). Rồi {SAVE_AS}.",
        charset.name()
    )
}

/// The place right behind `head`.
fn place(head: &str) -> Span {
    let last = head.rsplit('\n').next().unwrap_or_default();
    Span { line: head.matches('\n').count() + 1, column: last.chars().count() + 1, length: 1 }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 70 { text.to_owned() } else { text.chars().take(67).collect::<String>() + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ma_ho_so: KN-2026-0001\r\nnguoi_khieu_nai:\r\n  ten: Nguyễn Thị Hường\r\n  dia_chi: Số 12 phố Trần Thái Tông\r\n";

    /// `ten: Nguyễn Thị Hường …` by `iconv -t TCVN-5712`.
    const TCVN3: &[u8] = b"ma_ho_so: KN-2026-0001\r\nnguoi_khieu_nai:\r\n  ten: Nguy\xd4n Th\xde H\xad\xeang\r\n  dia_chi: S\xe8 12 ph\xe8 Tr\xc7n Th\xb8i T\xabng\r\n";
    /// The same by `iconv -t CP1258`.
    const CP1258: &[u8] = b"ma_ho_so: KN-2026-0001\r\nnguoi_khieu_nai:\r\n  ten: Nguy\xea\xden Thi\xf2 H\xfd\xf5\xccng\r\n  dia_chi: S\xf4\xec 12 ph\xf4\xec Tr\xe2\xccn Th\xe1i T\xf4ng\r\n";
    /// The same typed in VNI, letter by letter from its published table.
    const VNI: &[u8] = b"ma_ho_so: KN-2026-0001\r\nnguoi_khieu_nai:\r\n  ten: Nguye\xe3n Th\xf2 H\xf6\xf4\xf8ng\r\n  dia_chi: So\xe1 12 pho\xe1 Tra\xe0n Tha\xf9i To\xe2ng\r\n";

    #[test]
    fn unicode_files_are_read_whatever_notepad_calls_them() {
        let wanted = TEXT.replace("\r\n", "\n");
        let units = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(TEXT.encode_utf16().flat_map(order)).collect()
        };
        for bytes in [
            TEXT.as_bytes().to_vec(),
            format!("\u{feff}{TEXT}").into_bytes(),
            units(u16::to_le_bytes, [0xFF, 0xFE]),
            units(u16::to_be_bytes, [0xFE, 0xFF]),
            TEXT.replace("\r\n", "\r").into_bytes(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), wanted);
        }
        assert_eq!(decode(b"").unwrap(), "");
        assert_eq!(decode(b"\xff\xfe").unwrap(), "");
    }

    #[test]
    fn utf_16_that_is_cut_or_lacks_its_mark_is_refused() {
        let cut: Vec<u8> = [0xFF, 0xFE, b'a'].to_vec();
        assert!(decode(&cut).unwrap_err().message.contains("bị hỏng"));
        let bare: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decode(&bare).unwrap_err().message.contains("thiếu dấu nhận biết"));
        assert_eq!(decode(&[0; 40]).unwrap(), "\0".repeat(40), "zeros are no UTF-16");
    }

    #[test]
    fn old_code_pages_are_named_and_shown() {
        for (bytes, name) in [(TCVN3, "TCVN3 (ABC)"), (CP1258, "Windows-1258"), (VNI, "VNI Windows")] {
            let refused = decode(bytes).unwrap_err();
            assert_eq!(
                refused.message,
                format!(
                    "Chữ trong tệp theo bảng mã {name}, không phải Unicode (UTF-8): đọc theo bảng mã ấy thì dòng 3 là “ten: Nguyễn Thị Hường”."
                )
            );
            assert!(refused.hint.contains("UTF-8") && refused.hint.ends_with('.'), "{}", refused.hint);
            assert_eq!(refused.span.map(|span| span.line), Some(3));
        }
        assert_eq!(decode(TCVN3).unwrap_err().text.lines().nth(2), Some("  ten: NguyÔn ThÞ H\u{ad}êng"));
    }

    #[test]
    fn a_file_of_two_code_pages_is_not_to_be_saved_as_it_is_shown() {
        let mut bytes = "ma_ho_so: KN-2026-0001\r\ntiep_nhan:\r\n  tom_tat: Mất tiền\r\n".as_bytes().to_vec();
        bytes.extend(TCVN3.split(|byte| *byte == b'\n').skip(2).flat_map(|line| [line, b"\n"].concat()));
        let refused = decode(&bytes).unwrap_err();
        assert_eq!(
            refused.message,
            "Tệp lẫn hai bảng mã: phần lớn là UTF-8, nhưng chữ ở dòng 4, 5 theo bảng mã TCVN3 (ABC); đọc theo bảng mã ấy thì dòng 4 là \
             “ten: Nguyễn Thị Hường”."
        );
        assert!(refused.hint.starts_with("Đừng lưu tệp dưới mã khác"), "{}", refused.hint);
        assert_eq!(refused.span, Some(Span { line: 4, column: 12, length: 1 }));
        assert_eq!(refused.text.lines().nth(2), Some("  tom_tat: Mất tiền"));
        // One broken letter is no code page.
        let broken = decode(b"a: M\xe1\xba\xa5t\nb: \x81t\n").unwrap_err();
        assert!(broken.message.ends_with("dòng 2 không đọc được."), "{}", broken.message);
        assert!(!decode(CP1258).unwrap_err().hint.contains("HS002"));
    }

    #[test]
    fn what_is_no_text_of_ours_has_its_place() {
        let refused = decode(b"ma_ho_so: KN-2026-0001\r\n  tom_tat: M\xCAt\r\n").unwrap_err();
        assert_eq!(refused.span, Some(Span { line: 2, column: 13, length: 1 }));
        let noise: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(decode(&noise).unwrap_err().message.starts_with("Tệp không phải chữ mã UTF-8"));
        let french = decode(b"Soci\xe9t\xe9 G\xe9n\xe9rale, caf\xe9\n").unwrap_err();
        assert!(french.message.starts_with("Tệp không phải chữ mã UTF-8"), "{}", french.message);
    }
}
