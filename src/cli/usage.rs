//! What was wrong with the command line, in Vietnamese.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The sentence for an error of clap; help and version texts pass through unchanged.
#[must_use]
pub fn explain(error: &clap::Error) -> String {
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
        ErrorKind::MissingRequiredArgument => format!("Thiếu tham số {argument}."),
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
    format!("{sentence}\nGõ “hoso --help” để xem cách dùng.")
}
