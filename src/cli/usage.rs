//! What was wrong with the command line, in Vietnamese.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What to do after any such error.
const HINT: &str = "Gõ “hoso --help” để xem cách dùng.";

/// What is said of an error of clap: for a person, or with `json` as the one value `{"error", "hint"}`.
#[must_use]
pub fn explain(error: &clap::Error, json: bool) -> String {
    let sentence = sentence(error);
    if json {
        let value = serde_json::json!({ "error": sentence, "hint": HINT });
        return format!("{value:#}");
    }
    format!("{sentence}\n{HINT}")
}

/// Whether the command line asks for JSON, as far as that can be told of one that is wrong.
pub fn asks_for_json(mut arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.by_ref().take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

fn sentence(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let mut sentence = match error.kind() {
        ErrorKind::UnknownArgument => format!("Không có tham số “{argument}”."),
        ErrorKind::InvalidSubcommand => format!("Không có lệnh “{}”.", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "Thiếu lệnh.".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("Thiếu tham số {}.", argument.trim_end_matches('.')),
        ErrorKind::ArgumentConflict => format!("“{argument}” không dùng cùng “{}”.", context(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{argument}” thiếu giá trị."),
        ErrorKind::InvalidValue => format!("“{value}” không dùng được cho {argument}."),
        ErrorKind::ValueValidation if value.trim().is_empty() => format!("{argument} không được để trống."),
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let reason = if reason.is_ascii() { String::new() } else { format!(" {reason}") };
            format!("“{value}” không dùng được cho {argument}.{reason}")
        }
        _ => "Lệnh gõ chưa đúng.".to_owned(),
    };
    let valid = context(ContextKind::ValidValue);
    if !valid.is_empty() {
        sentence.push_str(&format!(" Dùng một trong: {valid}."));
    }
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().map(context).find(|near| !near.is_empty()) {
        sentence.push_str(&format!(" Ý bạn là “{near}”?"));
    }
    sentence
}
