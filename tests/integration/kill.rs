//! The program is killed at each durable step, once and twice, and run again: what lies there in the end is what an
//! undisturbed run leaves, to the byte.

use crate::desk::{Desk, Run, differences, scratch, without_board};
use crate::samples::slip;
use crate::scenario::{Scenario, each_scenario};

/// Set, this environment variable makes the second kill come at each of the first three steps after every first kill, instead
/// of at one of them, and a further run follow each.
const EVERY_PAIR: &str = "HOSO_TEST_EVERY_PAIR";

/// What came of a scenario.
struct Outcome {
    steps: usize,
    runs: usize,
    differences: Vec<String>,
}

fn play(scenario: &Scenario) -> Outcome {
    let (expected, steps) = scenario.undisturbed("HOSO_KILL_LOG");
    let kill = |at: usize| [("HOSO_KILL_AT", at.to_string())];
    // A further run over the undisturbed state changed nothing, and equal states run alike: it is repeated only at night.
    let every = std::env::var_os(EVERY_PAIR).is_some();
    let (mut runs, mut found) = (0, Vec::new());
    for at in 1..=steps.len() {
        let first = scenario.start.copy();
        let killed = scenario.run(&first, &kill(at));
        assert_eq!(killed.code(), None, "{}: step {at} was not reached\n{}", scenario.name, killed.out);
        for then in (1..=3).filter(|then| every || *then == at % 3 + 1) {
            let desk = first.copy();
            // Little may be left to do, so that the second kill is never reached.
            scenario.run(&desk, &kill(then));
            runs += 1;
            found.extend(scenario.compare(&desk, &expected, every, &format!("killed at {at}, then at {then}")));
        }
        runs += 1;
        found.extend(scenario.compare(&first, &expected, every, &format!("killed at {at}")));
    }
    Outcome { steps: steps.len(), runs, differences: found }
}

fn check(scenario: &Scenario) {
    let outcome = play(scenario);
    println!("scenario                       steps   runs   differences");
    println!("{:<30} {:>5}  {:>5}   {:>11}", scenario.name, outcome.steps, outcome.runs, outcome.differences.len());
    assert!(outcome.differences.is_empty(), "{}", outcome.differences.join("\n"));
}

/// Killed at any step, and before the next run the clerk writes something else: nothing of what the killed run made stays
/// behind, though what it knew of it may be lost.
#[test]
fn the_file_says_something_else_after_a_kill() {
    let (drafted, faulty) = ("KN-2026-0101", "KN-2026-0102");
    let start = Desk::new();
    start.save(drafted, &slip(drafted, 4, "", ""));
    start.save(faulty, "ma_ho_so: KN-2026-0102\nkhong_co: 1\n");
    let end = |desk: &Desk| {
        let whole = slip(drafted, 4, "", "");
        desk.save(drafted, &whole[..whole.find("phieu_tiep_nhan:").unwrap()]);
        desk.save(faulty, "ma_ho_so: KN-2026-0102\n");
        desk.build();
        // An empty folder of the case stays, and the board links to it; so does a file aside, which is nobody's.
        let mut tree = without_board(desk.tree());
        tree.retain(|name, _| {
            !name.ends_with('/')
                && !name.ends_with(".hoso-tmp")
                && (name.starts_with("ho-so/") || name.starts_with(".hoso/trang-thai/"))
        });
        tree
    };
    let log = scratch();
    let counting = start.copy();
    let file = log.path().join("log");
    Run::of(counting.command(&["--jobs", "1", "build"]).env("HOSO_KILL_LOG", &file)).expect(1);
    let steps = std::fs::read_to_string(&file).unwrap().lines().count();
    assert!(
        counting.exists(&format!("ho-so/{drafted}/du-thao")) && counting.exists(&format!("ho-so/{faulty}.loi.txt"))
    );
    let expected = end(&start.copy());
    assert!(
        !expected.keys().any(|name| name.contains("du-thao") || name.ends_with(".loi.txt")),
        "{:?}",
        expected.keys()
    );
    for at in 1..=steps {
        let desk = start.copy();
        Run::of(desk.command(&["--jobs", "1", "build"]).env("HOSO_KILL_AT", at.to_string()));
        assert_eq!(differences(&expected, &end(&desk)), Vec::<String>::new(), "killed at {at} of {steps}");
    }
}

each_scenario!(check);
