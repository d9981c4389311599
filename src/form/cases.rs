//! The cases a form is tried with: everything there, nothing there, and what lies between.

use serde_json::Value;

use crate::letter::{Shape, Size};

/// A way to a value: names, and the items of lists.
type Path<'a> = Vec<&'a str>;

/// Views that together take every branch a form is likely to have: full and empty, each answer alone "yes", each value that
/// may be absent left out alone, lists of none, one and several items.
pub(super) fn cases(shape: &Shape) -> Vec<Value> {
    let full = shape.sample(Size::Usual).unwrap_or_default();
    let bare = shape.sample(Size::Smallest).unwrap_or_default();
    let (mut flags, mut absent) = (Vec::new(), Vec::new());
    paths(shape, &mut Vec::new(), &mut flags, &mut absent);
    let mut cases = Vec::new();
    for base in [&full, &one_each(&full), &bare] {
        cases.push(base.clone());
        let none = without(base, &flags);
        for flag in &flags {
            let mut only = none.clone();
            change(&mut only, flag, &mut |value| *value = Value::Bool(true));
            cases.push(only);
        }
        cases.push(none);
    }
    for path in &absent {
        let bases = cases[..flags.len() + 2].iter().cloned().chain([one_each(&full)]);
        for base in bases.collect::<Vec<_>>() {
            let mut lacking = base;
            leave_out(&mut lacking, path, true);
            cases.push(lacking);
        }
    }
    cases
}

/// The fewer views that show every answer: full and empty, each answer alone "yes", rows without what may be absent.
pub(super) fn branches(shape: &Shape) -> Vec<Value> {
    let full = shape.sample(Size::Usual).unwrap_or_default();
    let (mut flags, mut absent) = (Vec::new(), Vec::new());
    paths(shape, &mut Vec::new(), &mut flags, &mut absent);
    let none = without(&full, &flags);
    let mut cases: Vec<Value> = flags
        .iter()
        .map(|flag| {
            let mut only = none.clone();
            change(&mut only, flag, &mut |value| *value = Value::Bool(true));
            only
        })
        .collect();
    let mut lacking = full.clone();
    for path in &absent {
        leave_out(&mut lacking, path, false);
    }
    cases.extend(shape.sample(Size::Smallest));
    cases.extend([full, lacking, none]);
    cases
}

/// Gathers the ways to answers and to values that may be absent.
fn paths<'a>(shape: &'a Shape, way: &mut Path<'a>, flags: &mut Vec<Path<'a>>, absent: &mut Vec<Path<'a>>) {
    for field in shape.fields() {
        way.push(&field.name);
        match &field.shape {
            Shape::Flag => flags.push(way.clone()),
            Shape::Maybe(_) | Shape::List(_) => absent.push(way.clone()),
            Shape::Text(_) | Shape::Block(_) => {}
        }
        paths(&field.shape, way, flags, absent);
        way.pop();
    }
}

/// Changes the values at a way, in every item of the lists on it.
fn change(value: &mut Value, way: &[&str], to: &mut impl FnMut(&mut Value)) {
    match (value, way.split_first()) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| change(item, way, to)),
        (value, None) => to(value),
        (Value::Object(map), Some((name, rest))) => {
            if let Some(value) = map.get_mut(*name) {
                change(value, rest, to);
            }
        }
        _ => {}
    }
}

/// Takes away the value at a way; lists become empty if asked for.
fn leave_out(value: &mut Value, way: &[&str], lists: bool) {
    let Some((last, parents)) = way.split_last() else { return };
    change(value, parents, &mut |value| {
        if let Value::Object(map) = value {
            match map.get_mut(*last) {
                Some(Value::Array(items)) if lists => items.clear(),
                Some(Value::Array(_)) => {}
                _ => drop(map.remove(*last)),
            }
        }
    });
}

fn without(value: &Value, flags: &[Path<'_>]) -> Value {
    let mut none = value.clone();
    for flag in flags {
        change(&mut none, flag, &mut |value| *value = Value::Bool(false));
    }
    none
}

/// The same with one item in every list.
fn one_each(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().take(1).map(one_each).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(name, value)| (name.clone(), one_each(value))).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::letter::Field;

    #[test]
    fn full_bare_and_what_lies_between() {
        let field = |name: &'static str, shape| Field { name: name.into(), label: "", shape };
        let text = || Shape::Text("x");
        let row = Shape::Block(vec![field("b", Shape::Maybe(Box::new(text())))]);
        let shape = Shape::Block(vec![
            field("co", Shape::Flag),
            field("a", Shape::Maybe(Box::new(text()))),
            field("hang", Shape::List(Box::new(row))),
        ]);
        let cases = cases(&shape);
        for wanted in [
            json!({"co": true, "a": "x", "hang": [{"b": "x"}, {"b": "x"}, {"b": "x"}]}),
            json!({"co": true, "a": "x", "hang": [{"b": "x"}]}),
            json!({"co": false, "hang": []}),
            json!({"co": true, "hang": []}),
            json!({"co": true, "hang": [{"b": "x"}, {"b": "x"}, {"b": "x"}]}),
            json!({"co": false, "a": "x", "hang": [{}, {}, {}]}),
        ] {
            assert!(cases.contains(&wanted), "{wanted} is not in {cases:#?}");
        }
    }
}
