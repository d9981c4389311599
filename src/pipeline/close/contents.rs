//! What goes into a dossier (records.md): case file, its versions, letters, evidence, snapshots, rules in force, signed copies,
//! events, cover and list of documents.

use std::path::Path;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::Serialize;

use super::documents;
use crate::archive::{Meta, Stretch};
use crate::case::{Case, LetterBlock, Retention};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{Contents, Source};
use crate::fs;
use crate::history;
use crate::letter::papers::{self, CoverFacts};
use crate::pipeline::copies;
use crate::pipeline::snapshot::Snapshot;
use crate::pipeline::state::RenderState;
use crate::pipeline::{Failure, render, scan};
use crate::procedure::{self, Assessment};
use crate::register::{self, Register, originals};
use crate::report;
use crate::workspace::{CaseFolder, Workspace};

/// A case about to be closed.
pub(super) struct Subject<'a> {
    pub(super) case: &'a Case,
    pub(super) assessment: &'a Assessment,
    pub(super) bytes: &'a [u8],
    pub(super) folder: &'a CaseFolder,
    pub(super) register: &'a Register,
    /// Folder of the snapshots, which say in words what the letters are.
    pub(super) snapshots: &'a Path,
}

/// Gathers the dossier. `time` is that of the intent, so that an interrupted closing gives the same bytes.
pub(super) fn gather(
    workspace: &Workspace,
    subject: &Subject,
    versions: history::bag::Part,
    version: u32,
    time: DateTime<FixedOffset>,
) -> Result<(Contents, Meta), Failure> {
    let case = subject.case;
    let code = case.code.as_str();
    let mut contents = Contents::new(code, version);
    contents.add(&format!("{code}.yaml"), Source::Bytes(subject.bytes.to_vec()));
    letters(workspace, subject, &mut contents)?;
    for rule in scan::attachments(&workspace.rules())?.into_iter().filter(|rule| !rule.is_link) {
        contents.add(&format!("quy-dinh/{}", rule.name), Source::File(rule.path));
    }
    contents.add("cau-hinh/hoso.yaml", Source::Bytes(workspace.settings_text.clone().into_bytes()));
    for (name, bytes) in versions.files {
        contents.add(&name, Source::Bytes(bytes));
    }
    contents.add("su-kien.jsonl", Source::Bytes(events(subject, version, time)));

    let closed = case.closing.as_ref().and_then(|closing| closing.date).map_or(time.date_naive(), |date| date.0);
    let issuer = workspace.settings.issuer(closed);
    let centre = issuer.map(|issuer| issuer.centre.to_string()).unwrap_or_default();
    let documents = documents::documents(subject, &centre);
    let csv = documents::csv(&documents).map_err(|error| Failure::State(error.to_string()))?;
    contents.add("muc-luc.csv", Source::Bytes(csv));

    let dates: Vec<NaiveDate> = documents.iter().filter_map(|document| document.date).collect();
    let arrived = case.intake.as_ref().and_then(|intake| intake.arrived).map(|date| date.0);
    let from = dates.iter().copied().chain(arrived).min().unwrap_or(closed);
    let to = dates.iter().copied().chain(subject.assessment.ended).max().unwrap_or(closed).min(closed);
    let pages: u32 = documents.iter().map(|document| document.pages.unwrap_or(1)).sum();
    let (retention, keep_until) = retention(workspace, subject, closed);
    let end = subject.assessment.end.map(|end| end.text().to_owned()).unwrap_or_default();
    let title = papers::dossier_title(case);
    let cover = CoverFacts {
        company: issuer.map(|issuer| issuer.company.to_string()).unwrap_or_default(),
        centre: centre.clone(),
        code: code.to_owned(),
        title: title.clone(),
        from: Some(from),
        to: Some(to),
        end: end.clone(),
        documents: documents.len(),
        pages: usize::try_from(pages).unwrap_or_default(),
        retention: retention.clone(),
        paper_place: case.closing.as_ref().and_then(|closing| closing.paper_place.as_ref()).map(ToString::to_string),
        version,
        closed: Some(closed),
        closed_by: case.closing.as_ref().and_then(|closing| closing.by.as_ref()).map(ToString::to_string),
    };
    let rows = documents::rows(&documents);
    for (name, prepared) in
        [("bia-ho-so.pdf", papers::prepare_cover(&cover)), ("muc-luc.pdf", papers::prepare_list(&cover, &rows))]
    {
        contents.add(name, Source::Bytes(render::render(workspace, &prepared, None)?.bytes));
    }

    // Last: a paper of staff with the name of one of ours gives way.
    folder(workspace, subject, &mut contents)?;

    let mut info = |label: &str, value: String| {
        if !value.is_empty() {
            contents.info.push((label.to_owned(), value));
        }
    };
    info("Source-Organization", cover.company);
    info("Organization-Address", issuer.map(|issuer| issuer.address.to_string()).unwrap_or_default());
    info("Contact-Phone", issuer.map(|issuer| issuer.phone.to_string()).unwrap_or_default());
    info("External-Description", title);
    info("Bagging-Date", time.date_naive().to_string());
    info("Internal-Sender-Identifier", centre);
    info("Hoso-End", end.clone());
    info("Hoso-Retention", retention.clone());
    let meta = Meta {
        code: code.to_owned(),
        version,
        end,
        closed,
        from,
        to,
        retention,
        keep_until,
        letters: u32::try_from(subject.register.of_case(code).count()).unwrap_or(u32::MAX),
        pages,
        stretches: stretches(workspace, case, time.date_naive()),
    };
    Ok((contents, meta))
}

/// When the complaint was open; nothing where the file does not say when it came.
fn stretches(workspace: &Workspace, case: &Case, today: NaiveDate) -> Vec<Stretch> {
    let spells = procedure::spells(case, &workspace.calendar, &workspace.settings, today);
    let known = report::dated(case, &spells).unwrap_or_default();
    let ended = known.into_iter().map(|(from, end)| end.map(|(end, ended)| Stretch { from, ended, end }));
    ended.collect::<Option<Vec<Stretch>>>().unwrap_or_default()
}

/// Retention in words, and its last day: the period counts from the year after the case ended (records.md).
fn retention(workspace: &Workspace, subject: &Subject, closed: NaiveDate) -> (String, Option<NaiveDate>) {
    let rules = &workspace.settings.retention;
    let own = subject.case.closing.as_ref().and_then(|closing| closing.retention);
    let severity = subject.case.classification.as_ref().and_then(|classification| classification.severity);
    match rules.of(own, severity) {
        Retention::Permanent => ("Vĩnh viễn".to_owned(), None),
        Retention::Standard => {
            let ended = subject.assessment.ended.unwrap_or(closed).year();
            let years = rules.years.0;
            let last = ended.checked_add_unsigned(years).and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
            (format!("{years} năm"), last)
        }
    }
}

/// Everything in the case's folder but our own drafts and copies, which are made from the originals.
fn folder(workspace: &Workspace, subject: &Subject, contents: &mut Contents) -> Result<(), Failure> {
    let state = RenderState::load(workspace, subject.case.code.as_str())?;
    let drafts = state.own_digests();
    let issued: Vec<&str> =
        subject.register.of_case(subject.case.code.as_str()).map(|record| record.issued.pdf_sha256.as_str()).collect();
    for attachment in scan::attachments(&subject.folder.root)? {
        if attachment.is_link {
            continue;
        }
        let own = match attachment.name.split_once('/') {
            Some(("du-thao", _)) => drafts.contains(&fs::sha256_file(&attachment.path)?.0.as_str()),
            Some(("van-ban", _)) => issued.contains(&fs::sha256_file(&attachment.path)?.0.as_str()),
            _ => false,
        };
        if !own {
            contents.add(&attachment.name, Source::File(attachment.path));
        }
    }
    Ok(())
}

/// Every letter ever issued in the case, and the snapshot each was made from.
fn letters(workspace: &Workspace, subject: &Subject, contents: &mut Contents) -> Result<(), Failure> {
    let mut texts = std::collections::BTreeMap::new();
    for record in subject.register.of_case(subject.case.code.as_str()) {
        let issued = &record.issued;
        let folder = if record.void.is_some() { "van-ban/da-thay" } else { "van-ban" };
        contents.add(&format!("{folder}/{}", issued.file), Source::Bytes(copies::original(workspace, issued)?));
        let lost = |what: &str| {
            Failure::Findings(vec![
                Diagnostic::error(
                    code::ORIGINAL_LOST,
                    format!("{what} của văn bản số {} không dùng được.", issued.symbol),
                )
                .hint("Lấy lại thư mục .hoso từ bản sao lưu; dùng “hoso register verify” để xem chỗ hỏng."),
            ])
        };
        let bytes = originals::load(&workspace.snapshots(), &issued.snapshot_sha256, "json")
            .map_err(|_| lost("Bản chụp căn cứ"))?;
        let snapshot: Snapshot = serde_json::from_slice(&bytes).map_err(|_| lost("Bản chụp căn cứ"))?;
        for kept in snapshot.forms.iter().chain([&snapshot.style]) {
            let text = originals::load(&workspace.snapshots(), &kept.sha256, "txt").map_err(|_| lost("Biểu mẫu"))?;
            texts.insert(kept.sha256.clone(), text);
        }
        let stem = issued.file.trim_end_matches(".pdf");
        contents.add(&format!("ban-chup/{stem}.json"), Source::Bytes(bytes));
    }
    for (sha256, text) in texts {
        contents.add(&format!("ban-chup/{sha256}.txt"), Source::Bytes(text));
    }
    Ok(())
}

/// An event in the life of the case, in PREMIS terms.
#[derive(Serialize)]
struct Event {
    #[serde(rename = "eventIdentifier")]
    id: String,
    #[serde(rename = "eventType")]
    kind: &'static str,
    #[serde(rename = "eventDateTime")]
    time: String,
    #[serde(rename = "eventDetail")]
    detail: String,
    #[serde(rename = "linkingAgentIdentifier", skip_serializing_if = "String::is_empty")]
    agent: String,
    #[serde(rename = "linkingObjectIdentifier", skip_serializing_if = "String::is_empty")]
    object: String,
}

/// The events of the case, one JSON object a line, in the order of time.
fn events(subject: &Subject, version: u32, time: DateTime<FixedOffset>) -> Vec<u8> {
    let case = subject.case;
    let code = case.code.as_str();
    let mut events: Vec<(String, &'static str, String, String, String)> = Vec::new();
    let day = |date: Option<crate::case::Date>| date.map(|date| date.0.to_string());
    let text = |text: &Option<crate::case::Text>| text.as_ref().map(ToString::to_string).unwrap_or_default();
    if let Some(intake) = &case.intake
        && let Some(at) = day(intake.arrived)
    {
        let channel = intake.channel.map(|channel| format!(", {}", channel.text())).unwrap_or_default();
        events.push((at, "receipt", format!("Tiếp nhận khiếu nại{channel}"), text(&intake.receiver), String::new()));
    }
    if let Some(scope) = &case.scope
        && let Some(at) = day(scope.date)
    {
        events.push((at, "appraisal", "Xem xét tiếp nhận".to_owned(), text(&scope.decided_by), String::new()));
    }
    for record in subject.register.of_case(code) {
        let issued = &record.issued;
        let detail = format!("Ban hành {} số {}", issued.kind, issued.symbol);
        events.push((record.time.to_rfc3339(), "issue", detail, issued.signer.clone(), issued.file.clone()));
        if let Some((at, void)) = &record.void {
            let reason = register::words::reason(subject.snapshots, &void.reason_sha256).unwrap_or_default();
            let detail = format!("Rút số {}: {reason}", issued.symbol);
            events.push((at.to_rfc3339(), "withdrawal", detail, void.by.clone(), issued.file.clone()));
        }
    }
    for due in &subject.assessment.letters {
        let sends = case.letter(&due.id).map(LetterBlock::sends).unwrap_or_default();
        for send in sends {
            let Some(at) = day(send.date) else { continue };
            let way = send.way.map(|way| format!(", {}", way.text())).unwrap_or_default();
            events.push((at, "transfer", format!("Gửi {}{way}", due.id.kind.text()), text(&send.to), due.id.stem()));
        }
    }
    for transfer in case.rounds.iter().flat_map(|round| &round.transfers) {
        if let Some(findings) = &transfer.findings
            && let Some(at) = day(findings.date)
        {
            events.push((
                at,
                "investigation",
                format!("{} báo kết quả xác minh", text(&transfer.unit)),
                text(&findings.investigator),
                String::new(),
            ));
        }
    }
    for reaction in case.reactions() {
        let Some(at) = day(reaction.date) else { continue };
        let says = if reaction.agrees == Some(crate::case::Flag::Yes) { "đồng ý" } else { "không đồng ý" };
        events.push((at, "reaction", format!("Khách hàng {says}"), String::new(), String::new()));
    }
    if let Some(withdrawn) = &case.withdrawn
        && let Some(at) = day(withdrawn.date)
    {
        events.push((at, "withdrawal", "Khách hàng rút khiếu nại".to_owned(), String::new(), String::new()));
    }
    for (date, what) in case
        .reopenings
        .iter()
        .map(|reopening| (reopening.date, "Khiếu nại lại"))
        .chain(case.supplements.iter().map(|supplement| (supplement.date, "Nhận tài liệu bổ sung")))
    {
        if let Some(at) = day(date) {
            events.push((at, "accession", what.to_owned(), String::new(), String::new()));
        }
    }
    let by = case.closing.as_ref().map(|closing| text(&closing.by)).unwrap_or_default();
    events.push((
        time.to_rfc3339(),
        "ingestion",
        format!("Lưu hồ sơ {code}, phiên bản {version}"),
        by,
        format!("{code}.zip"),
    ));
    // A day without an hour sorts before the hours of that day; at the same time the order above stays.
    events.sort_by(|a, b| a.0.cmp(&b.0));
    let mut lines = Vec::new();
    for (index, (time, kind, detail, agent, object)) in events.into_iter().enumerate() {
        let event = Event { id: format!("{code}/{}", index + 1), kind, time, detail, agent, object };
        lines.extend(serde_json::to_vec(&event).unwrap_or_default());
        lines.push(b'\n');
    }
    lines
}
