//! What Decree 30/2020/NĐ-CP, App. I asks of a style; a setting outside it is the issuer's own choice, and said.

use super::style::{SINGLE_SPACING, Style, TextStyle};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::document::Align;
use crate::yaml::tree::{self, Node};

/// Name of a style, least and greatest size in points, bold, italic, capitals (App. I, part II and the table of part V).
type Component = (&'static str, f64, f64, bool, bool, bool);

const COMPONENTS: [Component; 22] = [
    ("nation", 12.0, 13.0, true, false, true),
    ("motto", 13.0, 14.0, true, false, false),
    ("parent-body", 12.0, 13.0, false, false, true),
    ("issuing-body", 12.0, 13.0, true, false, true),
    ("number", 13.0, 13.0, false, false, false),
    ("place-date", 13.0, 14.0, false, true, false),
    ("kind", 13.0, 14.0, true, false, true),
    ("subject", 13.0, 14.0, true, false, false),
    ("letter-subject", 12.0, 13.0, false, false, false),
    ("basis", 13.0, 14.0, false, true, false),
    ("body", 13.0, 14.0, false, false, false),
    ("addressee", 13.0, 14.0, false, false, false),
    ("addressees", 13.0, 14.0, false, false, false),
    ("office", 13.0, 14.0, true, false, true),
    ("signer-name", 13.0, 14.0, true, false, false),
    ("recipients-label", 12.0, 12.0, true, true, false),
    ("recipients-entry", 11.0, 11.0, false, false, false),
    ("foot", 11.0, 12.0, false, false, false),
    ("page-number", 13.0, 14.0, false, false, false),
    ("appendix-title", 13.0, 14.0, true, false, true),
    ("appendix-note", 13.0, 14.0, false, true, false),
    ("urgency", 13.0, 14.0, true, false, true),
];

/// Components the decree wants in the middle of their column or page.
const CENTRED: [&str; 9] =
    ["nation", "motto", "parent-body", "issuing-body", "number", "place-date", "kind", "subject", "letter-subject"];

/// Numbers are settings typed by hand; this is finer than any of them.
const TOLERANCE: f64 = 1e-6;

/// Gathers departures with their place in the style file.
struct Judge<'a> {
    yaml: &'a str,
    tree: Option<Node>,
    found: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn place(&self, path: &[&str]) -> Option<Span> {
        let root = self.tree.as_ref()?;
        let mut node = root;
        for key in path {
            // A setting that is left out is told at the block it belongs to.
            let Some(below) = node.get(key) else { return Some(Span { length: 0, ..node.span }) };
            node = below;
        }
        Some(node.span)
    }

    fn tell(&mut self, path: &[&str], message: String) {
        let mut finding = Diagnostic::warning(code::STYLE_RANGE, message).in_file("forms/kieu.yaml");
        if let Some(span) = self.place(path) {
            finding = finding.at(span, self.yaml);
        }
        self.found.push(finding.hint("Theo Phụ lục I Nghị định 30/2020/NĐ-CP; nếu cố ý chọn khác thì để nguyên."));
    }

    fn within(&mut self, path: &[&str], what: &str, value: f64, least: f64, greatest: f64, unit: &str) {
        if value < least - TOLERANCE || value > greatest + TOLERANCE {
            let range = if least < greatest {
                format!("từ {least} đến {greatest} {unit}")
            } else {
                format!("{least} {unit}")
            };
            self.tell(path, format!("{what} là {value} {unit}; Nghị định 30/2020/NĐ-CP: {range}."));
        }
    }

    fn looks(&mut self, name: &str, key: &str, is: bool, wanted: bool, word: &str) {
        if is != wanted {
            let not = if wanted { "" } else { "không " };
            self.tell(&["kieu", name, key], format!("“{name}”: Nghị định 30/2020/NĐ-CP quy định chữ {not}{word}."));
        }
    }

    fn component(&mut self, component: Component, text: &TextStyle) {
        let (name, least, greatest, bold, italic, upper) = component;
        self.within(&["kieu", name, "co"], &format!("Cỡ chữ của “{name}”"), text.size, least, greatest, "pt");
        self.looks(name, "dam", text.bold, bold, "đậm");
        self.looks(name, "nghieng", text.italic, italic, "nghiêng");
        self.looks(name, "hoa", text.upper, upper, "in hoa");
        if CENTRED.contains(&name) && text.align != Align::Center {
            self.tell(&["kieu", name, "can"], format!("“{name}”: Nghị định 30/2020/NĐ-CP quy định canh giữa."));
        }
    }

    fn body(&mut self, body: &TextStyle) {
        self.within(&["kieu", "body", "thut"], "Thụt đầu dòng của “body”", body.indent, 10.0, 12.7, "mm");
        self.within(&["kieu", "body", "duoi"], "Khoảng cách giữa các đoạn", body.after, 6.0, f64::INFINITY, "pt");
        let single = SINGLE_SPACING * body.size;
        let (least, greatest) = (single, 1.5 * single);
        let round = |value: f64| (value * 100.0).round() / 100.0;
        if body.leading < least - TOLERANCE || body.leading > greatest + TOLERANCE {
            self.tell(
                &["kieu", "body", "dong"],
                format!(
                    "Cách dòng của “body” là {} pt; Nghị định 30/2020/NĐ-CP: từ dòng đơn đến 1,5 dòng, với cỡ chữ {} là từ {} đến {} pt.",
                    body.leading,
                    body.size,
                    round(least),
                    round(greatest)
                ),
            );
        }
        if body.align != Align::Justify {
            self.tell(
                &["kieu", "body", "can"],
                "“body”: Nghị định 30/2020/NĐ-CP quy định canh đều cả hai lề.".to_owned(),
            );
        }
    }
}

impl Style {
    /// Settings outside what the decree asks for, as warnings; `yaml` is the file the style was read from.
    #[must_use]
    pub fn departures(&self, yaml: &str) -> Vec<Diagnostic> {
        let mut judge = Judge { yaml, tree: tree::parse(yaml).ok().flatten(), found: Vec::new() };
        let page = &self.page;
        judge.within(&["trang", "rong"], "Bề rộng trang", page.width, 210.0, 210.0, "mm");
        judge.within(&["trang", "cao"], "Chiều cao trang", page.height, 297.0, 297.0, "mm");
        for (key, what, value, least, greatest) in [
            ("tren", "Lề trên", page.margins.top, 20.0, 25.0),
            ("duoi", "Lề dưới", page.margins.bottom, 20.0, 25.0),
            ("trai", "Lề trái", page.margins.left, 30.0, 35.0),
            ("phai", "Lề phải", page.margins.right, 15.0, 20.0),
        ] {
            judge.within(&["trang", "le", key], what, value, least, greatest, "mm");
        }
        for component in COMPONENTS {
            judge.component(component, self.text(component.0));
        }
        judge.body(self.text("body"));
        judge.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_style_departs_nowhere() {
        assert_eq!(Style::builtin().departures(Style::builtin_text()), []);
    }

    #[test]
    fn a_setting_outside_the_range_is_told_with_its_line() {
        let builtin = Style::builtin_text();
        for (from, to, marked, said) in [
            ("trai: 30,", "trai: 25,", "25", "Lề trái là 25 mm; Nghị định 30/2020/NĐ-CP: từ 30 đến 35 mm."),
            (
                "body:             { co: 13",
                "body:             { co: 12",
                "12",
                "Cỡ chữ của “body” là 12 pt; Nghị định 30/2020/NĐ-CP: từ 13 đến 14 pt.",
            ),
            ("dong: 17, duoi: 6, can: justify", "dong: 24, duoi: 6, can: justify", "24", "từ 14.95 đến 22.4"),
            ("co: 13, dong: 17, can: center, nghieng: true", "co: 13, dong: 17, can: center", "", "chữ nghiêng"),
            (
                "number:           { co: 13, dong: 17, can: center",
                "number:           { co: 13, dong: 17, can: left",
                "left",
                "canh giữa",
            ),
            ("rong: 210", "rong: 216", "216", "Bề rộng trang là 216 mm; Nghị định 30/2020/NĐ-CP: 210 mm."),
        ] {
            assert!(builtin.contains(from), "{from}");
            let yaml = builtin.replacen(from, to, 1);
            let found = Style::parse(&yaml).unwrap().departures(&yaml);
            assert_eq!(found.len(), 1, "{to}: {found:#?}");
            assert!(found[0].message.contains(said) && !found[0].is_error(), "{found:#?}");
            let (span, line) = (found[0].span.unwrap(), found[0].excerpt.as_deref().unwrap());
            let shown: String = line.chars().skip(span.column - 1).take(span.length).collect();
            assert_eq!(shown, marked, "{found:#?}");
        }
    }
}
