//! The page of each code: what it means, a mistake, the right form, what to do. The pages are those of `docs/ma-loi/`.

use std::sync::LazyLock;

use serde::Serialize;

/// The pages as they stand in the documentation, one text a range of codes.
const TEXTS: [&str; 7] = [
    include_str!("../../docs/ma-loi/hs0.md"),
    include_str!("../../docs/ma-loi/hs1.md"),
    include_str!("../../docs/ma-loi/hs2.md"),
    include_str!("../../docs/ma-loi/hs3.md"),
    include_str!("../../docs/ma-loi/hs4.md"),
    include_str!("../../docs/ma-loi/hs5.md"),
    include_str!("../../docs/ma-loi/hs6.md"),
];

/// What is to be known of one code. Texts are Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The code, e.g. `HS012`.
    pub code: &'static str,
    /// What it is about, one line.
    pub title: &'static str,
    /// The range it belongs to.
    pub group: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// An example of the mistake.
    pub wrong: &'static str,
    /// The right form.
    pub right: &'static str,
    /// What to do.
    pub todo: &'static str,
}

/// Every page, in the order of the codes.
#[must_use]
pub fn pages() -> &'static [Page] {
    static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| TEXTS.into_iter().flat_map(read).collect());
    &PAGES
}

/// The page of a code as people type it: `HS012`, `hs12`, `12`.
#[must_use]
pub fn find(typed: &str) -> Option<&'static Page> {
    let number = digits(typed)?.parse::<u32>().ok()?;
    let code = format!("HS{number:03}");
    pages().iter().find(|page| page.code == code)
}

/// Codes somebody may have meant by a code that does not exist: the nearest by spelling, then by number.
#[must_use]
pub fn near(typed: &str) -> Vec<&'static str> {
    let Some(number) = digits(typed).and_then(|digits| digits.parse::<u32>().ok()) else { return Vec::new() };
    let written = format!("HS{number:03}");
    let mut rows: Vec<(usize, u32, &str)> = pages()
        .iter()
        .map(|page| {
            let own: u32 = page.code.trim_start_matches("HS").parse().unwrap_or_default();
            (strsim::damerau_levenshtein(page.code, &written), own.abs_diff(number), page.code)
        })
        .filter(|(distance, ..)| *distance == 1)
        .collect();
    rows.sort_unstable();
    rows.into_iter().take(3).map(|(.., code)| code).collect()
}

fn digits(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    let rest = typed.get(..2).filter(|start| start.eq_ignore_ascii_case("hs")).map_or(typed, |_| &typed[2..]);
    let rest = rest.trim_start_matches([' ', '-', '_']);
    (!rest.is_empty() && rest.len() <= 6 && rest.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

fn read(text: &'static str) -> Vec<Page> {
    let mut parts = text.split("\n### ");
    let group = parts.next().unwrap_or_default().lines().next().unwrap_or_default();
    let group = group.split_once(": ").map_or(group, |(_, name)| name);
    parts.map(|part| page(part, group)).collect()
}

fn page(text: &'static str, group: &'static str) -> Page {
    let (code, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (title, rest) = rest.trim().split_once('\n').unwrap_or((rest.trim(), ""));
    let (meaning, rest) = rest.split_once("\nSai:").unwrap_or((rest, ""));
    let (wrong, rest) = rest.split_once("\nĐúng:").unwrap_or((rest, ""));
    let (right, todo) = rest.split_once("\nCần làm:").unwrap_or((rest, ""));
    Page {
        code: code.trim(),
        title: title.trim_matches('*'),
        group,
        meaning: meaning.trim(),
        wrong: wrong.trim(),
        right: right.trim(),
        todo: todo.trim(),
    }
}

/// The page for a terminal, at most `width` columns where words allow.
#[must_use]
pub fn plain(page: &Page, width: usize) -> String {
    let mut out = format!("{}  {}\n({})\n", page.code, page.title.replace('`', ""), page.group);
    for (heading, text) in
        [("Nghĩa là", page.meaning), ("Sai", page.wrong), ("Đúng", page.right), ("Cần làm", page.todo)]
    {
        out.push_str(&format!("\n{heading}:\n"));
        let mut code = false;
        let mut paragraph = String::new();
        for line in text.lines().chain([""]) {
            let fence = line.starts_with("```");
            if code && !fence {
                out.push_str(format!("    {line}").trim_end());
                out.push('\n');
            } else if fence || line.is_empty() {
                wrap(&upper_first(paragraph.trim()), width, &mut out);
                paragraph.clear();
                code ^= fence;
            } else {
                paragraph.push(' ');
                paragraph.push_str(&line.replace('`', ""));
            }
        }
    }
    out
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn wrap(text: &str, width: usize, out: &mut String) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        out.push_str(if column == 0 { "  " } else { " " });
        out.push_str(word);
        column += if column == 0 { 2 } else { 1 } + length;
    }
    if column > 0 {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::calendar::{Calendar, Swaps};
    use crate::case::{Parsed, examine, parse};
    use crate::diagnostic::Diagnostic;
    use crate::settings::Settings;

    /// Every code declared beside this module.
    fn declared() -> Vec<&'static str> {
        let source = include_str!("code.rs");
        let codes = source.split("Code(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        codes.collect()
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let codes: BTreeSet<&str> = declared().into_iter().collect();
        assert_eq!(codes.len(), declared().len(), "a code stands for one thing");
        let titled: Vec<&str> = pages().iter().map(|page| page.code).collect();
        let known: BTreeSet<&str> = titled.iter().copied().collect();
        assert_eq!(known.len(), titled.len(), "one page a code");
        let missing: Vec<_> = codes.difference(&known).collect();
        assert!(missing.is_empty(), "no page in docs/ma-loi/hs<range>.md for {missing:?}");
        let idle: Vec<_> = known.difference(&codes).collect();
        assert!(idle.is_empty(), "no code in src/diagnostic/code.rs for the pages {idle:?}");
        assert!(titled.is_sorted(), "pages stand in the order of their codes");
        for page in pages() {
            for part in [page.title, page.meaning, page.wrong, page.right, page.todo] {
                assert!(!part.is_empty(), "{} lacks a part: title, Sai, Đúng, Cần làm", page.code);
            }
            assert!(page.meaning.ends_with('.') && page.todo.ends_with('.'), "{}", page.code);
        }
    }

    #[test]
    fn the_index_lists_every_page() {
        let index = include_str!("../../docs/ma-loi.md");
        for page in pages() {
            let range = page.code.as_bytes()[2] as char;
            let anchor = page.code.to_lowercase();
            let row = format!("| [{}](ma-loi/hs{range}.md#{anchor}) | {} |", page.code, page.title);
            assert!(index.lines().any(|line| line == row), "docs/ma-loi.md lacks the row\n{row}");
        }
        assert_eq!(index.matches("| [HS").count(), pages().len(), "a row too many");
    }

    fn findings(text: &str) -> Vec<Diagnostic> {
        let text = if text.contains("ma_ho_so:") { text.to_owned() } else { format!("ma_ho_so: KN-2026-0042\n{text}") };
        let Parsed { case, findings, places, .. } = parse(text.as_bytes(), "KN-2026-0042.yaml");
        let Some(case) = case else { return findings };
        let settings = Settings::parse(include_str!("../../examples/hoso.yaml"), "hoso.yaml").unwrap();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let assessment = crate::procedure::assess(&case, &Calendar::builtin(Swaps::Follow), &settings, today);
        examine(&case, &crate::case::Gaps::default(), &places, today, &settings, &assessment)
    }

    fn yaml(part: &str) -> Option<&str> {
        part.strip_prefix("```yaml\n")?.strip_suffix("```")
    }

    #[test]
    fn examples_of_case_files_show_just_their_mistake_and_none() {
        let mut shown = 0;
        for page in pages().iter().filter(|page| page.code < "HS200") {
            if let Some(wrong) = yaml(page.wrong) {
                // An empty file cannot be shown with a code in it.
                let found =
                    if page.code == "HS005" { parse(wrong.as_bytes(), "x.yaml").findings } else { findings(wrong) };
                assert!(found.iter().any(|f| f.code.0 == page.code), "{}: {found:#?}", page.code);
                assert!(found.iter().all(|f| f.code.0 == page.code), "{}: {found:#?}", page.code);
                shown += 1;
            }
            if let Some(right) = yaml(page.right) {
                assert_eq!(findings(right), [], "{}", page.code);
            }
        }
        assert!(shown >= 25, "{shown} examples");
    }

    #[test]
    fn codes_are_found_as_people_type_them() {
        for typed in ["HS012", "hs012", "Hs12", " 12 ", "hs-012", "HS 012"] {
            assert_eq!(find(typed).map(|page| page.code), Some("HS012"), "{typed}");
        }
        for typed in ["", "HS", "HS999", "lỗi", "HS0120", "đ12", "HS01a", "99999999999"] {
            assert_eq!(find(typed), None, "{typed}");
        }
        assert_eq!(near("HS119"), ["HS118", "HS117", "HS116"]);
        assert!(near("HS912").contains(&"HS412"));
        assert!(near("gì đó").is_empty());
    }

    #[test]
    fn a_page_reads_well_in_a_terminal() {
        let text = plain(find("HS012").unwrap(), 60);
        assert_eq!(
            text,
            "HS012  Ghi null hoặc ~\n(tệp hồ sơ và cách ghi)\n\n\
             Nghĩa là:\n  Đó là cách máy tính ghi “không có gì”. Trong tệp hồ sơ,\n  điều chưa biết thì để trống.\n\n\
             Sai:\n    tiep_nhan:\n      so_den: null\n\n\
             Đúng:\n    tiep_nhan:\n      so_den:\n\n\
             Cần làm:\n  Xóa chữ ấy và để trống sau dấu hai chấm, hoặc xóa cả dòng.\n"
        );
    }
}
