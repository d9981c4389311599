//! Names a form uses against what its letter has: each name with what stands below it, each loop variable with what the
//! list holds.

use std::collections::{BTreeMap, BTreeSet};

use super::tag::{Lexeme, Scan, Tag, Token};
use crate::diagnostic::Span;
use crate::letter::{Field, Shape};

/// The form, those it extends, and those they include.
pub(super) fn family(form: &str, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut family = vec![form.to_owned()];
    let mut next = 0;
    while let Some(name) = family.get(next).cloned() {
        next += 1;
        let scan = super::tag::scan(texts.get(&name).map_or("", String::as_str));
        for tag in scan.tags().filter(|tag| matches!(tag.keyword(), "extends" | "include")) {
            for lexeme in &tag.tokens {
                if let Token::Quoted(other) = &lexeme.token
                    && !family.contains(other)
                {
                    family.push(other.clone());
                }
            }
        }
    }
    family
}

/// A name that is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong<'a> {
    pub(super) name: String,
    pub(super) span: Span,
    /// Where it was looked for; `None` for the letter itself.
    pub(super) parent: Option<(String, Holder<'a>)>,
}

/// What a name was looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    /// Values with names.
    Block(&'a [Field]),
    /// A list, whose items have names (or not).
    List(&'a [Field]),
    /// A text, or yes and no: nothing stands below it.
    Plain,
    /// It is not known what it is; no letter has this name below another.
    Unknown,
}

/// What is known of a value.
type Known<'a> = Option<&'a Shape>;

/// Looks for names that are not there.
pub(super) struct Checker<'a> {
    /// The letter.
    pub(super) view: &'a Shape,
    /// Names the form takes from outside and the letter does not have, as Tera sees them.
    pub(super) strangers: &'a BTreeSet<&'a str>,
    /// Every name that stands below another in this letter.
    pub(super) below: &'a BTreeSet<&'a str>,
}

/// Names a form gives itself, by the part (`for`, `component`) they hold in.
struct Scopes<'a>(Vec<Vec<(String, Known<'a>)>>);

impl<'a> Scopes<'a> {
    fn find(&self, name: &str) -> Option<Known<'a>> {
        self.0.iter().rev().flat_map(|names| names.iter().rev()).find(|(own, _)| own == name).map(|(_, known)| *known)
    }

    fn add(&mut self, name: &str, known: Known<'a>) {
        if let Some(names) = self.0.last_mut() {
            names.push((name.to_owned(), known));
        }
    }
}

fn word(lexeme: Option<&Lexeme>) -> Option<&str> {
    match lexeme.map(|lexeme| &lexeme.token) {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

fn is_sign(lexeme: Option<&Lexeme>, sign: char) -> bool {
    lexeme.is_some_and(|lexeme| lexeme.token == Token::Sign(sign))
}

impl<'a> Checker<'a> {
    /// The wrong names of one form, in the order they stand there.
    pub(super) fn check(&self, scan: &Scan) -> Vec<Wrong<'a>> {
        let mut wrong = Vec::new();
        let mut scopes = Scopes(vec![Vec::new()]);
        for tag in scan.tags() {
            self.tag(tag, &mut scopes, &mut wrong);
        }
        wrong
    }

    fn tag(&self, tag: &Tag, scopes: &mut Scopes<'a>, wrong: &mut Vec<Wrong<'a>>) {
        let tokens = tag.tokens.as_slice();
        match tag.keyword() {
            "" => {
                self.expression(tokens, scopes, wrong);
            }
            "for" => {
                let Some(at) = tokens.iter().position(|lexeme| word(Some(lexeme)) == Some("in")) else { return };
                let list = self.expression(&tokens[at + 1..], scopes, wrong);
                let names: Vec<&str> = tokens[1..at].iter().filter_map(|lexeme| word(Some(lexeme))).collect();
                scopes.0.push(Vec::new());
                let item = match list.map(Shape::present) {
                    Some(Shape::List(item)) if names.len() == 1 => Some(&**item),
                    _ => None,
                };
                names.iter().for_each(|name| scopes.add(name, item));
            }
            "component" => {
                scopes.0.push(Vec::new());
                tokens.iter().filter_map(|lexeme| word(Some(lexeme))).for_each(|name| scopes.add(name, None));
            }
            "endfor" | "endcomponent" if scopes.0.len() > 1 => {
                scopes.0.pop();
            }
            "set" | "set_global" => {
                let value = tokens.iter().position(|lexeme| is_sign(Some(lexeme), '=')).and_then(|at| {
                    // What is joined or compared is a new value, of which nothing is known.
                    self.expression(&tokens[at + 1..], scopes, wrong)
                });
                if let Some(name) = word(tokens.get(1)) {
                    scopes.add(name, value);
                }
            }
            "block" | "endblock" | "extends" | "include" | "raw" | "endraw" => {}
            _ => {
                self.expression(&tokens[1..], scopes, wrong);
            }
        }
    }

    /// Checks the names of an expression. What it gives is known only when it is one name, with or without filters.
    fn expression(&self, tokens: &[Lexeme], scopes: &Scopes<'a>, wrong: &mut Vec<Wrong<'a>>) -> Known<'a> {
        let mut at = 0_usize;
        let (mut value, mut sole) = (None, true);
        while at < tokens.len() {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            let named = word(tokens.get(at)).is_some();
            let argument = is_sign(tokens.get(at + 1), '=') && !is_sign(tokens.get(at + 2), '=');
            if !named {
                sole &= at > 0 && !matches!(&tokens[at].token, Token::Sign('+' | '-' | '*' | '/' | '~' | '<' | '>'));
                at += 1;
            } else if is_sign(before, '|') {
                value = filtered(word(tokens.get(at)).unwrap_or_default(), value);
                at += 1;
            } else if argument || word(before) == Some("is") {
                at += 1;
            } else {
                let (found, next) = self.path(tokens, at, scopes, wrong);
                sole &= at == 0;
                if at == 0 {
                    value = found;
                }
                at = next;
            }
        }
        value.filter(|_| sole)
    }

    /// Checks a name and what is taken from it, and says where it ends.
    fn path(
        &self,
        tokens: &[Lexeme],
        start: usize,
        scopes: &Scopes<'a>,
        wrong: &mut Vec<Wrong<'a>>,
    ) -> (Known<'a>, usize) {
        let root = word(tokens.get(start)).unwrap_or_default();
        let local = scopes.find(root);
        let mut value = local
            .unwrap_or_else(|| self.view.fields().iter().find(|field| field.name == root).map(|field| &field.shape));
        let stranger = local.is_none() && value.is_none() && self.strangers.contains(root);
        if stranger {
            wrong.push(Wrong { name: root.to_owned(), span: tokens[start].span, parent: None });
        }
        let (mut at, mut parent, mut told) = (start + 1, root.to_owned(), stranger || root == "loop");
        loop {
            if is_sign(tokens.get(at), '?') && is_sign(tokens.get(at + 1), '.') {
                at += 1;
            }
            let (name, span, next) = match (tokens.get(at), tokens.get(at + 1)) {
                (Some(Lexeme { token: Token::Sign('.'), .. }), Some(Lexeme { token: Token::Word(name), span })) => {
                    (name.as_str(), *span, at + 2)
                }
                (Some(Lexeme { token: Token::Sign('['), .. }), Some(Lexeme { token: Token::Quoted(name), span }))
                    if is_sign(tokens.get(at + 2), ']') =>
                {
                    (name.as_str(), *span, at + 3)
                }
                (Some(Lexeme { token: Token::Sign('['), .. }), _) => {
                    // One of a list; what stands between the brackets is checked as an expression of its own.
                    value = match value.map(Shape::present) {
                        Some(Shape::List(item)) => Some(item),
                        _ => None,
                    };
                    let close = tokens[at..].iter().position(|lexeme| is_sign(Some(lexeme), ']'));
                    let end = close.map_or(tokens.len(), |close| at + close);
                    self.expression(&tokens[at + 1..end], scopes, wrong);
                    at = (end + 1).min(tokens.len());
                    continue;
                }
                _ => return (value, at),
            };
            let found = self.below(value, name);
            if let (Err(holder), false) = (found, told) {
                wrong.push(Wrong { name: name.to_owned(), span, parent: Some((parent, holder)) });
                told = true;
            }
            value = found.unwrap_or(None);
            parent = name.to_owned();
            at = next;
        }
    }

    /// What stands below a value under a name.
    fn below(&self, value: Known<'a>, name: &str) -> Result<Known<'a>, Holder<'a>> {
        match value.map(Shape::present) {
            Some(Shape::Block(fields)) => fields
                .iter()
                .find(|field| field.name == name)
                .map(|field| Some(&field.shape))
                .ok_or(Holder::Block(fields)),
            Some(list @ Shape::List(_)) => Err(Holder::List(list.fields())),
            Some(_) => Err(Holder::Plain),
            None if self.below.contains(name) => Ok(None),
            None => Err(Holder::Unknown),
        }
    }
}

/// What a filter makes of a value.
fn filtered<'a>(filter: &str, value: Known<'a>) -> Known<'a> {
    match (filter, value.map(Shape::present)) {
        ("first" | "last" | "nth", Some(Shape::List(item))) => Some(item),
        ("reverse" | "sort" | "slice" | "unique" | "filter" | "default" | "safe", _) => value,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tag::scan;
    use super::*;

    fn shape() -> Shape {
        let field = |name: &'static str, shape| Field { name: name.into(), label: "", shape };
        let row =
            Shape::Block(vec![field("mo_ta", Shape::Text("")), field("doan", Shape::List(Box::new(Shape::Text(""))))]);
        Shape::Block(vec![
            field("ten", Shape::Text("")),
            field("nguoi", Shape::Block(vec![field("email", Shape::Maybe(Box::new(Shape::Text(""))))])),
            field("hang", Shape::List(Box::new(row))),
        ])
    }

    /// The wrong names of a form, each with the name it was looked for in.
    fn wrong(text: &str) -> Vec<String> {
        let shape = shape();
        let (strangers, below) = (BTreeSet::from(["la", "tenn"]), BTreeSet::from(["email", "mo_ta", "doan"]));
        let checker = Checker { view: &shape, strangers: &strangers, below: &below };
        let show = |wrong: Wrong<'_>| match wrong.parent {
            Some((parent, _)) => format!("{parent}.{}", wrong.name),
            None => wrong.name,
        };
        checker.check(&scan(text)).into_iter().map(show).collect()
    }

    #[test]
    fn names_are_looked_for_below_their_own_parent() {
        assert_eq!(wrong("{{ ten }}{{ nguoi.email }}{% for h in hang %}{{ h.mo_ta }}{% endfor %}"), [""; 0]);
        assert_eq!(wrong("{{ tenn }}"), ["tenn"]);
        assert_eq!(wrong("{{ nguoi.mo_ta }}"), ["nguoi.mo_ta"], "a name of something else");
        assert_eq!(wrong("{% for h in hang %}{% if h.email %}{% endif %}{% endfor %}"), ["h.email"]);
        assert_eq!(wrong("{% for h in hang %}{% for d in h.doan %}{{ d.x }}{% endfor %}{% endfor %}"), ["d.x"]);
        assert_eq!(wrong("{{ ten.email }}"), ["ten.email"], "nothing stands below a text");
        assert_eq!(wrong("{{ hang.mo_ta }}"), ["hang.mo_ta"], "a list needs a loop");
    }

    #[test]
    fn tests_filters_and_settings_are_seen() {
        assert_eq!(wrong("{% if nguoi.emial is defined and not tenn %}{% endif %}"), ["nguoi.emial", "tenn"]);
        assert_eq!(wrong("{% if (hang | first).mo_ta %}{% endif %}{{ ten | default(value=la) }}"), ["la"]);
        assert_eq!(wrong("{% set n = nguoi %}{{ n.email }}{{ n.mo_ta }}"), ["n.mo_ta"]);
        assert_eq!(wrong("{% set h = hang | first %}{{ h.mo_ta }}{{ h.email }}"), ["h.email"]);
        assert_eq!(wrong("{% for h in hang | reverse %}{{ h.email }}{% endfor %}"), ["h.email"]);
        assert_eq!(wrong("{{ hang[0].email }}{{ nguoi[\"mo_ta\"] }}"), ["hang.email", "nguoi.mo_ta"]);
        assert_eq!(wrong("{{ nguoi?.emial }}"), ["nguoi.emial"]);
        assert_eq!(
            wrong("{% set a = ten ~ \"x\" %}{{ a.mo_ta }}{{ a.zz }}"),
            ["a.zz"],
            "of a new value little is known"
        );
        assert_eq!(wrong("{% component o(nguoi) %}{{ nguoi.mo_ta }}{% endcomponent %}"), [""; 0]);
        assert_eq!(wrong("{% for nguoi in hang %}{{ nguoi.mo_ta }}{% endfor %}{{ nguoi.email }}"), [""; 0]);
        assert_eq!(wrong("{{ loop.first }}{# {{ tenn }} #}"), [""; 0]);
    }

    #[test]
    fn the_family_is_what_a_form_builds_on() {
        let texts = BTreeMap::from([
            ("a".to_owned(), "{% extends 'b' %}".to_owned()),
            ("b".to_owned(), "{%- include \"c\" -%}{% include 'a' %}".to_owned()),
        ]);
        assert_eq!(family("a", &texts), ["a", "b", "c"]);
    }
}
