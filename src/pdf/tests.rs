use std::path::{Path, PathBuf};

use super::*;
use crate::layout::StructureFault;

fn samples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markup");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

fn created() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-05T09:00:00+07:00").unwrap()
}

fn draw(markup: &str) -> Rendered {
    let metadata = Metadata::of(&document::parse(markup).unwrap(), created());
    render(markup, &Style::builtin(), &FontSet::builtin(), &metadata).unwrap()
}

/// Leaves the PDFs in the target folder, for the programs that judge them.
#[test]
fn all_samples_become_pdf() {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/typeset");
    std::fs::create_dir_all(&out).unwrap();
    let samples = samples();
    assert!(samples.len() >= 5);
    for (name, markup) in samples {
        let rendered = draw(&markup);
        assert!(rendered.bytes.starts_with(b"%PDF-1.7"), "{name}");
        std::fs::write(out.join(format!("{name}.pdf")), &rendered.bytes).unwrap();
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_thread() {
    use rayon::prelude::*;
    let samples = samples();
    let (style, fonts) = (Style::builtin(), FontSet::builtin());
    let draw = |markup: &String| {
        let metadata = Metadata::of(&document::parse(markup).unwrap(), created());
        render(markup, &style, &fonts, &metadata).unwrap().bytes
    };
    let alone: Vec<Vec<u8>> = samples.iter().map(|(_, markup)| draw(markup)).collect();
    let many: Vec<usize> = (0..4 * samples.len()).rev().collect();
    let same: Vec<bool> =
        many.par_iter().map(|index| draw(&samples[index % samples.len()].1) == alone[index % samples.len()]).collect();
    assert!(same.iter().all(|same| *same));
}

#[test]
fn another_text_gets_another_identifier() {
    let id = |words: &str| {
        let bytes = draw(&format!("<van-ban title='t'><p>{words}</p></van-ban>")).bytes;
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        format!("{:?}", file.trailer.get(b"ID").unwrap())
    };
    assert_eq!(id("một"), id("một"));
    assert_ne!(id("một"), id("tộm"));
}

#[test]
fn what_would_be_invalid_is_refused() {
    let (style, fonts) = (Style::builtin(), FontSet::builtin());
    let document = document::parse("<van-ban title='t'><p>chữ</p></van-ban>").unwrap();
    let layout = layout::lay_out(&document, &style, &fonts).unwrap();
    let metadata = Metadata::of(&document, created());
    let untitled = Metadata { title: " ".to_owned(), ..metadata.clone() };
    assert!(matches!(export(&layout, &fonts, &untitled), Err(Error::NoTitle)));
    let mut untagged = layout.clone();
    untagged.pages[0].lines[0].owner = layout::Owner::Element(layout::ElementId(99));
    assert!(
        matches!(export(&untagged, &fonts, &metadata), Err(Error::Structure(StructureFault::Untagged { text })) if text == "chữ")
    );
    let mut rootless = layout.clone();
    rootless.pages[0].lines[0].owner = layout::Owner::Element(layout::ElementId(0));
    assert!(matches!(export(&rootless, &fonts, &metadata), Err(Error::Structure(_))));
    assert!(matches!(export(&layout, &FontSet::broken(), &metadata), Err(Error::Font(font::Error::Subset { .. }))));
    let mut strange = layout.clone();
    std::sync::Arc::make_mut(&mut strange.pages[0].lines[0].runs)[0].text = "王".to_owned();
    assert!(matches!(export(&strange, &fonts, &metadata), Err(Error::NoGlyph { letter: '王', .. })));
    let mut empty = layout;
    empty.pages.clear();
    assert!(matches!(export(&empty, &fonts, &metadata), Err(Error::NoPages)));
}

#[test]
fn a_tree_that_cannot_be_read_aloud_is_refused() {
    use crate::layout::{Layout, Role};
    let (style, fonts) = (Style::builtin(), FontSet::builtin());
    let markup = "<van-ban title='t'><h>một</h><ul><li>hai</li></ul><table widths='1 1'><thead><tr><th>ba</th><th>bốn</th></tr></thead><tbody><tr><td>năm</td><td>sáu</td></tr></tbody></table></van-ban>";
    let document = document::parse(markup).unwrap();
    let layout = layout::lay_out(&document, &style, &fonts).unwrap();
    let metadata = Metadata::of(&document, created());
    assert!(export(&layout, &fonts, &metadata).is_ok());
    let refused = |change: &dyn Fn(&mut Layout)| {
        let mut changed = layout.clone();
        change(&mut changed);
        let alone = export(&changed, &fonts, &metadata);
        // A merged file is checked letter by letter.
        let letters = [Letter { layout: &layout, title: "a" }, Letter { layout: &changed, title: "b" }];
        let merged = merge(&letters, &fonts, &metadata);
        match (alone, merged) {
            (Err(Error::Structure(one)), Err(Error::Structure(other))) if one == other => one,
            both => panic!("{both:?}"),
        }
    };
    let role = |from: Role, to: Role| {
        refused(&|layout| layout.elements.iter_mut().find(|element| element.role == from).unwrap().role = to)
    };
    assert_eq!(role(Role::Heading(1), Role::Heading(2)), StructureFault::SkippedHeading { from: 0, to: 2 });
    assert_eq!(role(Role::Cell(1), Role::Cell(2)), StructureFault::UnevenRows { expected: 2, found: 3 });
    assert_eq!(role(Role::HeadCell(1), Role::HeadCell(2)), StructureFault::UnevenRows { expected: 3, found: 2 });
    assert!(matches!(role(Role::Label, Role::Paragraph), StructureFault::Misplaced { .. }));
    let unlabelled = refused(&|layout| {
        let label = layout.elements.iter().position(|element| element.role == Role::Label).unwrap();
        let owner = layout::Owner::Element(layout::ElementId(label));
        layout.pages[0].lines.retain(|line| line.owner != owner);
    });
    assert_eq!(unlabelled, StructureFault::NoLabel);
    assert_eq!(refused(&|layout| layout.language.clear()), StructureFault::NoLanguage);
}

#[test]
fn data_cannot_break_the_metadata() {
    let markup = "<van-ban title='A &amp; B &lt;rdf:li&gt; (x) \\ )' author='Ứng'><p>chữ</p></van-ban>";
    let file = lopdf::Document::load_mem(&draw(markup).bytes).unwrap();
    let catalog = file.catalog().unwrap();
    let metadata = file.get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap()).unwrap();
    let xmp = String::from_utf8(metadata.as_stream().unwrap().content.clone()).unwrap();
    assert!(xmp.contains("A &amp; B &lt;rdf:li&gt; (x) \\ )"));
    assert!(roxmltree::Document::parse(xmp.trim_start_matches('\u{feff}')).is_ok());
}

/// The page as the library's own writer puts it, with fonts that lead to the same glyphs.
fn by_library(layout: &Layout, fonts: &FontSet) -> Vec<Vec<lopdf::content::Operation>> {
    let programs = program::gather([layout].into_iter(), fonts).unwrap();
    let mut source = printpdf::PdfDocument::new("");
    source.pages = content::write(layout, &programs).unwrap().0;
    let figures = layout.pages.iter().flat_map(|page| &page.figures).flat_map(|figure| &figure.lines);
    let figures: String = figures.flat_map(|line| line.runs.iter()).map(|run| run.text.as_str()).collect();
    let words = layout.page_texts().concat() + &figures;
    let shown: Vec<char> = words.chars().chain("DỰ THẢO…0123456789".chars()).collect();
    for program in programs.iter() {
        let codes =
            shown.iter().map(|letter| (u32::from(*letter), program.code(*letter))).filter(|(_, code)| *code > 0);
        let font = printpdf::ParsedFont {
            original_bytes: vec![0, 1, 0, 0],
            font_index: 0,
            font_name: Some("Test".to_owned()),
            codepoint_to_glyph: codes.clone().collect(),
            glyph_widths: codes.map(|(_, code)| (code, 500)).collect(),
            units_per_em: 1000,
            font_metrics: printpdf::FontMetrics { ascent: 800, descent: -200 },
            font_type: printpdf::FontType::TrueType,
            pdf_font_metrics: printpdf::PdfFontMetricsStub::default(),
        };
        source.resources.fonts.map.insert(program.id(), printpdf::PdfFont::new(font));
    }
    operations(&source.to_lopdf_document(&printpdf::PdfSaveOptions::default(), &mut Vec::new()))
}

fn operations(file: &lopdf::Document) -> Vec<Vec<lopdf::content::Operation>> {
    let pages = file.get_pages().into_values();
    pages.map(|page| file.get_and_decode_page_content(page).unwrap().operations).collect()
}

/// An operation with its numbers rounded to what we write and its strings as bytes.
fn plain(operation: &lopdf::content::Operation) -> String {
    fn operand(value: &lopdf::Object) -> String {
        match value {
            lopdf::Object::Integer(value) => format!("{value:.2}.00"),
            lopdf::Object::Real(value) => format!("{value:.2}").replace("-0.00", "0.00"),
            lopdf::Object::String(bytes, _) => format!("{bytes:02x?}"),
            lopdf::Object::Array(values) => values.iter().map(operand).collect::<Vec<_>>().join(" "),
            other => format!("{other:?}"),
        }
    }
    format!("{} {}", operation.operator, operation.operands.iter().map(operand).collect::<Vec<_>>().join(" "))
}

#[test]
fn page_content_is_that_of_the_library() {
    let (style, fonts) = (Style::builtin(), FontSet::builtin());
    for (name, markup) in samples() {
        let layout = layout::lay_out(&document::parse(&markup).unwrap(), &style, &fonts).unwrap();
        let ours = operations(&lopdf::Document::load_mem(&draw(&markup).bytes).unwrap());
        let theirs = by_library(&layout, &fonts);
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.iter().flatten().zip(theirs.iter().flatten()) {
            assert_eq!(plain(ours), plain(theirs), "{name}");
        }
        assert_eq!(ours.concat().len(), theirs.concat().len(), "{name}");
    }
}

#[test]
fn a_merged_file_holds_every_letter_with_its_bookmark() {
    let (style, fonts) = (Style::builtin(), FontSet::builtin());
    let layouts: Vec<(String, Layout)> = samples()
        .iter()
        .map(|(name, markup)| {
            (name.clone(), layout::lay_out(&document::parse(markup).unwrap(), &style, &fonts).unwrap())
        })
        .collect();
    let letters: Vec<Letter<'_>> = layouts.iter().map(|(title, layout)| Letter { layout, title }).collect();
    let metadata = Metadata {
        title: "Tập thử".to_owned(),
        author: String::new(),
        subject: String::new(),
        created: created(),
        producer: PRODUCER.to_owned(),
    };
    let bytes = merge(&letters, &fonts, &metadata).unwrap();
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/typeset");
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(out.join("tap.pdf"), &bytes).unwrap();
    let file = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: usize = letters.iter().map(|letter| letter.layout.pages.len()).sum();
    assert_eq!(file.get_pages().len(), pages);
    let outline = file.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    assert_eq!(file.get_dictionary(outline).unwrap().get(b"Count").unwrap().as_i64().unwrap(), letters.len() as i64);
}

/// A figure says in words what it shows, and where it stands (ISO 14289-1, 7.3; ISO 32000-1, Table 344).
#[test]
fn a_chart_is_a_figure_with_words() {
    let markup = &samples().into_iter().find(|(name, _)| name == "charts").unwrap().1;
    let file = lopdf::Document::load_mem(&draw(markup).bytes).unwrap();
    let figures: Vec<&lopdf::Dictionary> = file
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| dictionary.get(b"S").and_then(|s| s.as_name()).ok() == Some(b"Figure"))
        .collect();
    assert_eq!(figures.len(), 2);
    for figure in figures {
        let bytes = figure.get(b"Alt").unwrap().as_str().unwrap();
        let units: Vec<u16> = bytes[2..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        let alt = String::from_utf16(&units).unwrap();
        assert!(markup.contains(&format!("alt=\"{alt}\"")), "{alt}");
        let place = figure.get(b"A").unwrap().as_dict().unwrap().get(b"BBox").unwrap().as_array().unwrap();
        let edges: Vec<f32> = place.iter().map(|edge| edge.as_float().unwrap()).collect();
        // Within the margins of the page: 30 mm on the left, 20 mm elsewhere.
        assert!(edges[0] >= 85.0 && edges[2] <= 539.0 && edges[1] >= 56.0 && edges[3] <= 786.0, "{edges:?}");
        assert!(edges[2] - edges[0] > 400.0 && (145.0..185.0).contains(&(edges[3] - edges[1])), "{edges:?}");
        assert!(figure.get(b"K").unwrap().as_i64().is_ok(), "one piece of content");
    }
}
