//! The real binary over real folders, used as a clerk uses it: write a case file, run, look at what lies there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop at that line")]

mod desk;
mod samples;
mod signing;

mod batch;
mod check;
mod close;
mod demo;
mod determinism;
mod guard;
mod issue;
mod kill;
mod letter;
mod numbered;
mod refusals;
mod register;
mod watch;
