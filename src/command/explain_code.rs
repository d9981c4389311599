//! `hoso explain-code`: the page of a code of findings.

use super::{Context, Error, Outcome};
use crate::cli::ExplainCode;
use crate::diagnostic::page;

/// Columns a page takes at most.
const WIDTH: usize = 96;

pub(super) fn run(context: &Context, args: &ExplainCode) -> Result<Outcome, Error> {
    let Some(typed) = &args.code else { return list(context) };
    let Some(page) = page::find(typed) else {
        let near = page::near(typed);
        let meant = match near.as_slice() {
            [] => String::new(),
            near => format!("Ý bạn là {}? ", near.join(", ")),
        };
        return Err(Error::Plain(
            format!("Không có mã lỗi “{}”.", typed.trim()),
            format!("{meant}Chạy “hoso explain-code” để xem mọi mã."),
        ));
    };
    if context.global.json {
        context.json(page)?;
    } else {
        let text = page::plain(page, WIDTH);
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        context.say(&format!("{}\n{rest}", context.bold(title)))?;
    }
    Ok(Outcome::Fine)
}

/// Every code with its title.
fn list(context: &Context) -> Result<Outcome, Error> {
    if context.global.json {
        context.json(&page::pages())?;
        return Ok(Outcome::Fine);
    }
    let mut lines = Vec::new();
    let mut group = "";
    for page in page::pages() {
        if page.group != group {
            group = page.group;
            lines.push(format!("\n{}", context.bold(&crate::letter::wording::capitalised(group))));
        }
        lines.push(format!("  {}  {}", page.code, page.title.replace('`', "")));
    }
    context.say(lines.join("\n").trim_start())?;
    Ok(Outcome::Fine)
}
