use chrono::NaiveDate;

use super::*;
use crate::form::FormSet;
use crate::procedure::{Stage, Term, TermKind};

pub(crate) fn settings() -> Settings {
    crate::yaml::read(include_str!("fixtures/settings.yaml")).unwrap()
}

pub(crate) fn full() -> Case {
    case(include_str!("fixtures/full.yaml"))
}

pub(crate) fn case(text: &str) -> Case {
    crate::yaml::read(text).unwrap()
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn assessment(terms: Vec<Term>) -> Assessment {
    Assessment {
        stage: Stage::Answer,
        step: 8,
        round: 1,
        end: None,
        ended: None,
        letters: Vec::new(),
        terms,
        actions: Vec::new(),
        remarks: Vec::new(),
        changes_on: None,
    }
}

pub(crate) fn term(kind: TermKind, round: u32, unit: Option<&str>, days: u32, due: NaiveDate) -> Term {
    Term {
        kind,
        label: String::new(),
        round,
        unit: unit.map(str::to_owned),
        from: due,
        from_label: String::new(),
        days,
        due,
        warn_by: due,
        by_setting: false,
        met: None,
        waived: false,
        late: false,
        remarks: Vec::new(),
    }
}

#[test]
fn look() {
    let terms = vec![term(TermKind::Answer, 1, None, 20, day(2026, 11, 10))];
    let id = LetterId::of(LetterKind::ReceiptSlip);
    let letter = prepare(
        &full(),
        &assessment(terms),
        &settings(),
        &Known::default(),
        &id,
        Mode::Issue { number: 5 },
        day(2026, 11, 22),
    )
    .unwrap();
    println!("{letter:#?}");
    println!("{}", FormSet::builtin().fill(&letter).unwrap());
}
