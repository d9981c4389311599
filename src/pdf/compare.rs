//! In what a PDF differs from one of ours, as far as it can be read.

use std::collections::BTreeMap;

use lopdf::{Document, Object};

/// Largest content of a page that is compared, in bytes.
const LARGEST: usize = 16 << 20;

/// What a file says it is: found in its bytes, so that a damaged file tells it too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// Title.
    pub title: Option<String>,
    /// Permanent identifier, hexadecimal: programs that change a file keep it.
    pub id: Option<String>,
}

/// Reads title and identifier.
#[must_use]
pub fn claims(bytes: &[u8]) -> Claims {
    let between = |from: &[u8], to: &[u8]| {
        let start = position(bytes, from)? + from.len();
        let end = position(&bytes[start..], to)?;
        Some(String::from_utf8_lossy(&bytes[start..start + end]).into_owned())
    };
    let title = between(b"<dc:title>", b"</dc:title>").map(|title| {
        let inner = title.rsplit_once("\">").map_or(title.as_str(), |(_, text)| text);
        let inner = inner.split("</").next().unwrap_or_default();
        inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    });
    let id = between(b"/ID[<", b">").or_else(|| between(b"/ID [ <", b">")).or_else(|| between(b"/ID [<", b">"));
    Claims { title, id: id.map(|id| id.to_uppercase()) }
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Differences between `original` and `other` in pages and description, in Vietnamese; empty when none could be seen.
#[must_use]
pub fn differences(original: &[u8], other: &[u8]) -> Vec<String> {
    let Ok(ours) = Document::load_mem(original) else { return Vec::new() };
    let Ok(theirs) = Document::load_mem(other) else {
        return vec!["tệp không mở được như một PDF trọn vẹn".to_owned()];
    };
    let (mine, found) = (contents(&ours), contents(&theirs));
    let mut said = Vec::new();
    if mine.len() != found.len() {
        said.push(format!("có {} trang, bản gốc có {} trang", found.len(), mine.len()));
    }
    let differing: Vec<String> = mine
        .iter()
        .filter(|(page, content)| found.get(page).is_some_and(|found| found != *content))
        .map(|(page, _)| page.to_string())
        .collect();
    if !differing.is_empty() {
        said.push(format!("nội dung trang {} khác bản gốc", differing.join(", ")));
    } else if mine.len() == found.len() {
        said.push("lệnh vẽ của các trang giống bản gốc; phần khác nằm ngoài đó".to_owned());
    }
    for (key, name) in [(&b"Producer"[..], "chương trình ghi tệp"), (b"Title", "tên văn bản"), (b"Author", "tác giả")]
    {
        let (mine, found) = (described(&ours, key), described(&theirs, key));
        if mine != found {
            let show = |text: Option<String>| text.map_or_else(|| "(không có)".to_owned(), |text| format!("“{text}”"));
            said.push(format!("{name} ghi {}, bản gốc ghi {}", show(found), show(mine)));
        }
    }
    said
}

fn contents(document: &Document) -> BTreeMap<u32, Vec<u8>> {
    let page = |id| document.get_page_content_with_limit(id, LARGEST).unwrap_or_default();
    document.get_pages().into_iter().map(|(number, id)| (number, page(id))).collect()
}

fn described(document: &Document, key: &[u8]) -> Option<String> {
    let info = document.trailer.get(b"Info").ok()?;
    let info = match info {
        Object::Reference(id) => document.get_object(*id).ok()?,
        direct => direct,
    };
    super::increment::text(info.as_dict().ok()?, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::increment::tests::{Parts, Update, letter};

    #[test]
    fn claims_are_read_from_bytes() {
        let letter = letter();
        let found = claims(&letter);
        let id = found.id.clone().unwrap();
        assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        assert!(found.title.clone().unwrap().contains("tiếp nhận"), "{found:?}");
        assert_eq!(claims(b"%PDF-1.7 nothing"), Claims::default());
        assert_eq!(claims(b""), Claims::default());
    }

    #[test]
    fn pages_and_description_are_compared() {
        let letter = letter();
        let parts = Parts::of(&letter);
        let update = Update { objects: vec![(parts.content, "<</Length 5>>\nstream\nq 1 Q\nendstream".to_owned())] };
        assert_eq!(differences(&letter, &update.append(&letter)), ["nội dung trang 1 khác bản gốc"]);
        assert_eq!(differences(&letter, b"%PDF-1.7"), ["tệp không mở được như một PDF trọn vẹn"]);
    }
}
