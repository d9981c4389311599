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

/// A letter somebody signed twice, first shown and then not, and where the letter ends in it.
fn from_outside(name: &str) -> (Vec<u8>, usize) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ky-so");
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let end = bytes.windows(6).position(|window| window == b"%%EOF\n").unwrap() + 6;
    (bytes, end)
}

#[test]
fn letters_signed_with_pdfbox_and_itext() {
    // PDFBox gives the member of an array an object of its own. iText calls the stream of the cross-references free and
    // leaves its version in the tree of pages.
    for name in ["pdfbox.pdf", "itext.pdf"] {
        let (bytes, end) = from_outside(name);
        let found = signatures(&bytes[..end], &bytes).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        assert_eq!(found.iter().map(|one| one.page).collect::<Vec<_>>(), [Some(1), None], "{name}");
        assert!(found.iter().all(|one| one.kind == "adbe.pkcs7.detached" && one.time.is_some()), "{name}");
        let mut flipped = bytes.clone();
        flipped[end + 200] ^= 1;
        assert!(signatures(&bytes[..end], &flipped).is_err() || flipped[end + 200].is_ascii_hexdigit(), "{name}");
    }
}

#[test]
fn what_got_an_object_of_its_own_stays_as_it_was() {
    let original = letter();
    let parts = Parts::of(&original);
    let intent = &parts.document.catalog().unwrap().get(b"OutputIntents").unwrap().as_array().unwrap()[0];
    let (form, free) = (format!("<</Fields[{} 0 R]/SigFlags 3>>", parts.free), parts.free + 5);
    let root = parts.with(parts.root, &[("AcroForm", &form), ("OutputIntents", &format!("[{free} 0 R]"))]);
    let with = |intent: String| {
        let mut update = Update::signature(&original, "ChuKy1", SMALL, "");
        update.objects[0].1 = root.clone();
        update.objects.push((free, intent));
        update.append(&original)
    };
    let honest = with(signing::written(intent));
    assert_eq!(signatures(&original, &honest).unwrap().len(), 1);
    let other = signing::written(intent).replace("GTS_PDFA1", "GTS_PDFX");
    assert_eq!(faults(&original, &with(other.clone())), [Alteration::Catalog("OutputIntents".to_owned())]);
    // Nor may it be changed afterwards, not even as material to check signatures with.
    let later = Update { objects: vec![(free, other.clone())] };
    assert_eq!(faults(&original, &later.append(&honest)), [Alteration::EarlierSignature]);
    let as_material = [
        ("AcroForm", form.as_str()),
        ("OutputIntents", &format!("[{free} 0 R]")),
        ("DSS", &format!("<</Certs[{free} 0 R]>>")),
    ];
    let material = Update { objects: vec![(parts.root, parts.with(parts.root, &as_material)), (free, other)] };
    assert_eq!(faults(&original, &material.append(&honest)), [Alteration::EarlierSignature]);
}

/// `bytes` with an update of one new object whose cross-references stand in a stream of this number.
fn with_references_in(bytes: &[u8], number: u32) -> Vec<u8> {
    let parts = Parts::of(bytes);
    let (id, before) = (parts.document.max_id + 20, revision::start_of_references(bytes).unwrap());
    let mut update = bytes.to_vec();
    let object = update.len();
    update.extend_from_slice(format!("{id} 0 obj\n<</Type/Nothing>>\nendobj\n").as_bytes());
    let at = update.len();
    let row = |kind: u8, offset: usize| [&[kind][..], &(offset as u32).to_be_bytes(), &[0, 0]].concat();
    let rows = [row(1, object), row(0, 0)].concat();
    update.extend_from_slice(
        format!(
            "{number} 0 obj\n<</Type/XRef/Size {}/Root {} 0 R/W[1 4 2]/Index[{id} 1 {number} 1]/Prev {before}/Length {}>>\nstream\n",
            id + 1,
            parts.root,
            rows.len()
        )
        .as_bytes(),
    );
    update.extend_from_slice(&rows);
    update.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
    update
}

#[test]
fn cross_references_in_the_place_of_an_object() {
    let (original, signed) = signed();
    let parts = Parts::of(&signed);
    let beside = with_references_in(&signed, parts.document.max_id + 21);
    assert_eq!(signatures(&original, &beside).unwrap().len(), 1);
    // Readers would find the references where the words of the page were.
    let over = with_references_in(&signed, parts.content);
    assert_eq!(faults(&original, &over), [Alteration::Object(parts.content)]);
}
