//! Bytes of a case file → encoding → YAML → checks → meaning → notes: never a panic, and a file that is refused says why.

#![no_main]

use std::sync::LazyLock;

use chrono::NaiveDate;
use hoso::calendar::{Calendar, Swaps};
use hoso::case::parse::Rest;
use hoso::case::{Gaps, meaning, parse};
use hoso::diagnostic::{Diagnostic, draw, note};
use hoso::procedure;
use hoso::settings::{Settings, TEMPLATE};
use libfuzzer_sys::fuzz_target;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::builtin(Swaps::Follow));
static SETTINGS: LazyLock<Settings> =
    LazyLock::new(|| Settings::parse(TEMPLATE, "hoso.yaml").expect("the template is right"));

fuzz_target!(|bytes: &[u8]| {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let parsed = parse::parse(bytes, "KN-2026-0001.yaml");
    let mut findings = parsed.findings;
    assert!(parsed.case.is_some() || findings.iter().any(Diagnostic::is_error), "refused without a reason");
    let rest = parsed.case.map(|case| Rest { case, gaps: Gaps::default() }).or(parsed.rest);
    if let Some(Rest { case, gaps }) = rest {
        let assessment = procedure::assess(&case, &CALENDAR, &SETTINGS, today);
        findings.extend(meaning::examine(&case, &gaps, &parsed.places, today, &SETTINGS, &assessment));
    }
    let _ = note("KN-2026-0001.yaml", &findings);
    findings.iter().for_each(|finding| drop(draw::draw(finding, false)));
});
