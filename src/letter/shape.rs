//! The shape of a view: which names there are, of what kind, which may be absent; and samples made from it.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// What a name of a view holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A text; with an example, or with several between bars for the items of a list.
    Text(&'static str),
    /// Yes or no.
    Flag,
    /// Any number of values, also none.
    List(Box<Shape>),
    /// A value that may be absent.
    Maybe(Box<Shape>),
    /// Values with names.
    Block(Vec<Field>),
}

/// A named value of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in forms.
    pub name: Cow<'static, str>,
    /// What it means, in Vietnamese.
    pub label: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// How much a sample holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Nothing that may be absent, empty lists, every answer "no".
    Smallest,
    /// Everything, as long as usual.
    Usual,
    /// Everything, long texts, many rows.
    Largest,
}

/// Items of a list of texts, and rows of a list of blocks, in the largest sample.
const MANY_TEXTS: usize = 8;
const MANY_ROWS: usize = 80;
/// Texts of fewer words are names of few letters, codes, single words: they do not grow.
const FEWEST_WORDS: usize = 3;
/// Texts from this length on are prose and may become long; shorter ones are names and only double.
const PROSE: usize = 60;

impl Shape {
    /// A value of this shape; `None` where it may be absent and the sample is the smallest.
    #[must_use]
    pub fn sample(&self, size: Size) -> Option<Value> {
        self.nth(size, 0)
    }

    fn nth(&self, size: Size, index: usize) -> Option<Value> {
        match self {
            Self::Text(examples) => {
                let examples: Vec<&str> = examples.split('|').map(str::trim).collect();
                Some(Value::String(grown(examples.get(index % examples.len()).copied().unwrap_or_default(), size)))
            }
            Self::Flag => Some(Value::Bool(size != Size::Smallest)),
            Self::List(item) => {
                let count = match (size, &**item) {
                    (Size::Smallest, _) => 0,
                    (Size::Usual, Self::Text(examples)) => examples.split('|').count(),
                    (Size::Usual, _) => 3,
                    (Size::Largest, Self::Text(_)) => MANY_TEXTS,
                    (Size::Largest, _) => MANY_ROWS,
                };
                Some(Value::Array((0..count).filter_map(|index| item.nth(size, index)).collect()))
            }
            Self::Maybe(_) if size == Size::Smallest => None,
            Self::Maybe(inner) => inner.nth(size, index),
            Self::Block(fields) => {
                let mut map = Map::new();
                for field in fields {
                    // Rows are counted.
                    let value = if field.name == "thu_tu" {
                        Some(Value::String((index + 1).to_string()))
                    } else {
                        field.shape.nth(size, index)
                    };
                    if let Some(value) = value {
                        map.insert(field.name.to_string(), value);
                    }
                }
                Some(Value::Object(map))
            }
        }
    }

    /// Every name (`a.b` for what stands below another) with its meaning, in the order of declaration.
    #[must_use]
    pub fn names(&self) -> Vec<(String, &'static str)> {
        let mut names = Vec::new();
        for field in self.fields() {
            names.push((field.name.to_string(), field.label));
            for (below, label) in field.shape.names() {
                names.push((format!("{}.{below}", field.name), label));
            }
        }
        names
    }

    /// The named values, also of the items of a list; none for plain values.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Block(fields) => fields,
            Self::List(inner) | Self::Maybe(inner) => inner.fields(),
            Self::Text(_) | Self::Flag => &[],
        }
    }

    /// The shape without the leave to be absent.
    #[must_use]
    pub fn present(&self) -> &Self {
        match self {
            Self::Maybe(inner) => inner.present(),
            other => other,
        }
    }
}

/// An example as long as the sample wants it. Numbers, dates and codes stay as they are.
fn grown(example: &str, size: Size) -> String {
    let plain = !example.contains(|letter: char| letter.is_ascii_digit() || letter == '@');
    if size != Size::Largest || !plain || example.split(' ').count() < FEWEST_WORDS {
        return example.to_owned();
    }
    let times = if example.chars().count() < PROSE { 2 } else { 8 };
    vec![example; times].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        let field = |name: &'static str, shape| Field { name: name.into(), label: "", shape };
        Shape::Block(vec![
            field("ten", Shape::Text("Công ty An Phát")),
            field("email", Shape::Maybe(Box::new(Shape::Text("a@b.vn")))),
            field("dong_y", Shape::Flag),
            field("doan", Shape::List(Box::new(Shape::Text("Một.|Hai.")))),
            field(
                "hang",
                Shape::List(Box::new(Shape::Block(vec![
                    field("thu_tu", Shape::Text("1")),
                    field("ghi_chu", Shape::Maybe(Box::new(Shape::Text("Bản sao")))),
                ]))),
            ),
        ])
    }

    #[test]
    fn samples_by_size() {
        let sample = |size| shape().sample(size).unwrap();
        assert_eq!(
            sample(Size::Smallest),
            serde_json::json!({"ten": "Công ty An Phát", "dong_y": false, "doan": [], "hang": []})
        );
        let usual = sample(Size::Usual);
        assert_eq!(usual["email"], "a@b.vn");
        assert_eq!(usual["doan"], serde_json::json!(["Một.", "Hai."]));
        assert_eq!(usual["hang"][2], serde_json::json!({"thu_tu": "3", "ghi_chu": "Bản sao"}));
        let largest = sample(Size::Largest);
        assert_eq!(largest["ten"], "Công ty An Phát Công ty An Phát");
        assert_eq!(largest["doan"].as_array().map(Vec::len), Some(8));
        assert_eq!(largest["hang"].as_array().map(Vec::len), Some(80));
    }

    #[test]
    fn names_go_down_into_lists() {
        let names: Vec<String> = shape().names().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ten", "email", "dong_y", "doan", "hang", "hang.thu_tu", "hang.ghi_chu"]);
    }
}
