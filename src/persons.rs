//! What a dossier knows of persons, and where it stands in a text: for copies with bars, and for words that are kept for ever.
//!
//! Secrets and texts are compared as sequences of words and numbers ([`token`]); what stands between these, and capitals, do not
//! count. Whether a copy still holds a secret is judged another way ([`left`]), so that a fault here does not hide itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::Case;
use crate::letter::wording;

mod left;
mod number;
mod token;

pub use left::left_in;
pub use number::Own;
use number::{mails, numbers, small};
use token::{Spelt, Token, tokens};

/// What stands for a value; its length says nothing of it.
const BAR: &str = "█████";
/// Letters from which a value typed without accents is still that value: shorter ones are words of any text.
const FEWEST_BARE: usize = 6;
/// Digits from which a bare number tells of somebody.
const FEWEST_NUMBER: usize = 4;

/// Keys whose values are personal wherever they stand.
const PERSONAL: [&str; 12] = [
    "ho_ten",
    "ma_so_thue",
    "so_can_cuoc",
    "dia_chi",
    "dien_thoai",
    "email",
    "so_goi_den",
    "nguoi_nhan",
    "nguoi_lam_chung",
    "so_giay_uy_quyen",
    "serial_chung_thu",
    "so_van_ban",
];
/// Keys whose values are names of persons.
const NAMES: [&str; 3] = ["ho_ten", "nguoi_lam_chung", "nguoi_nhan"];
/// Keys whose values are numbers of phones.
const PHONES: [&str; 2] = ["dien_thoai", "so_goi_den"];
/// Blocks whose `ten` is that of a complainant.
const NAMED: [&str; 2] = ["nguoi_khieu_nai", "thay_doi"];

/// Words by which the name of a body is known.
const BODIES: [&str; 14] = [
    "công ty",
    "tnhh",
    "doanh nghiệp",
    "hợp tác xã",
    "trường",
    "trung tâm",
    "văn phòng",
    "tập đoàn",
    "ngân hàng",
    "cổ phần",
    "chi nhánh",
    "hộ kinh doanh",
    "cửa hàng",
    "phòng",
];

/// A personal value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Secret {
    key: String,
    /// One word: it counts only with its capital, "An" and not "an toàn".
    is_word: bool,
}

/// The name of a person, by its syllables; the last is the given name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    syllables: Vec<Spelt>,
}

/// Personal values of a dossier.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    secrets: BTreeMap<Spelt, Secret>,
    names: Vec<Name>,
    phones: Vec<String>,
    own: Own,
}

impl Persons {
    /// Nobody yet; what is the office's own is never taken for somebody's by its look.
    #[must_use]
    pub fn new(own: Own) -> Self {
        Self { own, ..Self::default() }
    }

    /// Takes in what a case file says.
    pub fn add_case(&mut self, case: &Case) {
        self.gather(&serde_json::to_value(case).unwrap_or_default(), &mut Vec::new());
    }

    /// Takes in a fact of a case file by its path, as snapshots have it.
    pub fn add_fact(&mut self, path: &str, value: &str) {
        let names: Vec<String> =
            path.split('.').map(|name| name.split('[').next().unwrap_or_default().to_owned()).collect();
        self.add(&names, value);
    }

    fn gather(&mut self, value: &Value, path: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, below) in fields {
                    path.push(name.clone());
                    self.gather(below, path);
                    path.pop();
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, path)),
            Value::String(text) => self.add(path, text),
            Value::Number(number) => self.add(path, &number.to_string()),
            _ => {}
        }
    }

    fn add(&mut self, path: &[String], text: &str) {
        let Some(key) = path.last().map(String::as_str) else { return };
        let block = path.len().checked_sub(2).and_then(|place| path.get(place)).map(String::as_str).unwrap_or_default();
        let is_named = key == "ten" && NAMED.contains(&block);
        if !(is_named || PERSONAL.contains(&key)) {
            return;
        }
        self.keep(key, text);
        if PHONES.contains(&key) {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let rest = digits.strip_prefix("84").filter(|_| text.trim_start().starts_with('+'));
            let rest = rest.or_else(|| digits.strip_prefix('0')).unwrap_or(&digits);
            self.phones.extend([format!("0{rest}"), format!("84{rest}")]);
        }
        if key == "dia_chi" {
            let parts: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
            for (at, part) in parts.iter().enumerate() {
                // The last part is the province, which stands in letterheads.
                let is_told = part.contains(|c: char| c.is_ascii_digit())
                    || (part.split_whitespace().count() >= 3 && at + 1 < parts.len());
                if is_told {
                    self.keep(key, part);
                }
            }
        }
        if is_named || NAMES.contains(&key) {
            self.add_name(key, text);
        }
    }

    /// "Ông Lâm Quang Phúc, nhân viên": the name, each end of it, family name with given name, the given name.
    fn add_name(&mut self, key: &str, text: &str) {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = wording::bare_name(&folded);
        let words: Vec<&str> = name.split([' ', '-']).filter(|word| !word.is_empty()).collect();
        self.keep(key, name);
        let ([first, ..], [.., middle, given]) = (&words[..], &words[..]) else { return };
        self.keep(key, &format!("{middle} {given}"));
        // The last word of a body's name is often a common one.
        if is_body(name) {
            return;
        }
        self.keep(key, given);
        self.keep(key, &format!("{first} {given}"));
        (1..words.len() - 1).for_each(|from| self.keep(key, &words[from..].join(" ")));
        self.names
            .push(Name { syllables: words.iter().map(|word| Spelt::of(&word.chars().collect::<Vec<_>>())).collect() });
    }

    fn keep(&mut self, key: &str, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        let tokens = tokens(&letters);
        let spelt = Spelt::joined(tokens.iter().map(|token| &token.spelt));
        let is_number = tokens.iter().all(|token| token.is_number);
        if spelt.letters.chars().count() >= if is_number { FEWEST_NUMBER } else { 2 } {
            let is_word = matches!(&tokens[..], [word] if !word.is_number);
            self.secrets.insert(spelt, Secret { key: key.to_owned(), is_word });
        }
    }

    /// The text with bars in place of every personal value; of numbers that look like phones or ids; of addresses of mail.
    #[must_use]
    pub fn masked(&self, text: &str, places: &mut usize) -> String {
        let letters: Vec<char> = text.chars().collect();
        let hidden = self.hidden(&letters);
        let mut out = String::new();
        for (place, letter) in letters.iter().enumerate() {
            if !hidden[place] {
                out.push(*letter);
            } else if place == 0 || !hidden[place - 1] {
                out.push_str(BAR);
                *places += 1;
            }
        }
        out
    }

    /// The first words of a text that tell of a person, if any do.
    #[must_use]
    pub fn first_in(&self, text: &str) -> Option<String> {
        let letters: Vec<char> = text.chars().collect();
        let hidden = self.hidden(&letters);
        let from = hidden.iter().position(|hidden| *hidden)?;
        let length = hidden[from..].iter().take_while(|hidden| **hidden).count();
        Some(letters[from..from + length].iter().collect())
    }

    fn hidden(&self, letters: &[char]) -> Vec<bool> {
        let tokens = tokens(letters);
        let mut hidden = vec![false; letters.len()];
        let mut hide = |from: usize, to: usize| hidden[from..to].fill(true);
        for from in 0..tokens.len() {
            for (spelt, secret) in &self.secrets {
                let found = reach(&tokens[from..], spelt).map(|count| from + count);
                if let Some(to) = found.filter(|_| !secret.is_word || tokens[from].is_capital) {
                    hide(tokens[from].from, tokens[to - 1].to);
                }
            }
        }
        for name in &self.names {
            name.runs(letters, &tokens).into_iter().for_each(|(from, to)| hide(tokens[from].from, tokens[to - 1].to));
        }
        numbers(letters, &tokens, &self.phones, &self.own).into_iter().for_each(|(from, to)| hide(from, to));
        let foreign = mails(letters).into_iter().filter(|(from, to)| !self.own.has_mail(&small(&letters[*from..*to])));
        foreign.for_each(|(from, to)| hide(from, to));
        hidden
    }
}

impl Name {
    /// Runs of two or more syllables of the name, the given name among them, in whatever order.
    fn runs(&self, letters: &[char], tokens: &[Token]) -> Vec<(usize, usize)> {
        let goes_on = |at: usize| {
            let between = &letters[tokens[at].to..tokens[at + 1].from];
            between.iter().all(|c| c.is_whitespace() || "-–—._/'’".contains(*c))
        };
        let mut found = Vec::new();
        let mut from = 0;
        while from < tokens.len() {
            let mut to = from;
            while to < tokens.len() && self.syllables.contains(&tokens[to].spelt) && (to == from || goes_on(to - 1)) {
                to += 1;
            }
            let is_given = |token: &Token| Some(&token.spelt) == self.syllables.last();
            if to >= from + 2 && tokens[from..to].iter().any(is_given) {
                found.push((from, to));
            }
            from = to.max(from + 1);
        }
        found
    }
}

/// How many tokens from the first on are spelt like this, whatever stands between; one typed without accents counts as well.
fn reach(tokens: &[Token], spelt: &Spelt) -> Option<usize> {
    let (mut letters, mut tones) = (Some(spelt.letters.as_str()), spelt.tones.as_str());
    let mut plain = Some(spelt.plain.as_str()).filter(|plain| plain.len() >= FEWEST_BARE && !spelt.is_bare());
    for (at, token) in tokens.iter().enumerate() {
        let rest = letters.and_then(|rest| rest.strip_prefix(token.spelt.letters.as_str()));
        letters = rest.zip(tones.strip_prefix(token.spelt.tones.as_str())).map(|(rest, left)| {
            tones = left;
            rest
        });
        plain = plain.filter(|_| token.spelt.is_bare()).and_then(|rest| rest.strip_prefix(token.spelt.plain.as_str()));
        if (letters == Some("") && tones.is_empty()) || plain == Some("") {
            return Some(at + 1);
        }
        if letters.is_none() && plain.is_none() {
            return None;
        }
    }
    None
}

fn is_body(name: &str) -> bool {
    let name = small(&name.chars().collect::<Vec<_>>());
    BODIES.iter().any(|word| name.contains(word))
}

/// What a personal value is, by the key it stands under.
fn described(key: &str) -> &'static str {
    match key {
        "dia_chi" => "địa chỉ",
        "dien_thoai" | "so_goi_den" => "số điện thoại",
        "email" => "địa chỉ thư điện tử",
        "ma_so_thue" | "so_can_cuoc" | "so_giay_uy_quyen" | "so_van_ban" => "số giấy tờ",
        "serial_chung_thu" => "số serial chứng thư",
        _ => "tên người",
    }
}

#[cfg(test)]
mod tests;
