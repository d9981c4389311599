//! Letters as plain words with their structure, one JSON object each: what the peers are given.

use hoso::document::{Block, Document, HeaderLine, Inline, Recipients, Signer, Underline};
use serde_json::{Value, json};

/// Styles of capitals (`hoa` in forms/kieu.yaml); `run` compares the words on the pages, so a slip here is noticed.
const CAPITALS: [&str; 5] = ["nation", "parent-body", "issuing-body", "kind", "office"];

/// The words of a letter, capitals already where the style asks for them.
pub(crate) fn of(document: &Document) -> Result<Value, String> {
    let blocks: Result<Vec<Value>, String> = document.blocks.iter().map(block).collect();
    Ok(json!({
        "title": document.title,
        "subject": document.subject,
        "author": document.author,
        "language": document.language,
        "blocks": blocks?,
        "foot": document.foot.as_deref().map(|foot| runs("foot", foot)),
    }))
}

fn block(block: &Block) -> Result<Value, String> {
    Ok(match block {
        Block::Header { left, right } => {
            let lines = |lines: &[HeaderLine]| -> Vec<Value> {
                let line = |line: &HeaderLine| json!({ "style": line.style, "rule": rule(line.rule), "runs": runs(&line.style, &line.content) });
                lines.iter().map(line).collect()
            };
            json!({ "block": "header", "left": lines(left), "right": lines(right) })
        }
        Block::Kind(content) => json!({ "block": "kind", "runs": runs("kind", content) }),
        Block::Subject { content, rule: below } => {
            json!({ "block": "subject", "rule": rule(*below), "runs": runs("subject", content) })
        }
        Block::Addressee(content) => json!({ "block": "addressee", "runs": runs("addressee", content) }),
        Block::Heading { level: 1, content } => json!({ "block": "heading", "runs": runs("heading-1", content) }),
        Block::Paragraph(paragraph) if paragraph.style.is_none() && !paragraph.flush && paragraph.align.is_none() => {
            json!({ "block": "paragraph", "runs": runs("body", &paragraph.content) })
        }
        Block::Fields(fields) => {
            let field = |(label, value): &(String, Vec<Inline>)| json!({ "label": format!("{label}:"), "runs": runs("field-value", value) });
            json!({ "block": "fields", "fields": fields.iter().map(field).collect::<Vec<_>>() })
        }
        Block::Closing { recipients, signer } => json!({
            "block": "closing",
            "recipients": recipients.as_ref().map(listed),
            "signer": signer.as_ref().map(signed),
        }),
        other => return Err(format!("the peers cannot set this block: {other:?}")),
    })
}

fn listed(recipients: &Recipients) -> Value {
    json!({ "label": recipients.label, "entries": each("recipients-entry", &recipients.entries) })
}

fn signed(signer: &Signer) -> Value {
    json!({
        "offices": each("office", &signer.offices),
        "notes": each("signer-note", &signer.notes),
        "name": signer.name.as_deref().map(|name| runs("signer-name", name)),
    })
}

fn each(style: &str, texts: &[Vec<Inline>]) -> Vec<Value> {
    texts.iter().map(|text| runs(style, text)).collect()
}

/// Runs of one emphasis; that of the style is not in them.
fn runs(style: &str, content: &[Inline]) -> Value {
    let upper = CAPITALS.contains(&style);
    let run = |inline: &Inline| match inline {
        Inline::Text { text, emphasis } => {
            let text = if upper { text.to_uppercase() } else { text.clone() };
            json!({ "text": text, "bold": emphasis.bold, "italic": emphasis.italic })
        }
        Inline::Break => json!({ "break": true }),
        Inline::Missing(what) => json!({ "text": format!("[{what}]") }),
        Inline::Blank(ems) => json!({ "text": "\u{a0}".repeat((ems * 4.0) as usize) }),
    };
    content.iter().map(run).collect()
}

fn rule(rule: Option<Underline>) -> Option<&'static str> {
    rule.map(|rule| match rule {
        Underline::Half => "half",
        Underline::Full => "full",
    })
}
