//! The words of a letter, as `press words` writes them.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Letter {
    pub title: String,
    pub subject: String,
    pub author: String,
    pub language: String,
    pub blocks: Vec<Block>,
    pub foot: Vec<Run>,
}

/// Words in one emphasis, or a forced end of the line.
#[derive(Deserialize)]
pub struct Run {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub bold: bool,
    #[serde(default)]
    pub italic: bool,
    #[serde(default, rename = "break")]
    pub breaks: bool,
}

#[derive(Deserialize)]
pub struct HeaderLine {
    pub style: String,
    pub rule: Option<String>,
    pub runs: Vec<Run>,
}

#[derive(Deserialize)]
pub struct Field {
    pub label: String,
    pub runs: Vec<Run>,
}

#[derive(Deserialize)]
pub struct Recipients {
    pub label: String,
    pub entries: Vec<Vec<Run>>,
}

#[derive(Deserialize)]
pub struct Signer {
    pub offices: Vec<Vec<Run>>,
    pub notes: Vec<Vec<Run>>,
    pub name: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(tag = "block", rename_all = "lowercase")]
pub enum Block {
    Header { left: Vec<HeaderLine>, right: Vec<HeaderLine> },
    Kind { runs: Vec<Run> },
    Subject { rule: Option<String>, runs: Vec<Run> },
    Addressee { runs: Vec<Run> },
    Heading { runs: Vec<Run> },
    Paragraph { runs: Vec<Run> },
    Fields { fields: Vec<Field> },
    Closing { recipients: Recipients, signer: Signer },
}
