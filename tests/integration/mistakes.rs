//! How often a usual mistake is told as what it is: every line of every sample, broken in one way at a time.
//!
//! A mistake counts as told when the note would hold one finding, with the code of that mistake, on the line that was broken. What reads
//! and means the same as before, but for spaces within texts, is no mistake and does not count. What reads and means something else
//! without a finding is a mistake that was missed.
//!
//! Then two lines at a time, and whole blocks: there every line that was broken must be told with the code of its mistake, and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use hoso::case::{self, CaseCode, template};
use hoso::yaml::tree::{self, Content, Node};
use rayon::prelude::*;

/// Broken lines are many: one of so many is tried, all of them with `HOSO_TEST_EVERY_MISTAKE`.
const STRIDE: usize = 7;

/// Of each mistake, the least share in percent that must be told as what it is. A text whose dash became spaces reads as the sentence
/// above going on; where that makes sense, nobody can tell.
const LEAST: [(&str, f64); 9] = [
    ("indent", 97.0),
    ("dash of a block", 97.0),
    ("dash of a text gone", 97.0),
    ("one tab", 97.0),
    ("tab a step", 97.0),
    ("space after colon", 97.0),
    ("closing quote", 85.0),
    ("colon in value", 97.0),
    ("key misspelt", 97.0),
];

/// One line broken in one way.
struct Broken {
    kind: &'static str,
    code: &'static str,
    /// The line, from 1.
    line: usize,
    text: String,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    told: usize,
    missed: usize,
    /// Of those missed, without any finding.
    silent: usize,
}

impl Tally {
    fn rate(self) -> f64 {
        100.0 * self.told as f64 / (self.told + self.missed).max(1) as f64
    }
}

/// Every sample, an empty form, and that form with all its comments made keys.
fn correct() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["examples", "examples/ban-truoc", "tests/data"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("KN-") && name.ends_with(".yaml") {
                files.push((format!("{folder}/{name}"), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() >= 18, "{}", files.len());
    let blank = template::blank(&CaseCode::new(2026, 1));
    files.push(("all keys".into(), blank.lines().map(|line| uncommented(line) + "\n").collect()));
    files.push(("blank".into(), blank));
    files
}

/// `  # ten:   # Tên` without its first sign; other comments as they are.
fn uncommented(line: &str) -> String {
    let body = line.trim_start();
    let lead = line.len() - body.len();
    let Some(inside) = body.strip_prefix("# ") else { return line.to_owned() };
    let key = inside.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
    let is_key = inside.contains(':') && !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_key { format!("{}{inside}", " ".repeat(lead)) } else { line.to_owned() }
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Every way in which the line `n` can be broken.
fn break_line(n: usize, line: &str) -> Vec<(&'static str, &'static str, String)> {
    let body = line.trim_start_matches(' ');
    let lead = line.len() - body.len();
    let mut found = Vec::new();
    if body.is_empty() || body.starts_with('#') {
        return found;
    }
    let pad = |depth: usize| " ".repeat(depth);
    for (kind, depth) in [
        ("indent +1", Some(lead + 1)),
        ("indent +2", Some(lead + 2)),
        ("indent -1", lead.checked_sub(1)),
        ("indent -2", lead.checked_sub(2)),
    ] {
        found.extend(depth.map(|depth| (kind, "HS023", pad(depth) + body)));
    }
    if lead > 0 {
        found.push(("tab a step", "HS020", "\t".repeat(lead.div_ceil(2)) + body));
        found.push(("one tab", "HS020", format!("\t{body}")));
    }
    let item = body.strip_prefix("- ");
    let entry = item.unwrap_or(body).split_once(": ").filter(|(key, _)| is_key(key));
    let opens = item.unwrap_or(body).trim_end().strip_suffix(':').is_some_and(is_key);
    // Without its dash an item that is still empty is a comment, and no mistake.
    if let Some(item) = item.filter(|item| !item.trim_start().starts_with('#')) {
        let of_block = entry.is_some() || opens;
        found.push((if of_block { "dash of a block gone" } else { "dash of a text gone" }, "HS024", pad(lead) + item));
        found.push((
            if of_block { "dash of a block blank" } else { "dash of a text blank" },
            "HS024",
            pad(lead + 2) + item,
        ));
    }
    let Some((key, value)) = entry else { return found };
    let head = pad(lead) + if item.is_some() { "- " } else { "" };
    let value = value.trim_start();
    if value.starts_with('#') {
        return found;
    }
    found.push(("space after colon", "HS021", format!("{head}{key}:{value}")));
    if let Some(inside) = value.strip_prefix('"')
        && let Some((text, rest)) = inside.split_once('"')
    {
        found.push(("closing quote", "HS022", format!("{head}{key}: \"{text}{rest}")));
    }
    // For comparison: mistakes that have nothing to do with depth or dashes.
    if n > 3 {
        found.push(("key misspelt", "HS006", format!("{head}{key}q: {value}")));
        if value != "|" {
            found.push(("line twice", "HS007", format!("{line}\n{}{key}: {value}", pad(head.chars().count()))));
        }
    }
    if value.starts_with(char::is_alphabetic) && value.contains(' ') && !value.contains('#') {
        found.push(("colon in value", "HS025", format!("{head}{key}: Lỗi: {value}")));
        found.push(("sign", "HS026", format!("{head}{key}: @{value}")));
    }
    found
}

fn broken(text: &str) -> Vec<Broken> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (kind, code, instead) in break_line(at + 1, line) {
            let mut changed: Vec<&str> = lines.clone();
            changed[at] = &instead;
            // The line that is too many is the second.
            let line = at + 1 + usize::from(kind == "line twice");
            all.push(Broken { kind, code, line, text: changed.join("\n") + "\n" });
        }
    }
    all
}

/// What a file says, without places and without the spaces of its texts.
fn meaning(node: &Node) -> String {
    match &node.content {
        Content::Scalar { text, .. } => format!("{:?}", text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Content::List(items) => format!("[{}]", items.iter().map(meaning).collect::<Vec<_>>().join(",")),
        Content::Map(entries) => {
            let all: Vec<String> =
                entries.iter().map(|entry| format!("{}:{}", entry.key, meaning(&entry.value))).collect();
            format!("{{{}}}", all.join(","))
        }
    }
}

/// Whether the line told stands as well for the mistake: it is the next one, and moved as the hint says it makes the file right.
fn as_well(broken: &Broken, line: usize, hint: &str) -> bool {
    let Some((_, rest)) = hint.split_once("Sửa đầu dòng thành ") else { return false };
    let Ok(depth) = rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<usize>() else {
        return false;
    };
    let moved = |(at, text): (usize, &str)| {
        if at + 1 == line { " ".repeat(depth) + text.trim_start() + "\n" } else { format!("{text}\n") }
    };
    let right: String = broken.text.lines().enumerate().map(moved).collect();
    line.abs_diff(broken.line) == 1 && case::parse(right.as_bytes(), "x.yaml").findings.is_empty()
}

/// None when it is no mistake; otherwise whether it was told, and what was said.
fn judged(broken: &Broken, meant: &str) -> Option<(bool, String)> {
    let findings = case::parse(broken.text.as_bytes(), "x.yaml").findings;
    if findings.is_empty() {
        let now = tree::parse(&broken.text).unwrap().map(|node| meaning(&node)).unwrap_or_default();
        return (now != meant).then(|| (false, String::new()));
    }
    let told = findings.len() == 1 && {
        let finding = &findings[0];
        let line = finding.span.map_or(0, |span| span.line);
        let hint = finding.hint.as_deref().unwrap_or_default();
        finding.code.0 == broken.code && (line == broken.line || as_well(broken, line, hint))
    };
    let said: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}:{} {}", finding.span.map_or(0, |span| span.line), finding.code, finding.message))
        .collect();
    Some((told, said.join(" | ")))
}

/// The line with twice the depth.
fn wide(line: &str) -> String {
    let body = line.trim_start();
    let lead = " ".repeat(2 * (line.len() - body.len()));
    match body.strip_prefix("- ") {
        Some(item) => format!("{lead}-   {item}\n"),
        None => format!("{lead}{body}\n"),
    }
}

#[test]
fn nothing_right_is_called_a_mistake() {
    for (name, text) in correct() {
        let parsed = case::parse(text.as_bytes(), "x.yaml");
        assert_eq!(parsed.findings, [], "{name}");
        // Nor when its steps are four wide.
        let wide: String = text.lines().map(wide).collect();
        assert_eq!(case::parse(wide.as_bytes(), "x.yaml").findings, [], "{name}, wide");
    }
}

#[test]
fn usual_mistakes_are_told_as_what_they_are() {
    let every = std::env::var_os("HOSO_TEST_EVERY_MISTAKE").is_some();
    let show = std::env::var("HOSO_TEST_SHOW_MISTAKES").ok();
    let mut all = Vec::new();
    for (name, text) in correct() {
        let meant = meaning(&tree::parse(&text).unwrap().unwrap());
        all.extend(broken(&text).into_iter().map(|broken| (name.clone(), meant.clone(), broken)));
    }
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    all.retain(|(.., broken)| {
        let count = met.entry(broken.kind).or_default();
        *count += 1;
        every || (*count).is_multiple_of(STRIDE) || broken.kind == "closing quote"
    });
    let judged: Vec<_> = all.par_iter().map(|(_, meant, broken)| judged(broken, meant)).collect();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for ((name, _, broken), judged) in all.iter().zip(judged) {
        let Some((told, said)) = judged else { continue };
        let tally = tallies.entry(broken.kind).or_default();
        if told {
            tally.told += 1;
            continue;
        }
        tally.missed += 1;
        tally.silent += usize::from(said.is_empty());
        if show.as_deref().is_some_and(|kind| broken.kind.starts_with(kind)) {
            println!(
                "{}: {name}:{} {:?}\n    {said}",
                broken.kind,
                broken.line,
                broken.text.lines().nth(broken.line - 1)
            );
        }
    }
    for (kind, tally) in &tallies {
        println!("{kind:<24} {:6.1} % of {} ({} silent)", tally.rate(), tally.told + tally.missed, tally.silent);
    }
    for (start, least) in LEAST {
        let of_kind: Vec<_> = tallies.iter().filter(|(kind, _)| kind.starts_with(start)).collect();
        assert!(!of_kind.is_empty(), "{start}");
        for (kind, tally) in of_kind {
            assert!(tally.rate() >= least, "{kind}: {:.1} %, at least {least} % are due", tally.rate());
        }
    }
}

/// Of two mistakes on neighbouring lines, the least share in percent of which both are told and nothing else.
const LEAST_OF_PAIRS: f64 = 95.0;
/// The same for a single pair of kinds.
const LEAST_OF_A_PAIR: f64 = 80.0;

/// The ways in which two neighbouring lines are broken.
const KINDS: [&str; 7] =
    ["tab a step", "space after colon", "closing quote", "indent +1", "colon in value", "sign", "key misspelt"];

/// The line broken in one of these ways, and the code of that.
fn break_one(n: usize, line: &str, kind: &str) -> Option<(&'static str, String)> {
    if kind == "closing quote" {
        // Sentences have their quotes opened, where there are none to be left open.
        let (head, value) = line.split_once(": ")?;
        let sentence = value.starts_with(char::is_alphabetic) && value.contains(' ') && !value.contains(['#', '"']);
        return sentence.then(|| ("HS022", format!("{head}: \"{value}")));
    }
    break_line(n, line).into_iter().find(|(of, ..)| *of == kind).map(|(_, code, text)| (code, text))
}

/// A text of which several lines were broken: the kind of that, its name, the text, and each line with the code of its mistake.
type Several = (String, String, String, Vec<(&'static str, usize)>);

/// The lines a finding is about: its own, or a run of them.
fn lines_of(finding: &hoso::diagnostic::Diagnostic) -> std::ops::RangeInclusive<usize> {
    let own = finding.span.map_or(0, |span| span.line);
    let run = finding.message.strip_prefix("Từ dòng ").and_then(|rest| rest.split_once(" đến dòng "));
    let last = run.and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    own..=last.unwrap_or(own)
}

/// What is wrong with what is said of a text of which these lines were broken, each with the code of its mistake; nothing where all is well.
fn amiss(text: &str, wanted: &[(&str, usize)]) -> Option<String> {
    let findings = case::parse(text.as_bytes(), "x.yaml").findings;
    let covers = |finding: &hoso::diagnostic::Diagnostic, code: &str, line: usize| {
        finding.code.0 == code && lines_of(finding).contains(&line)
    };
    let all = wanted.iter().all(|(code, line)| findings.iter().any(|finding| covers(finding, code, *line)));
    let only = findings.iter().all(|finding| wanted.iter().any(|(code, line)| covers(finding, code, *line)));
    // Where two lines were moved, what is told may as well stand: moved as the hints say, the file is right.
    if wanted.iter().all(|(code, _)| *code == "HS023") && (1..=2).contains(&findings.len()) {
        let moved: Option<Vec<(usize, usize)>> = findings.iter().map(depth_told).collect();
        let line = |(at, text): (usize, &str)| match moved.iter().flatten().find(|(line, _)| *line == at + 1) {
            Some((_, depth)) => " ".repeat(*depth) + text.trim_start() + "\n",
            None => format!("{text}\n"),
        };
        let right: String = text.lines().enumerate().map(line).collect();
        if moved.is_some() && case::parse(right.as_bytes(), "x.yaml").findings.is_empty() {
            return None;
        }
    }
    let said = findings.iter().map(|f| format!("{:?} {} {}", lines_of(f), f.code, f.message));
    (!all || !only).then(|| said.collect::<Vec<_>>().join(" | "))
}

/// The line of a finding, and the depth at which it is to stand.
fn depth_told(finding: &hoso::diagnostic::Diagnostic) -> Option<(usize, usize)> {
    let (_, rest) = finding.hint.as_deref()?.split_once("Sửa đầu dòng thành ")?;
    Some((finding.span?.line, rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()?))
}

fn shown(kind: &str) -> bool {
    std::env::var("HOSO_TEST_SHOW_MISTAKES").is_ok_and(|show| kind.starts_with(&show))
}

/// Holds the rate of each kind of broken texts; each with its kind, its name, and what is to be told.
fn hold(all: &[Several], least: f64) -> f64 {
    let judged: Vec<_> = all.par_iter().map(|(_, _, text, wanted)| amiss(text, wanted)).collect();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for ((kind, name, text, wanted), amiss) in all.iter().zip(judged) {
        let tally = tallies.entry(kind).or_default();
        tally.told += usize::from(amiss.is_none());
        let Some(said) = amiss else { continue };
        tally.missed += 1;
        tally.silent += usize::from(said.is_empty());
        if shown(kind) {
            let lines: Vec<&str> = wanted.iter().filter_map(|(_, line)| text.lines().nth(line - 1)).take(4).collect();
            println!("{kind}: {name} {wanted:?}\n    {lines:?}\n    {said}");
        }
    }
    let mut sum = Tally::default();
    for (kind, tally) in &tallies {
        println!("{kind:<40} {:6.1} % of {} ({} silent)", tally.rate(), tally.told + tally.missed, tally.silent);
        sum.told += tally.told;
        sum.missed += tally.missed;
    }
    // Of a few, one would already be too many.
    for (kind, tally) in tallies.iter().filter(|(_, tally)| tally.told + tally.missed >= 20) {
        assert!(tally.rate() >= least, "{kind}: {:.1} %, at least {least} % are due", tally.rate());
    }
    sum.rate()
}

#[test]
fn mistakes_on_neighbouring_lines_are_both_told() {
    let every = std::env::var_os("HOSO_TEST_EVERY_MISTAKE").is_some();
    let files = correct();
    let mut all = Vec::new();
    for first in KINDS {
        for second in KINDS {
            let mut met = 0;
            for (name, text) in &files {
                let meant = meaning(&tree::parse(text).unwrap().unwrap());
                let lines: Vec<&str> = text.lines().collect();
                for at in 0..lines.len() - 1 {
                    let one = break_one(at + 1, lines[at], first);
                    let other = break_one(at + 2, lines[at + 1], second);
                    let (Some((code, above)), Some((code_below, below))) = (one, other) else { continue };
                    met += 1;
                    if !every && met % 89 != 1 {
                        continue;
                    }
                    let mut changed = lines.clone();
                    (changed[at], changed[at + 1]) = (&above, &below);
                    let changed = changed.join("\n") + "\n";
                    // A block that was moved as a whole still says the same.
                    let parsed = case::parse(changed.as_bytes(), "x.yaml").findings;
                    if parsed.is_empty()
                        && tree::parse(&changed).is_ok_and(|now| now.is_some_and(|now| meaning(&now) == meant))
                    {
                        continue;
                    }
                    let wanted = vec![(code, at + 1), (code_below, at + 2)];
                    all.push((format!("{first}, {second}"), name.clone(), changed, wanted));
                }
            }
        }
    }
    assert!(all.len() > 200, "{}", all.len());
    let rate = hold(&all, LEAST_OF_A_PAIR);
    println!("{rate:.1} % of {}", all.len());
    assert!(rate >= LEAST_OF_PAIRS, "{rate:.1} %");
}

/// The line with a tab for each two spaces at its beginning.
fn tabbed(line: &str) -> String {
    let body = line.trim_start_matches(' ');
    let lead = line.len() - body.len();
    "\t".repeat(lead / 2) + &" ".repeat(lead % 2) + body
}

/// `text` with tabs on these lines, and what is to be told of it.
fn with_tabs(text: &str, concerned: impl Fn(usize) -> bool) -> (String, Vec<(&'static str, usize)>) {
    let mut wanted = Vec::new();
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        let now = if concerned(index + 1) { tabbed(line) } else { line.to_owned() };
        if now != line && !now.trim().is_empty() && !now.trim_start().starts_with('#') {
            wanted.push(("HS020", index + 1));
        }
        out += &(now + "\n");
    }
    (out, wanted)
}

#[test]
fn every_line_with_tabs_is_told() {
    let mut all = Vec::new();
    for (name, text) in correct() {
        let (changed, wanted) = with_tabs(&text, |_| true);
        all.push(("every line".to_owned(), name.clone(), changed, wanted));
        // Steps of four columns, as another editor makes them.
        let wide: String = text.lines().map(wide).collect();
        let four: String = wide.lines().map(|line| tabbed(&tabbed(line).replace('\t', " ")) + "\n").collect();
        let wanted = with_tabs(&text, |_| true).1;
        all.push(("every line, wide".to_owned(), name.clone(), four, wanted));
        let tops: Vec<usize> = (1..=text.lines().count())
            .filter(|n| text.lines().nth(n - 1).is_some_and(|line| line.starts_with(|c: char| c.is_ascii_lowercase())))
            .collect();
        for (index, top) in tops.iter().enumerate() {
            let end = tops.get(index + 1).copied().unwrap_or(usize::MAX);
            let (changed, wanted) = with_tabs(&text, |n| *top < n && n < end);
            if !wanted.is_empty() {
                all.push(("one block".to_owned(), name.clone(), changed, wanted));
            }
        }
    }
    hold(&all, 95.0);
}

#[test]
fn a_colon_missing_in_the_first_line_of_a_block_is_told() {
    let mut all = Vec::new();
    for (name, text) in correct() {
        let lines: Vec<&str> = text.lines().collect();
        for at in 1..lines.len() {
            let opens = lines[at - 1].split('#').next().is_some_and(|line| line.trim_end().ends_with(':'));
            let Some((key, value)) = lines[at].split_once(": ").filter(|_| opens) else { continue };
            let item = key.trim_start();
            if !is_key(item.strip_prefix("- ").unwrap_or(item)) || value.trim_start().starts_with(['#', '|']) {
                continue;
            }
            for (kind, sign) in [("colon missing", " "), ("equals sign", " = "), ("equals sign glued", "=")] {
                let broken = format!("{key}{sign}{}", value.trim_start());
                let mut changed = lines.clone();
                changed[at] = &broken;
                let wanted = vec![("HS027", at + 1)];
                all.push((kind.to_owned(), name.clone(), changed.join("\n") + "\n", wanted));
            }
        }
    }
    assert!(all.len() > 300, "{}", all.len());
    hold(&all, 95.0);
}
