//! The fields of Decree 30/2020, App. VI, for a dossier and its documents, as XML.

use super::markup::{Markup, Written, legal};
use super::{Document, Exported, LANGUAGE, RIGHTS};

/// Longest title and subject, in characters (App. VI).
const LONGEST: usize = 500;

/// The dossier as XML, UTF-8. The same dossier gives the same bytes.
///
/// # Errors
/// Never in practice: it is written into memory.
pub fn write(exported: &Exported) -> Written {
    let mut out = Markup::new()?;
    out.within("Dossier", &[], |out| {
        let meta = &exported.meta;
        out.field("FileCode", &meta.code)?;
        out.field("Title", &cut(&exported.title))?;
        out.field("Maintenance", &meta.retention)?;
        out.field("Rights", RIGHTS)?;
        out.field("Creator", &exported.creator)?;
        out.field("Language", LANGUAGE)?;
        out.field("StartDate", &meta.from.to_string())?;
        out.field("EndDate", &meta.to.to_string())?;
        out.field("DocTotal", &exported.documents.len().to_string())?;
        out.field("PageTotal", &meta.pages.to_string())?;
        out.field("Description", &description(exported))?;
        out.within("Documents", &[], |out| {
            let mut numbered = (1..).zip(&exported.documents);
            numbered.try_for_each(|(ordinal, document)| one(out, ordinal, document))
        })
    })?;
    out.done()
}

fn description(exported: &Exported) -> String {
    let meta = &exported.meta;
    format!("Kết thúc: {}; lưu ngày {}, phiên bản {}", meta.end, meta.closed.format("%d/%m/%Y"), meta.version)
}

fn one(out: &mut Markup, ordinal: u32, document: &Document) -> std::io::Result<()> {
    let (kind, subject) = document.subject.split_once(": ").unwrap_or((&document.subject, &document.subject));
    // "05/PTN-ECA"; what begins otherwise has no number of its own.
    let parts = document.symbol.split_once('/').filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    let (number, notation) = parts.unwrap_or(("", &document.symbol));
    out.within("Document", &[], |out| {
        out.field("DocOrdinal", &ordinal.to_string())?;
        out.field("TypeName", kind)?;
        out.field("CodeNumber", number)?;
        out.field("CodeNotation", notation)?;
        out.field("IssuedDate", &document.date.map(|date| date.to_string()).unwrap_or_default())?;
        out.field("OrganName", &document.author)?;
        out.field("Subject", &cut(subject))?;
        out.field("Language", LANGUAGE)?;
        out.field("PageAmount", &document.pages.map(|pages| pages.to_string()).unwrap_or_default())?;
        if let Some((position, name)) = &document.signer {
            out.within("SignerInfo", &[], |out| {
                out.field("Position", position)?;
                out.field("FullName", name)
            })?;
        }
        if let Some(addressee) = &document.addressee {
            out.field("To", addressee)?;
        }
        if !document.remark.is_empty() {
            out.field("Description", &document.remark)?;
        }
        let Some((name, digest)) = &document.file else { return Ok(()) };
        out.within("File", &[("sha256", digest)], |out| out.text(name))
    })
}

fn cut(text: &str) -> String {
    let text = legal(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Meta;

    fn exported() -> Exported {
        let document = |symbol: &str, subject: &str| Document {
            symbol: symbol.into(),
            date: "2026-10-13".parse().ok(),
            subject: subject.into(),
            author: "Trung tâm <E-CA> & Co".into(),
            pages: Some(2),
            remark: "Bản chính".into(),
            file: Some(("van-ban/a \"b\".pdf".into(), "ab".repeat(32))),
            signer: Some(("GIÁM ĐỐC".into(), "Trần Quốc Bảo".into())),
            addressee: Some("Bà Nguyễn Thị Hường".into()),
        };
        let meta = Meta {
            code: "KN-2026-0042".into(),
            version: 1,
            end: "khách hàng đồng ý".into(),
            closed: "2026-11-30".parse().unwrap(),
            from: "2026-10-13".parse().unwrap(),
            to: "2026-11-30".parse().unwrap(),
            retention: "15 năm".into(),
            keep_until: None,
            letters: 1,
            pages: 3,
            stretches: Vec::new(),
        };
        let plain = Document {
            signer: None,
            addressee: None,
            file: None,
            remark: String::new(),
            pages: None,
            ..document("", "Đơn khiếu nại")
        };
        let title = "Hồ sơ \u{1}".to_owned() + &"rất dài ".repeat(80);
        Exported {
            meta,
            title,
            creator: "Trung tâm".into(),
            documents: vec![document("03/PTN-ECA", "Phiếu tiếp nhận: về phí"), plain],
        }
    }

    #[test]
    fn another_reader_finds_the_fields() {
        let bytes = write(&exported()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let tree = roxmltree::Document::parse(&text).unwrap();
        let value = |name: &str| {
            tree.descendants().find(|node| node.has_tag_name(name)).and_then(|node| node.text()).unwrap_or_default()
        };
        assert_eq!(tree.root_element().tag_name().name(), "Dossier");
        assert_eq!((value("FileCode"), value("DocTotal"), value("PageTotal")), ("KN-2026-0042", "2", "3"));
        assert_eq!(
            (value("StartDate"), value("EndDate"), value("Maintenance")),
            ("2026-10-13", "2026-11-30", "15 năm")
        );
        assert_eq!(
            (value("TypeName"), value("CodeNumber"), value("CodeNotation")),
            ("Phiếu tiếp nhận", "03", "PTN-ECA")
        );
        assert_eq!(
            (value("OrganName"), value("FullName"), value("To")),
            ("Trung tâm <E-CA> & Co", "Trần Quốc Bảo", "Bà Nguyễn Thị Hường")
        );
        assert_eq!((value("Title").chars().count(), value("Title").ends_with('…')), (500, true));
        assert_eq!(value("File"), "van-ban/a \"b\".pdf");
        assert_eq!(tree.descendants().filter(|node| node.has_tag_name("Document")).count(), 2);
    }
}
