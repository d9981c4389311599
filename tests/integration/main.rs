//! The real binary over real folders, used as a clerk uses it: write a case file, run, look at what lies there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop at that line")]

mod desk;
mod samples;
mod scenario;
mod signing;

mod again;
mod ahead;
mod batch;
mod beside;
mod board;
mod books;
mod check;
mod close;
mod converge;
mod demo;
mod determinism;
mod dispose;
mod fault;
mod find;
mod form;
mod guard;
mod handed_out;
mod history;
mod issue;
mod kill;
mod letter;
mod mistakes;
mod numbered;
mod print_room;
mod prove;
mod refusals;
mod register;
mod remains;
mod repacked;
mod serve;
mod stale;
mod strays;
mod tables;
mod twins;
mod unfit;
mod watch;
mod words;
