//! Filled markup → document → pages → PDF: a fault is told, never a panic; pages that were laid out pass the check of the tagged
//! tree and become a PDF.

#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use hoso::font::FontSet;
use hoso::layout::{self, Style};
use hoso::{document, pdf};
use libfuzzer_sys::fuzz_target;

static FONTS: LazyLock<FontSet> = LazyLock::new(FontSet::builtin);
static STYLE: LazyLock<Style> = LazyLock::new(Style::builtin);

fuzz_target!(|markup: &str| {
    let Ok(document) = document::parse(markup) else { return };
    let Ok(layout) = layout::lay_out(&document, &STYLE, &FONTS) else { return };
    let created: DateTime<FixedOffset> = "2026-11-20T08:00:00+07:00".parse().expect("a time");
    let metadata = pdf::Metadata::of(&document, created);
    let first = pdf::export(&layout, &FONTS, &metadata);
    let second = pdf::export(&layout, &FONTS, &metadata);
    assert_eq!(first.as_ref().ok(), second.as_ref().ok(), "the same pages, other bytes");
});
