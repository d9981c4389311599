//! `hoso letter redact`: a copy for third parties without personal values.

use serde::Serialize;

use crate::archive::access::{self, Access, Line};
use crate::cli::LetterRedact;
use crate::command::{Context, Error, Outcome, paper};
use crate::fs;
use crate::pipeline::close;
use crate::pipeline::proof::Letters;

/// JSON of `hoso letter redact`.
#[derive(Serialize)]
struct Made {
    number: String,
    year: i32,
    case: String,
    pages: usize,
    places: usize,
    file: String,
}

pub(in crate::command) fn run(context: &Context, args: &LetterRedact) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(Some(&args.out))?;
    let letters = Letters::of_workspace(&workspace)?;
    let found = letters.numbered(&args.number, args.year);
    let letter = match found[..] {
        [letter] => letter,
        [] => {
            return Err(Error::Plain(
                format!("Sổ năm {} không có số {}.", args.year, args.number),
                "Xem các số bằng “hoso register list”.".to_owned(),
            ));
        }
        _ => {
            return Err(Error::Plain(
                format!("Năm {} có nhiều văn bản mang số {}.", args.year, args.number),
                "Các sổ dùng chung ký hiệu; chưa làm bản che cho số này được.".to_owned(),
            ));
        }
    };
    let cases = close::all_cases(&workspace)?;
    let case = cases.iter().find(|case| case.code.as_str() == letter.case).ok_or_else(|| {
        Error::Plain(
            format!("Không đọc được hồ sơ {}, nên không biết phải che những gì.", letter.case),
            "Sửa tệp hồ sơ theo “hoso check” rồi làm lại.".to_owned(),
        )
    })?;
    let made = letters.redact(letter, case).map_err(|reason| Error::Plain(reason, String::new()))?;
    let account = access::account();
    let line = Line {
        time: workspace.clock.now(),
        what: Access::Retrieval,
        dossier: &letter.case,
        remark: &format!("bản che của văn bản {} năm {}: {}", letter.number, letter.year, args.out.display()),
        by: args.by.as_deref().unwrap_or(&account),
    };
    // Noted before it is there: what left the office without a trace is worse than a trace of what did not.
    access::record(&workspace.access_log(), [line])?;
    fs::write(&args.out, &made.bytes)?;
    if context.global.json {
        context.json(&Made {
            number: letter.number.clone(),
            year: letter.year,
            case: letter.case.clone(),
            pages: made.pages,
            places: made.places,
            file: args.out.display().to_string(),
        })?;
        return Ok(Outcome::Fine);
    }
    context.say(&format!(
        "Đã ghi bản che của văn bản {} ({} trang, che {} chỗ): {}\nĐọc lại trước khi đưa ra ngoài: tên chỉ nhắc trong lời văn mà hồ sơ không ghi thành mục thì chưa được che.",
        letter.number,
        made.pages,
        made.places,
        args.out.display()
    ))?;
    Ok(Outcome::Fine)
}
