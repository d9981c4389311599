//! Updates written by hand (ISO 32000-1, 7.5.6), honest and not.

use super::*;
use crate::font::FontSet;
use crate::layout::Style;
use crate::pdf;

#[path = "../../../tests/integration/signing.rs"]
mod signing;
use signing::find;
pub(crate) use signing::{Parts, Update};

/// A letter of one page.
pub(crate) fn letter() -> Vec<u8> {
    let markup = include_str!("../../../tests/markup/phieu-tiep-nhan.xml");
    let style = Style::parse(Style::builtin_text()).unwrap();
    let document = crate::document::parse(markup).unwrap();
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-05T00:00:00+07:00").unwrap();
    let metadata = pdf::Metadata::of(&document, at);
    pdf::render(markup, &style, &FontSet::builtin(), &metadata).unwrap().bytes
}

const SMALL: &str = "300 100 500 160";

fn signed() -> (Vec<u8>, Vec<u8>) {
    let original = letter();
    let signed = Update::signature(&original, "ChuKy1", SMALL, "").append(&original);
    (original, signed)
}

fn faults(original: &[u8], bytes: &[u8]) -> Vec<Alteration> {
    signatures(original, bytes).unwrap_err()
}

#[test]
fn a_signature_is_all_that_was_added() {
    let (original, signed) = signed();
    let found = signatures(&original, &signed).unwrap();
    assert_eq!(
        found,
        [Signature {
            field: "ChuKy1".to_owned(),
            kind: "ETSI.CAdES.detached".to_owned(),
            time: Some("D:20261120080000+07'00'".to_owned()),
            page: Some(1),
        }]
    );
    let hidden = Update::signature(&original, "ChuKy1", "0 0 0 0", "").append(&original);
    assert_eq!(signatures(&original, &hidden).unwrap()[0].page, None);
}

#[test]
fn several_signatures_and_material_to_check_them() {
    let (original, once) = signed();
    let first = Parts::of(&original).free;
    let twice = Update::signature(&once, "ChuKy2", "50 100 200 160", &format!("{first} 0 R")).append(&once);
    assert_eq!(signatures(&original, &twice).unwrap().len(), 2);

    let parts = Parts::of(&twice);
    let free = parts.free;
    let dss = Update {
        objects: vec![
            (parts.root, parts.with(parts.root, &[("DSS", &format!("{free} 0 R"))])),
            (free, format!("<</Type/DSS/Certs[{} 0 R]>>", free + 1)),
            (free + 1, "<</Length 4>>\nstream\n0123\nendstream".to_owned()),
        ],
    };
    assert_eq!(signatures(&original, &dss.append(&twice)).unwrap().len(), 2);
}

#[test]
fn bytes_behind_that_are_no_update() {
    let (original, signed) = signed();
    for tail in [&b"x"[..], b"\n% /ByteRange", b"/ByteRange[0 1 2 3]", b"\n1 0 obj\n<<>>\nendobj\n"] {
        assert_eq!(faults(&original, &[&original[..], tail].concat()), [Alteration::NotAnUpdate(tail.len())]);
        let behind = [&signed[..], tail].concat();
        assert_eq!(faults(&original, &behind), [Alteration::NotAnUpdate(behind.len() - original.len())]);
    }
    for cut in [original.len() + 1, original.len() + 40, signed.len() - 9] {
        assert!(signatures(&original, &signed[..cut]).is_err(), "cut at {cut}");
    }
    let mut other = signed.clone();
    other[100] ^= 1;
    assert!(signatures(&original, &other).is_err());
}

#[test]
fn an_update_that_signs_and_changes_a_page() {
    let original = letter();
    let parts = Parts::of(&original);
    let mut update = Update::signature(&original, "ChuKy1", SMALL, "");
    update.objects.push((parts.content, "<</Length 5>>\nstream\nq 1 Q\nendstream".to_owned()));
    assert_eq!(faults(&original, &update.append(&original)), [Alteration::PageContent(1)]);

    // The page is pointed at new content instead.
    let mut update = Update::signature(&original, "ChuKy1", SMALL, "");
    let annots = format!("[{} 0 R]", parts.free);
    let free = parts.free + 5;
    update.objects[1].1 = parts.with(parts.page, &[("Annots", &annots), ("Contents", &format!("{free} 0 R"))]);
    update.objects.push((free, "<</Length 5>>\nstream\nq 1 Q\nendstream".to_owned()));
    assert_eq!(faults(&original, &update.append(&original)), [Alteration::PageContent(1)]);

    // Signed first, changed after.
    let (_, signed) = signed();
    let after = Update { objects: vec![(parts.content, "<</Length 5>>\nstream\nq 1 Q\nendstream".to_owned())] };
    assert_eq!(faults(&original, &after.append(&signed)), [Alteration::PageContent(1)]);
}

#[test]
fn what_else_may_not_be_changed() {
    let original = letter();
    let parts = Parts::of(&original);
    let with = |change: &dyn Fn(&mut Update)| {
        let mut update = Update::signature(&original, "ChuKy1", SMALL, "");
        change(&mut update);
        faults(&original, &update.append(&original))
    };
    let font = parts.document.objects.iter().find(|(_, o)| o.as_dict().is_ok_and(|d| d.has_type(b"FontDescriptor")));
    let font = font.unwrap().0.0;
    assert_eq!(with(&|u| u.objects.push((font, "<</Type/FontDescriptor>>".to_owned()))), [Alteration::Font]);
    let pages = parts.document.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap().0;
    assert_eq!(
        with(&|u| u.objects.push((pages, "<</Type/Pages/Kids[]/Count 0>>".to_owned()))),
        [Alteration::Object(pages)]
    );
    let form = format!("<</Fields[{} 0 R]>>", parts.free);
    assert_eq!(
        with(&|u| u.objects[0].1 =
            parts.with(parts.root, &[("AcroForm", &form), ("OpenAction", "<</S/JavaScript/JS(1)>>")])),
        [Alteration::Catalog("OpenAction".to_owned())]
    );
    let note = format!("[{} 0 R {} 0 R]", parts.free, parts.free + 3);
    assert_eq!(
        with(&|u| {
            u.objects[1].1 = parts.with(parts.page, &[("Annots", &note)]);
            u.objects.push((parts.free + 3, "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(x)>>".to_owned()));
        }),
        [Alteration::Annotation(1)]
    );
    let info = parts.document.trailer.get(b"Info").unwrap().as_reference().unwrap().0;
    assert_eq!(with(&|u| u.objects.push((info, "<</Title(Khac)>>".to_owned()))), [Alteration::Description]);
    let wide = Update::signature(&original, "ChuKy1", "0 0 595 842", "").append(&original);
    assert_eq!(faults(&original, &wide), [Alteration::Covers(1)]);
    assert_eq!(
        with(&|u| u.objects[2].1 = u.objects[2].1.replace("/F 132", "/F 132/AA<</E<</S/JavaScript/JS(1)>>>>"))[0],
        Alteration::Action
    );
}

#[test]
fn a_signature_must_cover_its_revision() {
    let (original, signed) = signed();
    let at = find(&signed, b"/ByteRange[0 ") + 13;
    let mut less = signed.clone();
    less[at + 9] = if less[at + 9] == b'0' { b'1' } else { less[at + 9] - 1 };
    assert_eq!(faults(&original, &less), [Alteration::Range("ChuKy1".to_owned())]);
    let at = find(&signed, b"/Contents<30");
    let mut empty = signed.clone();
    empty[at + 10..at + 12].copy_from_slice(b"00");
    assert_eq!(faults(&original, &empty), [Alteration::Range("ChuKy1".to_owned())]);
    // A field shown and never signed can say anything.
    let mut update = Update::signature(&original, "ChuKy1", SMALL, "");
    let value = format!("/V {} 0 R", Parts::of(&original).free + 1);
    update.objects[2].1 = update.objects[2].1.replace(&value, "");
    assert_eq!(faults(&original, &update.append(&original)), [Alteration::Unsigned("ChuKy1".to_owned())]);
    // References that lead elsewhere than the objects they name.
    let xref = find(&signed, b"\nxref\n");
    let row = xref + signed[xref..].windows(9).position(|w| w == b" 00000 n ").unwrap();
    let mut astray = signed.clone();
    astray[row - 1] = if astray[row - 1] == b'0' { b'1' } else { astray[row - 1] - 1 };
    assert!(matches!(faults(&original, &astray)[..], [Alteration::NotAnUpdate(_)]));
}
