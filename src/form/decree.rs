//! Every form against the table of Decree 30/2020/NĐ-CP, App. I: what stands where on its laid-out pages, in which size and
//! face. Expected values are the decree's.

use std::sync::LazyLock;

use serde_json::Value;

use super::trial::example;
use super::*;
use crate::document::{Emphasis, parse};
use crate::font::FontSet;
use crate::layout::{BLACK, Layout, Line, Owner, Shape as Drawn, Style, lay_out};

const MM: f64 = 72.0 / 25.4;
static FONTS: LazyLock<FontSet> = LazyLock::new(FontSet::builtin);

/// Letters with the national header.
const LETTERS: [LetterKind; 6] = [
    LetterKind::ReceiptSlip,
    LetterKind::Rejection,
    LetterKind::HandlingRecord,
    LetterKind::Answer,
    LetterKind::Transfer,
    LetterKind::FindingsReport,
];

fn laid(kind: LetterKind) -> Layout {
    let mut view = example(kind);
    if let Some(draft) = view.get_mut("du_thao") {
        *draft = Value::Bool(false);
    }
    let markup = FormSet::builtin().render(&form_name(kind), &view).unwrap();
    lay_out(&parse(&markup).unwrap(), &Style::builtin(), &FONTS).unwrap()
}

fn text(line: &Line) -> String {
    line.runs.iter().map(|run| run.text.as_str()).collect::<String>().trim_end().to_owned()
}

/// Width of a line without the space that ends it.
fn width(line: &Line) -> f64 {
    let whole: String = line.runs.iter().map(|run| run.text.as_str()).collect();
    let ends = whole.chars().rev().take_while(|letter| *letter == ' ').count();
    let letters: Vec<(char, f64, f64)> = line
        .runs
        .iter()
        .flat_map(|run| {
            run.text.chars().map(|letter| {
                let (_, thousandths) = FONTS.find(run.face, letter).unwrap();
                (letter, f64::from(thousandths) * run.size / 1000.0, run.gap)
            })
        })
        .collect();
    let kept = &letters[..letters.len() - ends];
    let gaps: f64 = line.runs.iter().map(|run| run.gap).sum();
    kept.iter().map(|(letter, width, _)| width + if *letter == ' ' { line.stretch } else { 0.0 }).sum::<f64>() + gaps
}

fn middle(line: &Line) -> f64 {
    line.x + width(line) / 2.0
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.05
}

/// Lines of page 1 that begin with `words`, from the top.
fn lines<'a>(layout: &'a Layout, words: &str) -> Vec<&'a Line> {
    layout.pages[0].lines.iter().filter(|line| text(line).starts_with(words)).collect()
}

fn first<'a>(layout: &'a Layout, words: &str) -> &'a Line {
    let all = layout.pages.iter().flat_map(|page| &page.lines);
    all.into_iter().find(|line| text(line).starts_with(words)).unwrap_or_else(|| panic!("no line begins with {words}"))
}

#[track_caller]
fn set_in(line: &Line, sizes: std::ops::RangeInclusive<f64>, bold: bool, italic: bool) {
    for run in line.runs.iter().filter(|run| !run.text.trim().is_empty()) {
        assert!(sizes.contains(&run.size), "{}: {} pt", text(line), run.size);
        let face = FontSet::styled(Emphasis { bold, italic, underline: false });
        assert_eq!(run.face, face, "{}: bold {bold}, italic {italic}", text(line));
        assert_eq!(run.color, BLACK, "{}", text(line));
    }
}

/// Level rules of page 1: left end, height, length.
fn rules(layout: &Layout) -> Vec<(f64, f64, f64)> {
    let mut rules = Vec::new();
    for shape in &layout.pages[0].shapes {
        if let Drawn::Rule { from, to, dotted: false, .. } = shape
            && near(from.1, to.1)
        {
            rules.push((from.0, from.1, to.0 - from.0));
        }
    }
    rules
}

/// The rule under `line`, within one line's height.
#[track_caller]
fn rule_under(layout: &Layout, line: &Line) -> (f64, f64) {
    let below = |rule: &&(f64, f64, f64)| {
        (0.0..12.0).contains(&(rule.1 - line.baseline)) && near(rule.0 + rule.2 / 2.0, middle(line))
    };
    let rule = *rules(layout).iter().find(below).unwrap_or_else(|| panic!("no rule under {}", text(line)));
    (rule.0, rule.2)
}

#[test]
fn pages_are_a4_with_the_margins() {
    for kind in LetterKind::ALL {
        let layout = laid(kind);
        // Books lie on their long side (App. I, part I, 2).
        let book = matches!(kind, LetterKind::LetterBook | LetterKind::ComplaintBook | LetterKind::TransferBook);
        let (across, down) = if book { (297.0, 210.0) } else { (210.0, 297.0) };
        assert!(near(layout.width, across * MM) && near(layout.height, down * MM));
        for (index, page) in layout.pages.iter().enumerate() {
            for line in &page.lines {
                let said = format!("{kind:?}, page {}: {}", index + 1, text(line));
                // Left 30–35, right 15–20, top and bottom 20–25 mm; the number stands in the top margin, the address at the foot.
                assert!(line.x >= 30.0 * MM - 0.01 && line.x + width(line) <= (across - 15.0) * MM + 0.01, "{said}");
                let foot = index == 0 && line.runs[0].size <= 11.0 && line.baseline > (down - 27.0) * MM;
                let number = line.owner == Owner::Artifact;
                assert!(foot || number || line.baseline > 20.0 * MM, "{said}");
                assert!(foot || line.baseline < (down - 20.0) * MM, "{said}");
            }
        }
    }
}

#[test]
fn the_page_number_is_centred_in_the_top_margin_from_page_two_on() {
    for kind in LETTERS {
        let layout = laid(kind);
        for (index, page) in layout.pages.iter().enumerate() {
            let artifacts: Vec<&Line> = page.lines.iter().filter(|line| line.owner == Owner::Artifact).collect();
            let numbers: Vec<&&Line> = artifacts.iter().filter(|line| text(line) == (index + 1).to_string()).collect();
            assert_eq!(numbers.len(), usize::from(index > 0), "{kind:?}, page {}", index + 1);
            for number in numbers {
                set_in(number, 13.0..=14.0, false, false);
                assert!(number.baseline < 20.0 * MM && near(middle(number), (30.0 + 160.0 / 2.0) * MM), "{kind:?}");
            }
        }
    }
}

#[test]
fn the_header_stands_as_the_decree_has_it() {
    for kind in LETTERS {
        let layout = laid(kind);
        let nation = first(&layout, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        set_in(nation, 12.0..=13.0, true, false);
        assert!(middle(nation) > layout.width / 2.0, "{kind:?}");
        let motto = first(&layout, "Độc lập - Tự do - Hạnh phúc");
        set_in(motto, 13.0..=14.0, true, false);
        assert!(near(middle(motto), middle(nation)) && motto.baseline > nation.baseline);
        let (x, length) = rule_under(&layout, motto);
        assert!(near(x, motto.x) && near(length, width(motto)), "{kind:?}: the rule is as long as the line");

        // The bodies: a parent in regular, below it the issuing body in bold, both in capitals, centred in the left column.
        let (parent, issuer) = if kind == LetterKind::FindingsReport {
            ("TRUNG TÂM CHỨNG THỰC", "PHÒNG KỸ THUẬT")
        } else {
            ("CÔNG TY TNHH", "TRUNG TÂM CHỨNG THỰC")
        };
        let (parent, issuer) = (first(&layout, parent), first(&layout, issuer));
        set_in(parent, 12.0..=13.0, false, false);
        set_in(issuer, 12.0..=13.0, true, false);
        assert!(near(parent.baseline, nation.baseline) && issuer.baseline > parent.baseline, "{kind:?}");
        assert!(near(middle(parent), middle(issuer)) && middle(parent) < layout.width / 2.0);
        let bold: Vec<&Line> = layout.pages[0]
            .lines
            .iter()
            .filter(|line| line.runs[0].face == issuer.runs[0].face && near(middle(line), middle(issuer)))
            .take_while(|line| line.baseline < issuer.baseline + 40.0)
            .collect();
        let widest = bold.iter().map(|line| width(line)).fold(0.0, f64::max);
        let (_, length) = rule_under(&layout, bold[bold.len() - 1]);
        assert!((widest / 3.0..=widest / 2.0).contains(&length), "{kind:?}: {length} of {widest}");

        if kind != LetterKind::FindingsReport {
            let number = first(&layout, "Số:");
            set_in(number, 13.0..=13.0, false, false);
            assert!(near(middle(number), middle(issuer)), "{kind:?}");
        }
        // Biên bản has no line of place and date (Mẫu 1.9).
        let dates = lines(&layout, "Hà Nội, ngày ");
        assert_eq!(dates.len(), usize::from(kind != LetterKind::HandlingRecord), "{kind:?}");
        for date in dates {
            set_in(date, 13.0..=14.0, false, true);
            assert!(near(middle(date), middle(nation)), "{kind:?}");
            if kind != LetterKind::FindingsReport {
                assert!(near(date.baseline, first(&layout, "Số:").baseline), "{kind:?}");
            }
        }
    }
}

#[test]
fn kind_and_subject_or_the_subject_of_a_letter() {
    let centre = (30.0 + 160.0 / 2.0) * MM;
    for (kind, name) in [
        (LetterKind::ReceiptSlip, "PHIẾU TIẾP NHẬN"),
        (LetterKind::Rejection, "THÔNG BÁO"),
        (LetterKind::HandlingRecord, "BIÊN BẢN"),
        (LetterKind::Transfer, "PHIẾU CHUYỂN"),
        (LetterKind::FindingsReport, "PHIẾU KẾT QUẢ XÁC MINH"),
    ] {
        let layout = laid(kind);
        let title = first(&layout, name);
        set_in(title, 13.0..=14.0, true, false);
        assert!(near(middle(title), centre), "{kind:?}");
        let below: Vec<&Line> = layout.pages[0]
            .lines
            .iter()
            .filter(|line| line.baseline > title.baseline + 1.0 && line.baseline < title.baseline + 60.0)
            .take_while(|line| line.runs[0].face == title.runs[0].face)
            .collect();
        assert!(!below.is_empty(), "{kind:?} has a subject");
        for line in &below {
            set_in(line, 13.0..=14.0, true, false);
            assert!(near(middle(line), centre), "{kind:?}");
        }
        let widest = below.iter().map(|line| width(line)).fold(0.0, f64::max);
        let (_, length) = rule_under(&layout, below[below.len() - 1]);
        assert!((widest / 3.0..=widest / 2.0).contains(&length), "{kind:?}: {length} of {widest}");
    }
    // A công văn has no kind; its subject stands under the number, 6 pt below it.
    let answer = laid(LetterKind::Answer);
    let (number, subject) = (first(&answer, "Số:"), first(&answer, "V/v "));
    set_in(subject, 12.0..=13.0, false, false);
    assert!(near(middle(subject), middle(number)));
    // Lines of 17 and 15 pt, each with its letters in the middle: (17 − 15) / 2 + 15 + 6, and 0.3375 of the sizes 13 and 12.
    let step = 17.0 / 2.0 + 6.0 + 15.0 / 2.0 + 0.3375 * (12.0 - 13.0);
    assert!(near(subject.baseline - number.baseline, step), "{}", subject.baseline - number.baseline);
    assert!(lines(&answer, "VĂN BẢN").is_empty());
}

#[test]
fn the_body_is_justified_with_a_first_line_indent_and_ends_as_it_should() {
    for kind in LETTERS {
        let layout = laid(kind);
        // A paragraph of several lines of the body, justified: its first line indented by 10 or 12.7 mm.
        let all: Vec<&Line> = layout.pages.iter().flat_map(|page| &page.lines).collect();
        let full = all.iter().filter(|line| line.stretch > 0.0 && line.runs[0].size >= 13.0);
        for line in full.clone() {
            assert!(near(line.x + width(line), 190.0 * MM), "{kind:?}: {}", text(line));
            assert!(line.runs.iter().all(|run| (13.0..=14.0).contains(&run.size)), "{kind:?}: {}", text(line));
        }
        for pair in all.windows(2).filter(|pair| pair[0].stretch > 0.0 && pair[0].owner == pair[1].owner) {
            let step = pair[1].baseline - pair[0].baseline;
            let size = pair[0].runs[0].size;
            // Single to 1.5 line spacing; a page may end in between.
            if step > 0.0 && near(pair[1].x, 30.0 * MM) {
                assert!((1.15 * size - 0.01..=1.5 * 1.15 * size).contains(&step), "{kind:?}: {step}");
                assert!(near(pair[0].x, 30.0 * MM) || near(pair[0].x, 42.7 * MM), "{kind:?}: {}", text(pair[0]));
            }
        }
        let ends = all.iter().filter(|line| text(line).ends_with("./.")).count();
        let report = kind == LetterKind::FindingsReport;
        assert_eq!(ends, usize::from(!report), "{kind:?} ends with “./.” once");
    }
}

#[test]
fn recipients_and_signer_stand_side_by_side() {
    for kind in [LetterKind::ReceiptSlip, LetterKind::Rejection, LetterKind::Answer, LetterKind::Transfer] {
        let layout = laid(kind);
        let (label, office) = (first(&layout, "Nơi nhận:"), first(&layout, "KT. GIÁM ĐỐC"));
        set_in(label, 12.0..=12.0, true, true);
        assert!(near(label.x, 30.0 * MM), "{kind:?}");
        set_in(office, 13.0..=14.0, true, false);
        assert!((label.baseline - office.baseline).abs() < 1.0, "{kind:?}: on one level");
        // The right half: 110 to 190 mm, centred.
        assert!(near(middle(office), 150.0 * MM), "{kind:?}");
        let (deputy, name) = (first(&layout, "PHÓ GIÁM ĐỐC"), first(&layout, "Trần Quốc Bảo"));
        set_in(deputy, 13.0..=14.0, true, false);
        set_in(name, 13.0..=14.0, true, false);
        assert!(near(middle(deputy), middle(office)) && near(middle(name), middle(office)), "{kind:?}");
        assert!(name.baseline - deputy.baseline > 50.0, "{kind:?}: room for signature and seal");
        for entry in ["Như trên;", "Lưu: VT, CSKH."] {
            let entry = layout.pages.iter().flat_map(|page| &page.lines).find(|line| text(line) == entry).unwrap();
            set_in(entry, 11.0..=11.0, false, false);
        }
    }
    let record = laid(LetterKind::HandlingRecord);
    let offices: Vec<f64> = ["NGƯỜI LÀM CHỨNG", "ĐẠI DIỆN TRUNG TÂM", "NGƯỜI LẬP BIÊN BẢN"]
        .map(|office| {
            set_in(first(&record, office), 13.0..=14.0, true, false);
            middle(first(&record, office))
        })
        .to_vec();
    assert!(offices.windows(2).all(|pair| pair[0] + 40.0 * MM < pair[1]), "{offices:?}");
}

#[test]
fn the_issuers_address_stands_under_a_rule_at_the_foot_of_page_one() {
    for kind in LETTERS {
        let layout = laid(kind);
        let foot = *lines(&layout, "Địa chỉ: 11 Đặng Thùy Trâm").last().unwrap();
        set_in(foot, 11.0..=12.0, false, false);
        assert!(foot.baseline > 270.0 * MM, "{kind:?}");
        let rule =
            rules(&layout).into_iter().find(|rule| (0.0..20.0).contains(&(foot.baseline - rule.1)) && rule.2 > 400.0);
        let (x, _, length) = rule.unwrap_or_else(|| panic!("{kind:?}: no rule above the address"));
        assert!(near(x, 30.0 * MM) && near(length, 160.0 * MM), "{kind:?}");
        let later = layout.pages[1..].iter().flat_map(|page| &page.lines);
        assert!(later.into_iter().all(|line| !text(line).contains("Website:")), "{kind:?}");
    }
}
