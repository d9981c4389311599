//! `batch --merge`: files for the print room, killed at each durable step, and made in shards.

use crate::batch::{batch, bookmarks, csv_of, sample};
use crate::desk::{Desk, Run, Tree, differences};
use crate::numbered::{FORM, JOB, desk, issue, killed_at_each_step};

const VOLUMES: [&str; 3] = ["in-001.pdf", "in-002.pdf", "in-003.pdf"];

#[test]
fn killed_while_drafts_are_merged() {
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&sample()[..6], b','));
    let args = ["--jobs", "1", "batch", FORM, "bang.csv", "--out", "thu", "--merge", "in.pdf", "--volume", "2"];
    let end = |desk: &Desk| -> Tree {
        desk.run(&args).expect(0);
        desk.tree()
    };
    let expected = end(&desk.copy());
    assert!(VOLUMES.iter().all(|name| expected.contains_key(*name)));
    let (mut steps, mut met) = (0, std::collections::BTreeSet::new());
    loop {
        let killed = desk.copy();
        let run = Run::of(killed.command(&args).env("HOSO_KILL_AT", (steps + 1).to_string()));
        if run.code() == Some(0) {
            break;
        }
        assert_eq!(run.code(), None, "{}", run.err);
        steps += 1;
        // A volume under its name is whole, whenever the program dies.
        for name in VOLUMES.iter().filter(|name| killed.exists(name)) {
            assert!(killed.read(name) == expected[*name], "killed at {steps}: {name}");
            met.insert(*name);
        }
        assert_eq!(differences(&expected, &end(&killed)), Vec::<String>::new(), "killed at {steps}");
    }
    assert_eq!(met.len(), 3, "killed before, between and after the volumes");
}

#[test]
fn killed_while_numbered_letters_are_merged() {
    let desk = desk(3, None);
    let args = ["--jobs", "1", "batch", FORM, "bang.csv", "--issue", "--merge", "in.pdf", "--volume", "2"];
    killed_at_each_step(&desk, &args, &[&["batch", "seal", JOB], &["build"]]);
}

#[test]
fn shards_make_files_of_their_own_that_hold_every_letter_once() {
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&sample(), b','));
    batch(&desk, "bang.csv", "ca", &["--merge", "ca.pdf"]).expect(0);
    for shard in ["1/3", "2/3", "3/3"] {
        batch(&desk, "bang.csv", "phan", &["--shard", shard, "--merge", "in.pdf", "--volume", "4"]).expect(0);
    }
    let names: Vec<String> = desk.names(".").into_iter().filter(|name| name.starts_with("in")).collect();
    let expected = [1, 2, 3].map(|shard| [1, 2].map(|volume| format!("in-{shard}-of-3-{volume:03}.pdf"))).concat();
    assert_eq!(names, expected);
    let open = |name: &str| lopdf::Document::load_mem(&desk.read(name)).unwrap();
    let parts: Vec<String> = names.iter().flat_map(|name| bookmarks(&open(name))).collect();
    assert_eq!(parts, bookmarks(&open("ca.pdf")));
    assert_eq!(parts.len(), 20);
}

#[test]
fn numbers_in_merged_files_are_those_of_the_letters() {
    let desk = desk(4, None);
    let run = issue(&desk, &["--merge", "in.pdf"]).expect(0);
    assert_eq!(run.json()["merged"][0]["letters"], 4);
    // Another shard of the same batch: the numbers of its rows, not from the first.
    issue(&desk, &["--shard", "2/2", "--merge", "in.pdf"]).expect(0);
    let Ok(text) = std::process::Command::new("pdftotext").arg(desk.path("in-2-of-2.pdf")).arg("-").output() else {
        return;
    };
    let text = String::from_utf8(text.stdout).unwrap();
    let numbers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Số: ")).collect();
    assert_eq!(numbers.iter().map(|line| &line[..2]).collect::<Vec<_>>(), ["03", "04"], "{text}");
}
