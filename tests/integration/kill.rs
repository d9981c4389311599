//! The program is killed at each durable step, once and twice, and run again: what lies there in the end is what an
//! undisturbed run leaves, to the byte.

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

each_scenario!(check);
