//! Any facts, in any order: no panic, always a next action, and `changes_on` is right to the day.

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::case::*;
use crate::procedure::{Assessment, Stage};
use crate::settings::{NumberingBy, NumberingTime};

/// Draws facts from a list of numbers, so that proptest can make a case smaller.
struct Dice<'a>(std::slice::Iter<'a, u16>);

impl Dice<'_> {
    fn below(&mut self, n: u16) -> u16 {
        self.0.next().map_or(0, |x| x % n)
    }
    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| make(self))
    }
    fn list<T>(&mut self, most: u16, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::from(self.below(u16::try_from(of.len()).unwrap_or(1)))].clone()
    }
    /// Mostly around the turn of a year with swaps, sometimes anywhere.
    fn date(&mut self) -> Date {
        let (start, range) = if self.below(20) == 0 { ("01/01/1990", 65_000) } else { ("01/12/2025", 90) };
        Date(on(start) + Days::new(u64::from(self.below(range))))
    }
    fn dated(&mut self) -> Option<Date> {
        self.maybe(Self::date)
    }
    fn flag(&mut self) -> Option<Flag> {
        self.maybe(|d| d.pick(&[Flag::Yes, Flag::No]))
    }
    fn number(&mut self) -> Option<Numeral> {
        (self.below(6) == 0).then(|| Numeral(u32::from(self.below(4)) + 1))
    }
    fn text(&mut self) -> Text {
        let word = self.pick(&["Phòng Kỹ thuật", "Phòng Pháp chế", "–"]);
        value::Value::parse(word).expect("text")
    }
    fn evidence(&mut self) -> Vec<Evidence> {
        self.list(1, |_| Evidence::default())
    }
    fn sends(&mut self) -> Vec<Send> {
        self.list(2, |d| Send {
            date: d.dated(),
            way: d.maybe(|d| d.pick(Way::ALL)),
            received: d.dated(),
            ..Send::default()
        })
    }
    fn replacements(&mut self) -> Vec<Replacement> {
        if self.below(4) > 0 {
            Vec::new()
        } else {
            self.list(1, |d| Replacement { date: d.dated(), ..Replacement::default() })
        }
    }
}

/// Fills what every letter has.
macro_rules! letter {
    ($dice:expr, $name:ident { $($field:ident: $value:expr),* }) => {{
        let d: &mut Dice<'_> = $dice;
        $name {
            $($field: $value(d),)*
            date: d.dated(),
            for_signature: d.flag(),
            issue: d.flag(),
            number: d.number(),
            sends: d.sends(),
            signed_copy: d.maybe(|_| SignedCopy::default()),
            replacements: d.replacements(),
            ..$name::default()
        }
    }};
}

fn reaction(d: &mut Dice<'_>) -> Reaction {
    Reaction { date: d.dated(), agrees: d.flag(), evidence: d.evidence(), ..Reaction::default() }
}

fn answer(d: &mut Dice<'_>) -> Answer {
    letter!(d, Answer {})
}

fn round(d: &mut Dice<'_>) -> Round {
    Round {
        number: d.number(),
        transfers: d.list(2, |d| {
            letter!(
                d,
                Transfer {
                    unit: |d: &mut Dice<'_>| d.maybe(Dice::text),
                    asked_for: |d: &mut Dice<'_>| d.maybe(Dice::date).filter(|_| d.below(3) == 0),
                    findings: |d: &mut Dice<'_>| d.maybe(|d| Findings { date: d.dated(), ..Findings::default() })
                }
            )
        }),
        not_waiting: d.maybe(|d| NotWaiting {
            date: None,
            reason: d.maybe(Dice::text),
            decided_by: d.maybe(Dice::text),
        }),
        answer: d.maybe(answer),
        reaction: d.maybe(reaction),
    }
}

fn draw(d: &mut Dice<'_>) -> Case {
    let mut case = case("");
    case.complainant = d.maybe(|d| Complainant { name: d.maybe(Dice::text), ..Complainant::default() });
    case.intake = d.maybe(|d| Intake {
        arrived: d.dated(),
        channel: d.maybe(|d| d.pick(Channel::ALL)),
        summary: d.maybe(Dice::text),
        ..Intake::default()
    });
    case.scope = d.maybe(|d| ScopeDecision {
        date: d.dated(),
        in_scope: d.flag(),
        settle_at_once: d.flag(),
        ..ScopeDecision::default()
    });
    if d.below(3) == 0 {
        case.rejection = d.maybe(|d| letter!(d, Rejection {}));
    }
    if d.below(2) == 0 {
        case.settled = d.maybe(|d| SettledAtOnce {
            record: d.maybe(|d| letter!(d, HandlingRecord { agrees: Dice::flag })),
            answer: d.maybe(answer),
            reaction: d.maybe(reaction),
        });
    }
    case.slip = d.maybe(|d| {
        letter!(d, ReceiptSlip { appointed: |d: &mut Dice<'_>| d.maybe(Dice::date).filter(|_| d.below(3) == 0) })
    });
    case.rounds = d.list(3, round);
    if d.below(4) == 0 {
        case.withdrawn =
            d.maybe(|d| WithdrawnComplaint { date: d.dated(), evidence: d.evidence(), ..Default::default() });
    }
    case.closing = d.maybe(|d| Closing { date: d.dated(), ..Closing::default() });
    if d.below(3) == 0 {
        case.reopenings = d.list(2, |d| Reopening { date: d.dated(), ..Reopening::default() });
    }
    if d.below(5) == 0 {
        case.supplements = d.list(1, |d| Supplement { date: d.dated(), ..Supplement::default() });
    }
    case
}

fn sound(found: &Assessment) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.actions.is_empty(), found.stage == Stage::Closing);
    prop_assert!(found.actions.iter().all(|action| !action.what.is_empty() && !action.path.is_empty()));
    prop_assert_eq!(found.end.is_some(), matches!(found.stage, Stage::Ended | Stage::Closing));
    prop_assert_eq!(found.end.is_some(), found.ended.is_some());
    prop_assert!((1..=10).contains(&found.step));
    prop_assert!(found.terms.iter().all(|term| term.warn_by <= term.due || term.kind == TermKind::NoReaction));
    prop_assert!(found.terms.iter().all(|term| !(term.waived && term.late)));
    // The next letter asked for is listed, and no letter is listed twice.
    let mut places: Vec<_> = found.letters.iter().map(|letter| (letter.id.kind, &letter.path)).collect();
    places.sort();
    places.dedup();
    prop_assert_eq!(places.len(), found.letters.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_facts_give_a_next_action_and_a_true_day_of_change(
        numbers in prop::collection::vec(any::<u16>(), 0..260),
        offset in 0u64..150,
        follow in any::<bool>(),
        after_signing in any::<bool>(),
        by_clerk in any::<bool>(),
    ) {
        let case = draw(&mut Dice(numbers.iter()));
        let calendar = calendar(follow);
        let mut settings = settings();
        if after_signing { settings.numbering.time = NumberingTime::AfterSigning; }
        if by_clerk { settings.numbering.by = NumberingBy::Clerk; }
        let today = on("15/11/2025") + Days::new(offset);
        let found = assess(&case, calendar, &settings, today);
        sound(&found)?;
        let change = found.changes_on;
        prop_assert!(change.is_none_or(|day| day > today));
        for day in today.iter_days().skip(1).take(40).take_while(|day| change.is_none_or(|change| *day < change)) {
            prop_assert_eq!(&assess(&case, calendar, &settings, day), &found);
        }
        match change {
            Some(change) => {
                let before = assess(&case, calendar, &settings, change.pred_opt().unwrap_or(change));
                prop_assert_eq!(&before, &found);
                let after = assess(&case, calendar, &settings, change);
                sound(&after)?;
                prop_assert_ne!(Assessment { changes_on: None, ..after }, Assessment { changes_on: None, ..found });
            }
            None => prop_assert_eq!(&assess(&case, calendar, &settings, on("01/01/2300")), &found),
        }
    }
}

/// Built once: loading the data for each case would take longer than the test.
fn calendar(follow: bool) -> &'static Calendar {
    static BOTH: std::sync::LazyLock<[Calendar; 2]> =
        std::sync::LazyLock::new(|| [Calendar::builtin(Swaps::Follow), Calendar::builtin(Swaps::Ignore)]);
    &BOTH[usize::from(!follow)]
}

#[test]
fn random_cases_reach_every_stage() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let numbers = prop::collection::vec(any::<u16>(), 260);
    let mut seen = std::collections::BTreeSet::new();
    let mut ends = std::collections::BTreeSet::new();
    for _ in 0..4000 {
        let drawn = numbers.new_tree(&mut runner).expect("numbers").current();
        let case = draw(&mut Dice(drawn.iter()));
        let found = assess(&case, calendar(true), &settings(), on("20/01/2026"));
        seen.insert(found.stage);
        ends.extend(found.end);
    }
    assert_eq!((seen.len(), ends.len()), (11, 5), "{seen:?} {ends:?}");
}
