use std::path::{Path, PathBuf};

use super::*;

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
