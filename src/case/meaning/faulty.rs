//! What a file means in spite of its faults: true findings beside them, and none that only follows from them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::examine;
use crate::calendar::{Calendar, Swaps};
use crate::case::parse::{Rest, parse};
use crate::case::{Gaps, places::Places};
use crate::diagnostic::{Diagnostic, Span};
use crate::settings::Settings;
use crate::yaml::tree::{self, Content, Node};

fn samples() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("KN-") && name.ends_with(".yaml")
    });
    paths.sort();
    let mut texts: Vec<String> = paths.into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    texts.push(include_str!("../../../tests/data/KN-2026-0042.yaml").to_owned());
    texts
}

/// What every examination needs, made once.
struct Office {
    settings: Settings,
    calendar: Calendar,
}

fn office() -> Office {
    Office { settings: settings(), calendar: Calendar::builtin(Swaps::Follow) }
}

fn settings() -> Settings {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hoso.yaml");
    Settings::parse(&std::fs::read_to_string(path).unwrap(), "hoso.yaml").unwrap()
}

/// Findings on the meaning of what can be read of `text`, whether it has faults or not, and how many faults it has.
fn meant(text: &str, office: &Office) -> Option<(Vec<Diagnostic>, usize)> {
    let parsed = parse(text.as_bytes(), "x.yaml");
    let faults = parsed.findings.len();
    let Rest { case, gaps } = parsed.case.map(|case| Rest { case, gaps: Gaps::default() }).or(parsed.rest)?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let assessment = crate::procedure::assess(&case, &office.calendar, &office.settings, today);
    let places: Places = parsed.places;
    Some((examine(&case, &gaps, &places, today, &office.settings, &assessment), faults))
}

fn marks(findings: &[Diagnostic]) -> BTreeSet<String> {
    findings.iter().map(|f| format!("{} {:?}", f.code, f.span.map(|span| span.line))).collect()
}

/// Where `text` can be broken without moving a line: each key, and each value on one line.
fn joints(text: &str) -> Vec<Span> {
    fn walk(node: &Node, found: &mut Vec<Span>) {
        match &node.content {
            Content::Scalar { .. } if node.span.length > 0 => found.push(node.span),
            Content::Scalar { .. } => {}
            Content::List(items) => items.iter().for_each(|item| walk(item, found)),
            Content::Map(entries) => {
                for entry in entries {
                    found.push(entry.key_span);
                    walk(&entry.value, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&tree::parse(text).unwrap().unwrap(), &mut found);
    found
}

/// `text` with each of `at` replaced: a key becomes an unknown one, a value no value.
fn broken(text: &str, at: &[Span]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut at = at.to_vec();
    at.sort_by(|a, b| b.cmp(a));
    at.dedup();
    for span in at {
        let chars: Vec<char> = lines[span.line - 1].chars().collect();
        let (head, rest) = chars.split_at(span.column - 1);
        let (_, tail) = rest.split_at(span.length.min(rest.len()));
        let junk = if tail.first() == Some(&':') { "khoa_la" } else { "~" };
        lines[span.line - 1] = head.iter().chain(&junk.chars().collect::<Vec<_>>()).chain(tail).collect();
    }
    lines.join("\n") + "\n"
}

#[test]
fn one_fault_is_reported_once() {
    let office = office();
    let mut tried = 0;
    for text in samples() {
        let sound = marks(&meant(&text, &office).unwrap().0);
        for joint in joints(&text) {
            let broken = broken(&text, &[joint]);
            let Some((findings, faults)) = meant(&broken, &office) else { continue };
            let new: Vec<_> = marks(&findings).difference(&sound).cloned().collect();
            assert!(new.is_empty(), "line {}: {new:?}\n{findings:#?}\n{broken}", joint.line);
            tried += usize::from(faults > 0);
        }
    }
    assert!(tried > 1500, "{tried} broken files");
}

#[test]
fn facts_out_of_order_are_found_beside_faults() {
    let office = office();
    let text = samples().pop().unwrap().replacen("ngay_ghi_nhan: 12/10/2026", "ngay_ghi_nhan: 11/10/2026", 1);
    let wanted = "HS101 Some(20)";
    let mut kept = 0;
    let joints = joints(&text);
    for joint in &joints {
        let Some((findings, _)) = meant(&broken(&text, &[*joint]), &office) else { continue };
        let found = marks(&findings).contains(wanted);
        // The two dates, the block they stand in; the code of the case has no part in it.
        let concerned = [18, 19, 20].contains(&joint.line);
        assert!(found || concerned, "line {}", joint.line);
        kept += usize::from(found);
    }
    assert!(kept > joints.len() - 8, "{kept} of {}", joints.len());
}

static WORLD: LazyLock<(Office, Vec<String>)> = LazyLock::new(|| (office(), samples()));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn many_faults_are_reported_once_each(
        sample in any::<prop::sample::Index>(),
        end in any::<prop::sample::Index>(),
        breaks in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let (office, samples) = &*WORLD;
        let whole = &samples[sample.index(samples.len())];
        let lines: Vec<&str> = whole.lines().collect();
        let text = lines[..=end.index(lines.len())].join("\n") + "\n";
        prop_assume!(tree::parse(&text).is_ok_and(|tree| tree.is_some()));
        let Some((sound, 0)) = meant(&text, office) else { return Ok(()) };
        let joints = joints(&text);
        let at: Vec<Span> = breaks.iter().map(|at| joints[at.index(joints.len())]).collect();
        let broken = broken(&text, &at);
        if let Some((findings, _)) = meant(&broken, office) {
            let new: Vec<_> = marks(&findings).difference(&marks(&sound)).cloned().collect();
            prop_assert!(new.is_empty(), "{:?}\n{}", new, broken);
        }
    }
}
