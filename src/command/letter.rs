//! `hoso letter …`: proof of an issued letter.

use serde::Serialize;

use super::{Context, Error, Outcome, report};
use crate::cli::LetterVerify;
use crate::fs;
use crate::pipeline::proof::again::Again;
use crate::pipeline::proof::{Letter, Letters, Proof, Verdict};

pub(super) mod redact;

/// JSON of `hoso letter verify`.
#[derive(Serialize)]
struct Told<'a> {
    file: String,
    #[serde(flatten)]
    proof: &'a Proof,
    rerender: Option<&'a Again>,
}

/// A file that cannot be judged ends with 2 as well: 1 says that it was altered.
pub(super) fn verify(context: &Context, args: &LetterVerify) -> Result<Outcome, Error> {
    match judge(context, args) {
        Err(Error::Output(error)) => Err(Error::Output(error)),
        Err(error) => {
            report(&error, context.global.json);
            Ok(Outcome::Undecided)
        }
        fine => fine,
    }
}

fn judge(context: &Context, args: &LetterVerify) -> Result<Outcome, Error> {
    let bytes = fs::read(&args.file)?;
    let Some(path) = &args.dossier else {
        let workspace = context.workspace()?;
        return tell(context, args, &Letters::of_workspace(&workspace)?, &bytes);
    };
    let letters = Letters::of_dossier(path).map_err(|error| Error::Plain(format!("{error}."), String::new()))?;
    tell(context, args, &letters, &bytes)
}

fn tell(context: &Context, args: &LetterVerify, letters: &Letters<'_>, bytes: &[u8]) -> Result<Outcome, Error> {
    let proof = letters.prove(bytes);
    let again = proof.letter.as_ref().filter(|_| args.rerender).map(|letter| letters.make_again(letter));
    let outcome = match (proof.verdict, &again) {
        (Verdict::Unknown, _) => Outcome::Undecided,
        (Verdict::Altered, _) | (_, Some(Again::Different { .. })) => Outcome::Faulty,
        _ => Outcome::Fine,
    };
    if context.global.json {
        let told = Told { file: args.file.display().to_string(), proof: &proof, rerender: again.as_ref() };
        context.json(&told)?;
        return Ok(outcome);
    }
    let mut lines = vec![verdict(context, &proof)];
    lines.extend(proof.letter.iter().flat_map(describe));
    for signature in &proof.signatures {
        let place =
            signature.page.map_or_else(|| "không hiển thị".to_owned(), |page| format!("hiển thị ở trang {page}"));
        let time = signature.time.as_deref().map(|time| format!(", ghi lúc {}", readable(time))).unwrap_or_default();
        lines.push(format!("  Chữ ký số trong ô “{}”: {}, {place}{time}", signature.field, signature.kind));
    }
    if !proof.signatures.is_empty() {
        lines.push(
            "  Giá trị chữ ký không kiểm tra ở đây; dùng chương trình kiểm tra chữ ký số để biết ai ký.".to_owned(),
        );
    }
    lines.extend(proof.differences.iter().map(|difference| format!("  - {difference}")));
    lines.extend(again.iter().map(|again| format!("  {}", made_again(again))));
    context.say(&lines.join("\n"))?;
    Ok(outcome)
}

fn verdict(context: &Context, proof: &Proof) -> String {
    let number = proof.letter.as_ref().map(|letter| format!("số {} năm {}", letter.number, letter.year));
    let number = number.unwrap_or_default();
    match proof.verdict {
        Verdict::Original => context.bold(&format!("Đúng bản đã ban hành, {number}.")),
        Verdict::Signed => context.bold(&format!("Đúng bản đã ban hành, {number}, có thêm chữ ký số.")),
        Verdict::Altered => {
            context.red(&format!("Đã bị sửa: lấy từ văn bản {number} nhưng không còn đúng bản đã ban hành."))
        }
        Verdict::Unknown => context.red("Không biết: tệp này không khớp văn bản nào đã ban hành."),
    }
}

fn describe(letter: &Letter) -> Vec<String> {
    let date = letter.date.map(|date| format!(", ngày {}", date.format("%d/%m/%Y"))).unwrap_or_default();
    let mut lines = vec![format!("  Hồ sơ {}{date}", letter.case)];
    if !letter.subject.is_empty() {
        lines.push(format!("  {}", letter.subject));
    }
    if !letter.signer.is_empty() {
        lines.push(format!("  Người ký: {}", letter.signer));
    }
    lines.push(match &letter.withdrawn {
        None => "  Còn hiệu lực.".to_owned(),
        Some(how) => format!("  KHÔNG còn hiệu lực: {how}."),
    });
    lines.push(match letter.source.as_str() {
        "register" => "  Căn cứ: sổ đăng ký văn bản đi".to_owned(),
        dossier => format!("  Căn cứ: hồ sơ lưu {dossier}"),
    });
    lines
}

fn made_again(again: &Again) -> String {
    match again {
        Again::Same => "Lập lại từ bản chụp căn cứ: giống bản đã ban hành từng byte.".to_owned(),
        Again::Different { size } => format!("Lập lại từ bản chụp căn cứ ra tệp khác ({size} byte)."),
        Again::OtherProgram { made_by, this } => format!(
            "Không lập lại để so: văn bản do phiên bản {made_by} lập, chương trình này là {this}. Dùng đúng phiên bản {made_by} nếu cần so."
        ),
        Again::OtherFonts => "Không lập lại để so: văn bản dùng phông chữ khác phông đang có.".to_owned(),
        Again::Impossible { reason } => format!("Không lập lại được: {}.", reason.trim_end_matches('.')),
    }
}

/// `D:20261120080000+07'00'` as a person reads it; anything else as it is.
fn readable(time: &str) -> String {
    let digits: String = time.trim_start_matches("D:").chars().take_while(char::is_ascii_digit).collect();
    let at = chrono::NaiveDateTime::parse_from_str(&digits, "%Y%m%d%H%M%S");
    at.map_or_else(|_| time.to_owned(), |at| at.format("%H:%M ngày %d/%m/%Y").to_string())
}
