use super::super::tree::FaultKind::*;
use super::*;
use crate::diagnostic::Span;

/// Line, kind and suggestion of each fault; whether the rest could be read.
fn told(text: &str) -> (Vec<(usize, FaultKind, String)>, bool) {
    let mended = read(text, None);
    let told = |fault: &Fault| (fault.span.line, fault.kind, fault.suggestion.clone().unwrap_or_default());
    (mended.faults.iter().map(told).collect(), mended.tree.is_some())
}

#[test]
fn all_usual_mistakes_of_a_text_are_told_at_once() {
    let text = "\
ma_ho_so: KN-2026-0001
tiep_nhan:
\tgio: 09:40
  so_den:118
  tom_tat: Lỗi: không ký được
  dich_vu: \"USB token
  so_van_ban: @05/CV
   nguoi_tiep_nhan: Trần Đức Ân
  yeu_cau:
    - Làm rõ
    Khôi phục
    -Hoàn phí
  noi_dung: \"Gấp\" lắm
";
    let (faults, whole) = told(text);
    let kinds: Vec<(usize, FaultKind)> = faults.iter().map(|(line, kind, _)| (*line, *kind)).collect();
    assert_eq!(
        kinds,
        [
            (3, Tab),
            (4, Colon),
            (5, ColonInValue),
            (6, Quote),
            (7, Sign),
            (8, Indent),
            (11, Dash),
            (12, Dash),
            (13, Quote)
        ]
    );
    assert!(whole);
    let meant: Vec<&str> = faults.iter().map(|(.., meant)| meant.as_str()).collect();
    assert_eq!(
        meant,
        [
            "",
            "so_den: 118",
            "\"Lỗi: không ký được\"",
            "\"USB token\"",
            "\"@05/CV\"",
            "",
            "- Khôi phục",
            "- Hoàn phí",
            "'\"Gấp\" lắm'"
        ]
    );
}

#[test]
fn places_are_those_of_the_file() {
    let text = "a:\n  gio:31/02/2026\n  b: x\n";
    let mended = read(text, None);
    let tree = mended.tree.unwrap();
    let value = tree.get("a").and_then(|block| block.get("gio")).unwrap();
    assert_eq!(value.span, Span { line: 2, column: 7, length: 10 });
    assert_eq!(tree.get("a").and_then(|block| block.get("b")).unwrap().span, Span { line: 3, column: 6, length: 1 });
}

#[test]
fn what_cannot_be_guessed_ends_the_reading() {
    let (faults, whole) = told("a: 1\n---\nb:2\n");
    assert_eq!((faults.len(), whole), (1, false));
    assert_eq!(faults[0].1, Forbidden);
    assert_eq!(told("a: 1\nb: 2\n"), (Vec::new(), true));
    assert_eq!(told(""), (Vec::new(), false));
}

#[test]
fn the_number_of_faults_is_limited() {
    let (faults, whole) = told(&"a: b: c\n".repeat(200));
    assert!((1..=MAX_FAULTS).contains(&faults.len()), "{}", faults.len());
    assert!(!whole);
}
