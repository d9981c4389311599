//! `hoso archive dispose …`: disposal, step by step.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;

use super::nameless::nameless;
use super::{open, title};
use crate::archive::{Archive, Disposal, Left, Stage};
use crate::cli::{DisposeCertificate, DisposeCommand, DisposePropose, DisposeRefuse, DisposeStep};
use crate::command::progress::Progress;
use crate::command::{Context, Error, Outcome, paper, sheet};
use crate::disposal::{self, CarryOut, Kept};
use crate::letter::Prepared;
use crate::letter::disposal::{self as papers, Certificate, Destroyed, Office, Proposed, Step};
use crate::letter::wording::capitalised;
use crate::pipeline::{Failure, close};
use crate::workspace::Workspace;

/// A disposal, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    state: &'static str,
    as_of: NaiveDate,
    proposed: StepTold<'a>,
    approved: Option<StepTold<'a>>,
    refused: Option<StepTold<'a>>,
    carried_out: Option<StepTold<'a>>,
    dossiers: Vec<Dossier<'a>>,
    left: Vec<LeftTold<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Serialize)]
struct StepTold<'a> {
    time: String,
    by: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
}

#[derive(Serialize)]
struct Dossier<'a> {
    code: &'a str,
    kept_until: NaiveDate,
    destroyed: Option<String>,
    versions: Vec<Version<'a>>,
}

#[derive(Serialize)]
struct Version<'a> {
    version: u32,
    path: &'a str,
    sha256: &'a str,
    size: u64,
}

#[derive(Serialize)]
struct LeftTold<'a> {
    code: &'a str,
    reason: &'a str,
    /// Files to be looked at; told by `carry-out` alone, as the journal does not name them.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    files: &'a [String],
}

pub(super) fn run(context: &Context, command: &DisposeCommand) -> Result<Outcome, Error> {
    match command {
        DisposeCommand::List => list(context),
        DisposeCommand::Propose(args) => propose(context, args),
        DisposeCommand::Approve(args) => approve(context, args),
        DisposeCommand::Refuse(args) => refuse(context, args),
        DisposeCommand::CarryOut(args) => carry_out(context, args),
        DisposeCommand::Certificate(args) => certificate(context, args),
    }
}

fn list(context: &Context) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let disposals: Vec<&Disposal> = archive.disposals().collect();
    if context.global.json {
        context.json(&disposals.iter().map(|one| told(one, &[], None)).collect::<Vec<_>>())?;
        return Ok(Outcome::Fine);
    }
    if disposals.is_empty() {
        context.say("Chưa có đợt hủy nào. Hồ sơ hết thời hạn bảo quản: “hoso archive due”.")?;
        return Ok(Outcome::Fine);
    }
    let blocks: Vec<String> = disposals.iter().map(|one| summary(context, one)).collect();
    context.say(&blocks.join("\n\n"))?;
    Ok(Outcome::Fine)
}

fn propose(context: &Context, args: &DisposePropose) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    workspace.today_is_today()?;
    paper::free(args.pdf.as_deref())?;
    let today = workspace.clock.today();
    let as_of = args.as_of.unwrap_or(today);
    let (archive, id, left) = {
        let _lock = workspace.lock()?;
        let mut archive = close::open_archive(&workspace)?;
        let proposed = archive.propose(as_of, &args.codes, &one_line(&args.by), workspace.clock.now());
        let (id, left) = proposed.map_err(refused)?;
        (archive, id, left)
    };
    let disposal = archive.disposal(&id).map_err(refused)?;
    let mut file = None;
    if let Some(path) = &args.pdf {
        let proposal = &disposal.proposal;
        let dossiers: Vec<Proposed> =
            proposal.items.iter().filter_map(|item| proposed(&workspace, &archive, &item.code)).collect();
        let step = Step { time: disposal.proposed, by: proposal.by.clone() };
        let paper = papers::list(&office(&workspace, today)?, &id, proposal.as_of, &step, &dossiers);
        file = Some(write(&workspace, &paper, path)?);
    }
    if context.global.json {
        context.json(&told(disposal, &left, file))?;
        return Ok(Outcome::Fine);
    }
    let mut text = summary(context, disposal);
    text.push_str(&lines(&left, "Không đưa vào đề nghị"));
    if let Some(file) = file {
        text.push_str(&format!("\n\nĐã ghi danh mục để ký: {file}"));
    }
    text.push_str(&format!(
        "\n\nViệc tiếp theo: người khác xem danh mục rồi phê duyệt bằng “hoso archive dispose approve {id} --by …”."
    ));
    context.say(&text)?;
    Ok(Outcome::Fine)
}

fn approve(context: &Context, args: &DisposeStep) -> Result<Outcome, Error> {
    change(
        context,
        &args.id,
        |workspace, archive| archive.approve(&args.id, &one_line(&args.by), workspace.clock.now()).map_err(refused),
        || format!("Việc tiếp theo: “hoso archive dispose carry-out {} --by …”. Hủy rồi không lấy lại được.", args.id),
    )
}

fn refuse(context: &Context, args: &DisposeRefuse) -> Result<Outcome, Error> {
    let (reason, by) = (one_line(&args.reason), one_line(&args.by));
    change(
        context,
        &args.id,
        |workspace, archive| {
            let items = archive.disposal(&args.id).map(|disposal| disposal.proposal.items.clone()).map_err(refused)?;
            let codes: Vec<&str> = items.iter().map(|item| item.code.as_str()).collect();
            nameless(workspace, archive, &codes, &[("lý do", &reason)])?;
            archive.refuse(&args.id, &reason, &by, workspace.clock.now()).map_err(refused)
        },
        || "Không hồ sơ nào bị hủy; hồ sơ còn hết hạn thì đưa vào đề nghị khác được.".to_owned(),
    )
}

fn change(
    context: &Context,
    id: &str,
    step: impl FnOnce(&Workspace, &mut Archive) -> Result<(), Error>,
    next: impl FnOnce() -> String,
) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    workspace.today_is_today()?;
    let _lock = workspace.lock()?;
    let mut archive = close::open_archive(&workspace)?;
    step(&workspace, &mut archive)?;
    let disposal = archive.disposal(id).map_err(refused)?;
    if context.global.json {
        context.json(&told(disposal, &[], None))?;
    } else {
        context.say(&format!("{}\n\n{}", summary(context, disposal), next()))?;
    }
    Ok(Outcome::Fine)
}

fn carry_out(context: &Context, args: &DisposeStep) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    workspace.today_is_today()?;
    let progress = Progress::new("hồ sơ", context.global.json);
    let started = std::sync::Once::new();
    let done = disposal::carry_out(&workspace, &args.id, &one_line(&args.by), &|more, all| {
        started.call_once(|| progress.start(all));
        progress.add(more);
    });
    progress.finish();
    let done = done.map_err(|error| match error {
        CarryOut::Archive(error) => refused(error),
        CarryOut::Catalogue(error) => error.into(),
        CarryOut::Fs(error) => error.into(),
        CarryOut::Failure(failure) => failure.into(),
    })?;
    let archive = open(&workspace)?;
    let disposal = archive.disposal(&args.id).map_err(refused)?;
    let outcome = Outcome::of(!done.left.is_empty());
    if context.global.json {
        let left =
            done.left.iter().map(|Kept { left, files }| LeftTold { code: &left.code, reason: &left.reason, files });
        let left = left.collect();
        context.json(&Told { left, ..told(disposal, &[], None) })?;
        return Ok(outcome);
    }
    let mut text = summary(context, disposal);
    text.push_str(&kept(&done.left));
    text.push_str(&match disposal.stage() {
        Stage::AllKept => "\n\nViệc tiếp theo: khi không còn lý do giữ lại, lập đề nghị khác bằng “hoso archive dispose propose”.".to_owned(),
        _ => format!(
            "\n\nViệc tiếp theo: in biên bản bằng “hoso archive dispose certificate {} --pdf …”; hủy các bản sao lưu của những hồ sơ này ở nơi khác.",
            args.id
        ),
    });
    context.say(&text)?;
    Ok(outcome)
}

fn certificate(context: &Context, args: &DisposeCertificate) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    paper::free(args.pdf.as_deref())?;
    let archive = open(&workspace)?;
    let disposal = archive.disposal(&args.id).map_err(refused)?;
    let Some(stated) = stated(disposal) else {
        return Err(Error::Plain(
            format!("Đợt hủy {} {}: chưa có biên bản.", args.id, disposal.stage().text()),
            "Biên bản chỉ lập được khi việc hủy đã thực hiện xong.".to_owned(),
        ));
    };
    let mut file = None;
    if let Some(path) = &args.pdf {
        let paper = papers::certificate(&office(&workspace, stated.done.time.date_naive())?, &stated);
        file = Some(write(&workspace, &paper, path)?);
    }
    if context.global.json {
        context.json(&told(disposal, &[], file))?;
    } else if args.csv {
        csv(&stated)?;
    } else {
        let mut text = summary(context, disposal);
        for one in &stated.destroyed {
            text.push_str(&format!("\n  {} bản {}  {}  {} byte", one.code, one.version, one.sha256, one.size));
        }
        let left: Vec<Left> =
            stated.left.iter().map(|(code, reason)| Left { code: code.clone(), reason: reason.clone() }).collect();
        text.push_str(&lines(&left, "Chưa hủy"));
        if let Some(file) = file {
            text.push_str(&format!("\n\nĐã ghi biên bản để ký: {file}"));
        }
        context.say(&text)?;
    }
    Ok(Outcome::Fine)
}

/// What the certificate of a disposal states, once it is carried out: all of it from the journal, so that it can be made again.
fn stated(disposal: &Disposal) -> Option<Certificate> {
    let (done, completion) = disposal.carried_out.as_ref()?;
    let (approved, decision) = disposal.approved.as_ref()?;
    let proposal = &disposal.proposal;
    let destroyed = disposal.destroyed.iter().flat_map(|(time, one)| {
        let lots = proposal.items.iter().filter(|item| item.code == one.code).flat_map(|item| &item.lots);
        lots.map(|lot| Destroyed {
            code: one.code.clone(),
            version: lot.version,
            sha256: lot.sha256.clone(),
            size: lot.size,
            time: *time,
        })
    });
    Some(Certificate {
        id: proposal.id.clone(),
        proposed: Step { time: disposal.proposed, by: proposal.by.clone() },
        approved: Step { time: *approved, by: decision.by.clone() },
        done: Step { time: *done, by: completion.by.clone() },
        destroyed: destroyed.collect(),
        dossiers: disposal.destroyed.len(),
        left: completion.left.iter().map(|left| (left.code.clone(), left.reason.clone())).collect(),
    })
}

fn proposed(workspace: &Workspace, archive: &Archive, code: &str) -> Option<Proposed> {
    let latest = archive.latest(code)?;
    let crate::archive::Keep::Until(kept_until) = archive.keep(code)? else { return None };
    let (from, to) = (latest.meta.from, latest.meta.to);
    let versions = archive.versions(code).count();
    Some(Proposed {
        code: code.to_owned(),
        title: title(workspace, archive, latest),
        from,
        to,
        kept_until,
        versions,
        pages: latest.meta.pages,
    })
}

fn office(workspace: &Workspace, day: NaiveDate) -> Result<Office, Error> {
    let issuer = paper::issuer(workspace, day)?;
    Ok(Office {
        company: issuer.company.to_string(),
        centre: issuer.centre.to_string(),
        place: issuer.place.to_string(),
    })
}

fn write(workspace: &Workspace, made: &Prepared, path: &std::path::Path) -> Result<String, Error> {
    paper::write(workspace, path, made)?;
    Ok(path.display().to_string())
}

fn told<'a>(disposal: &'a Disposal, left: &'a [Left], file: Option<String>) -> Told<'a> {
    let step = |(time, decision): &'a (DateTime<FixedOffset>, crate::archive::Decision)| StepTold {
        time: time.to_rfc3339(),
        by: &decision.by,
        reason: &decision.reason,
    };
    let proposal = &disposal.proposal;
    let destroyed =
        |code: &str| disposal.destroyed.iter().find(|(_, one)| one.code == code).map(|(time, _)| time.to_rfc3339());
    let dossier = |item: &'a crate::archive::Item| Dossier {
        code: &item.code,
        kept_until: item.kept_until,
        destroyed: destroyed(&item.code),
        versions: item
            .lots
            .iter()
            .map(|lot| Version { version: lot.version, path: &lot.path, sha256: &lot.sha256, size: lot.size })
            .collect(),
    };
    let completed = disposal.carried_out.as_ref();
    let left = completed.map_or(left, |(_, completion)| &completion.left);
    Told {
        id: &proposal.id,
        state: disposal.stage().word(),
        as_of: proposal.as_of,
        proposed: StepTold { time: disposal.proposed.to_rfc3339(), by: &proposal.by, reason: "" },
        approved: disposal.approved.as_ref().map(step),
        refused: disposal.refused.as_ref().map(step),
        carried_out: completed.map(|(time, done)| StepTold { time: time.to_rfc3339(), by: &done.by, reason: "" }),
        dossiers: proposal.items.iter().map(dossier).collect(),
        left: left.iter().map(|left| LeftTold { code: &left.code, reason: &left.reason, files: &[] }).collect(),
        file,
    }
}

/// A disposal in a few lines: number, state, who did what when, how many dossiers.
fn summary(context: &Context, disposal: &Disposal) -> String {
    let proposal = &disposal.proposal;
    let at = |time: &DateTime<FixedOffset>| time.format("%H:%M ngày %d/%m/%Y").to_string();
    let mut lines = vec![format!("{}  {}", context.bold(&proposal.id), disposal.stage().text())];
    let codes: Vec<&str> = proposal.items.iter().map(|item| item.code.as_str()).collect();
    let named = match codes.as_slice() {
        [first, .., last] if codes.len() > 6 => format!("{first} … {last}"),
        _ => codes.join(", "),
    };
    lines.push(format!(
        "  {} hồ sơ hết thời hạn tính đến ngày {}: {named}",
        codes.len(),
        proposal.as_of.format("%d/%m/%Y")
    ));
    lines.push(format!("  Đề nghị: {}, {}", proposal.by, at(&disposal.proposed)));
    if let Some((time, decision)) = &disposal.approved {
        lines.push(format!("  Phê duyệt: {}, {}", decision.by, at(time)));
    }
    if let Some((time, decision)) = &disposal.refused {
        lines.push(format!("  Không hủy: {}, {}; lý do: {}", decision.by, at(time), decision.reason));
    }
    if let Some((time, completion)) = &disposal.carried_out {
        lines.push(format!("  Thực hiện: {}, {}", completion.by, at(time)));
    }
    match disposal.stage() {
        Stage::Underway | Stage::CarriedOut => lines.push(format!("  Đã hủy {} hồ sơ", disposal.destroyed.len())),
        Stage::AllKept => lines.push("  Không hủy hồ sơ nào; mọi hồ sơ trong đề nghị được giữ lại".to_owned()),
        Stage::Proposed | Stage::Approved | Stage::Refused => {}
    }
    lines.join("\n")
}

fn lines(left: &[Left], heading: &str) -> String {
    if left.is_empty() {
        return String::new();
    }
    let each: Vec<String> = left.iter().map(|left| format!("  {}: {}", left.code, left.reason)).collect();
    format!("\n\n{heading}:\n{}", each.join("\n"))
}

/// What was left, with the files that are in the way.
fn kept(left: &[Kept]) -> String {
    let reasons: Vec<Left> = left.iter().map(|kept| kept.left.clone()).collect();
    let mut text = lines(&reasons, "Chưa hủy");
    let files: Vec<String> = left.iter().flat_map(|kept| &kept.files).map(|file| format!("  {file}")).collect();
    if !files.is_empty() {
        text.push_str(&format!(
            "\n\nCác tệp phải có người xem, rồi xóa hoặc chuyển ra khỏi thư mục làm việc, trước khi đề nghị hủy lại:\n{}",
            files.join("\n")
        ));
    }
    text
}

fn csv(stated: &Certificate) -> Result<(), Error> {
    let headings = ["Số TT", "Mã hồ sơ", "Phiên bản", "Mã băm SHA-256", "Kích thước", "Lúc hủy", "Ghi chú"];
    let destroyed = stated.destroyed.iter().enumerate().map(|(place, one)| {
        vec![
            (place + 1).to_string(),
            one.code.clone(),
            one.version.to_string(),
            one.sha256.clone(),
            one.size.to_string(),
            sheet::moment(one.time),
            String::new(),
        ]
    });
    let left = stated.left.iter().map(|(code, reason)| {
        let none = String::new;
        vec![none(), code.clone(), none(), none(), none(), none(), format!("Chưa hủy: {reason}")]
    });
    sheet::csv(&headings, destroyed.chain(left))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(error: crate::archive::Error) -> Error {
    match error {
        crate::archive::Error::Disposal(refusal) => Error::Plain(
            capitalised(&format!("{refusal}.")),
            "Xem các đợt hủy bằng “hoso archive dispose list”, hồ sơ hết thời hạn bằng “hoso archive due”.".to_owned(),
        ),
        error => Failure::from(error).into(),
    }
}
