//! Numbers and addresses of mail that are somebody's by their look alone.

use std::collections::BTreeSet;

use super::token::{Token, tokens};

/// Digits from which a number is a phone, an id or a serial; dates and the numbers of papers have fewer.
const FEWEST_DIGITS: usize = 9;
/// Digits from which the end of a known phone number is one.
pub(super) const FEWEST_OF_PHONE: usize = 6;
/// Most that stands between the parts of one number.
const WIDEST: usize = 3;

/// What is the office's own and stands in any letter: its phones and addresses of mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    numbers: BTreeSet<String>,
    mails: BTreeSet<String>,
}

impl Own {
    /// Takes in every number and address of mail of a text of the office.
    pub fn add(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        let tokens = tokens(&letters);
        for run in runs(&letters, &tokens, |_| false) {
            self.numbers.insert(digits(&tokens[run.0..run.1]));
        }
        self.mails.extend(mails(&letters).into_iter().map(|(from, to)| small(&letters[from..to])));
    }

    /// Tokens of a number of the office's own.
    fn covers(&self, tokens: &[Token]) -> Vec<bool> {
        let mut covered = vec![false; tokens.len()];
        for from in 0..tokens.len() {
            let mut number = String::new();
            for to in from..tokens.len() {
                if !tokens[to].is_number {
                    break;
                }
                number.push_str(&tokens[to].spelt.letters);
                if number.len() >= FEWEST_OF_PHONE && self.numbers.contains(&number) {
                    covered[from..=to].fill(true);
                }
            }
        }
        covered
    }

    /// Whether a number is the office's.
    pub(super) fn has_number(&self, digits: &str) -> bool {
        self.numbers.contains(digits)
    }

    /// Whether an address of mail is the office's.
    pub(super) fn has_mail(&self, mail: &str) -> bool {
        self.mails.contains(mail)
    }
}

/// Where numbers stand that look like a phone, an id or a serial, and ends of these phones, in characters.
pub(super) fn numbers(letters: &[char], tokens: &[Token], phones: &[String], own: &Own) -> Vec<(usize, usize)> {
    let (covered, dated) = (own.covers(tokens), dates(letters, tokens));
    let mut found = Vec::new();
    for (from, to) in runs(letters, tokens, |at| covered[at] || dated[at]) {
        if digits(&tokens[from..to]).len() >= FEWEST_DIGITS && !is_money(letters, tokens, from, to) {
            found.push((tokens[from].from, tokens[to - 1].to));
            continue;
        }
        for first in from..to {
            for last in first..to {
                let number = digits(&tokens[first..=last]);
                if number.len() >= FEWEST_OF_PHONE && phones.iter().any(|phone| phone.ends_with(&number)) {
                    found.push((tokens[first].from, tokens[last].to));
                }
            }
        }
    }
    found
}

/// Runs of numbers with nothing between them but what parts the groups of one number.
fn runs(letters: &[char], tokens: &[Token], skip: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !token.is_number || skip(at) {
            continue;
        }
        match runs.last_mut() {
            Some((_, to)) if *to == at && parts_groups(&letters[tokens[at - 1].to..token.from]) => *to = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

fn parts_groups(between: &[char]) -> bool {
    let parts = |c: &char| c.is_whitespace() || ".-–—/()+_·'".contains(*c);
    between.len() <= WIDEST && between.iter().all(parts)
}

fn digits(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.spelt.letters.as_str()).collect()
}

/// Numbers that are parts of a date: 05/11/2026, 11/2026.
fn dates(letters: &[char], tokens: &[Token]) -> Vec<bool> {
    let mut dated = vec![false; tokens.len()];
    let value = |at: usize, most: u32| {
        let token = tokens.get(at).filter(|token| token.is_number && token.to - token.from <= 4)?;
        token.spelt.letters.parse::<u32>().ok().filter(|value| (1..=most).contains(value))
    };
    let joined = |at: usize| {
        let between = tokens.get(at).zip(tokens.get(at + 1)).map(|(one, next)| &letters[one.to..next.from]);
        matches!(between, Some(['/' | '-' | '.']))
    };
    let is_year = |at: usize| value(at, 2199).is_some_and(|year| year >= 1900);
    for at in 0..tokens.len() {
        if value(at, 31).is_some() && joined(at) && value(at + 1, 12).is_some() && joined(at + 1) && is_year(at + 2) {
            dated[at..at + 3].fill(true);
        } else if value(at, 12).is_some() && joined(at) && is_year(at + 1) {
            dated[at..at + 2].fill(true);
        }
    }
    dated
}

/// Whether a run is a sum: groups of three, and the currency behind it.
fn is_money(letters: &[char], tokens: &[Token], from: usize, to: usize) -> bool {
    let length = |token: &Token| token.to - token.from;
    let grouped = tokens[from + 1..to].iter().all(|token| length(token) == 3)
        && tokens[from..to].windows(2).all(|pair| letters[pair[0].to..pair[1].from] == ['.'])
        && length(&tokens[from]) <= 3
        && letters[tokens[from].from] != '0';
    let currency = tokens.get(to).is_some_and(|next| ["dong", "d", "vnd"].contains(&next.spelt.plain.as_str()));
    grouped && currency
}

/// Where addresses of mail stand.
pub(super) fn mails(letters: &[char]) -> Vec<(usize, usize)> {
    let part = |letter: &char| letter.is_alphanumeric() || "._%+-@".contains(*letter);
    let at = letters.iter().enumerate().filter(|(_, letter)| **letter == '@');
    at.map(|(at, _)| {
        let before = letters[..at].iter().rev().take_while(|letter| part(letter)).count();
        let after = letters[at..].iter().take_while(|letter| part(letter)).count();
        // A full stop behind it ends the sentence.
        let dots = letters[at..at + after].iter().rev().take_while(|letter| **letter == '.').count();
        (at - before, at + after - dots)
    })
    .collect()
}

pub(super) fn small(letters: &[char]) -> String {
    letters.iter().flat_map(|letter| letter.to_lowercase()).collect()
}
