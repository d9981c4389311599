//! How a person is addressed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::schema::{Described, Shape};
use super::value::{Fault, Text, Value, shown};

/// Ông or Bà, as letters print it. Older files, read again from the archive, may hold another word; new ones are refused with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Honorific(String);

/// Those there are.
const ALL: [&str; 2] = ["Ông", "Bà"];

impl Honorific {
    /// What the value is called in a message.
    pub const LABEL: &'static str = "cách xưng hô";

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Honorific {
    fn parse(text: &str) -> Result<Self, Fault> {
        let word = Text::parse(text)?;
        let lower = word.as_str().to_lowercase();
        match ALL.into_iter().find(|known| known.to_lowercase() == lower) {
            Some(known) => Ok(Self(known.to_owned())),
            None => Err(Fault {
                message: format!("“{}” không phải là cách xưng hô dùng trong văn bản.", shown(word.as_str())),
                hint: "Ghi một trong hai từ: Ông, Bà. Chưa biết thì để trống.".to_owned(),
            }),
        }
    }
}

impl Described for Honorific {
    fn shape() -> Shape {
        Shape::Scalar { label: Self::LABEL, example: "Bà", check: |text| Self::parse(text).map(|_| ()) }
    }
}

impl<'de> Deserialize<'de> for Honorific {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::parse(&text).unwrap_or(Self(text)))
    }
}

impl Serialize for Honorific {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for Honorific {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_are_taken_and_other_words_refused() {
        for (written, read) in [("Ông", "Ông"), ("ông", "Ông"), ("BÀ", "Bà"), (" bà ", "Bà"), ("O\u{302}ng", "Ông")]
        {
            assert_eq!(Honorific::parse(written).unwrap().as_str(), read, "{written}");
        }
        for wrong in ["anh", "Chị", "ong", "Ông Bà", "Ông/Bà", "Quý khách", ""] {
            assert!(Honorific::parse(wrong).is_err(), "{wrong}");
        }
        let file = |word: &str| {
            let text =
                format!("ma_ho_so: KN-2026-0001\nnguoi_khieu_nai:\n  loai: ca_nhan\n  xung_ho: {word}\n  ten: Tí\n");
            crate::case::parse(text.as_bytes(), "x.yaml")
        };
        let read = file("ông").case.unwrap().complainant.unwrap().honorific.unwrap();
        assert_eq!(read.as_str(), "Ông");
        let refused = file("anh").findings;
        assert_eq!(refused.len(), 1, "{refused:#?}");
        assert_eq!((refused[0].code.0, refused[0].span.map(|span| span.line)), ("HS009", Some(4)));
        assert!(refused[0].hint.as_deref().unwrap().contains("Ông, Bà"), "{refused:#?}");
    }

    #[test]
    fn an_archived_file_with_another_word_is_still_read() {
        let case: crate::case::Case =
            crate::yaml::read("ma_ho_so: KN-2020-0001\nnguoi_khieu_nai: {xung_ho: anh, ten: Tí}\n").unwrap();
        assert_eq!(case.complainant.unwrap().honorific.unwrap().as_str(), "anh");
    }
}
