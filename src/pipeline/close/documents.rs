//! The documents of a dossier, in the order of their dates: what the list of documents (mục lục văn bản) names.

use std::path::Path;

use chrono::NaiveDate;

use super::contents::Subject;
use crate::case::{Copy, Evidence};
use crate::letter::papers::ListRow;
use crate::letter::wording;
use crate::register::{Record, Words};

/// One document with the pages it has, where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) symbol: String,
    pub(super) date: Option<NaiveDate>,
    pub(super) subject: String,
    pub(super) author: String,
    pub(super) pages: Option<u32>,
    pub(super) remark: String,
    /// Path under `data/`, where it is a file.
    pub(super) file: Option<String>,
}

/// All documents: papers of the complainant and the units, letters of ours.
pub(super) fn documents(subject: &Subject, centre: &str) -> Vec<Document> {
    let case = subject.case;
    let complainant =
        case.complainant.as_ref().and_then(|c| c.name.as_ref()).map(ToString::to_string).unwrap_or_default();
    let mut documents = Vec::new();
    let mut papers = |evidence: &[Evidence], author: &str, date: Option<crate::case::Date>| {
        documents.extend(evidence.iter().map(|paper| of_evidence(paper, author, date.map(|d| d.0))));
    };
    if let Some(intake) = &case.intake {
        papers(&intake.evidence, &complainant, intake.arrived);
    }
    for reaction in case.reactions() {
        papers(&reaction.evidence, &complainant, reaction.date);
    }
    for transfer in case.rounds.iter().flat_map(|round| &round.transfers) {
        if let Some(findings) = &transfer.findings {
            let unit = transfer.unit.as_ref().map(ToString::to_string).unwrap_or_default();
            papers(&findings.evidence, &unit, findings.date);
        }
    }
    if let Some(withdrawn) = &case.withdrawn {
        papers(&withdrawn.evidence, &complainant, withdrawn.date);
    }
    for reopening in &case.reopenings {
        papers(&reopening.evidence, &complainant, reopening.date);
    }
    for supplement in &case.supplements {
        papers(&supplement.evidence, &complainant, supplement.date);
    }
    documents.extend(
        subject.register.of_case(case.code.as_str()).map(|record| of_letter(record, subject.snapshots, centre)),
    );
    documents.sort_by(|a, b| (a.date, &a.symbol, &a.subject).cmp(&(b.date, &b.symbol, &b.subject)));
    documents
}

fn of_evidence(paper: &Evidence, author: &str, arrived: Option<NaiveDate>) -> Document {
    let text = |value: &Option<crate::case::Text>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    let file = paper.file.as_ref().map(ToString::to_string);
    let title = text(&paper.title);
    Document {
        symbol: text(&paper.number),
        date: paper.date.map(|date| date.0).or(arrived),
        subject: if title.is_empty() { file.clone().unwrap_or_default() } else { title },
        author: author.to_owned(),
        pages: paper.pages.map(|pages| pages.0),
        remark: match (paper.copy, &file) {
            (Some(copy), _) => Copy::text(copy).to_owned(),
            (None, Some(_)) => Copy::Electronic.text().to_owned(),
            (None, None) => String::new(),
        },
        file: file.map(|name| format!("dinh-kem/{name}")),
    }
}

fn of_letter(record: &Record, snapshots: &Path, centre: &str) -> Document {
    let issued = &record.issued;
    let words = Words::load(snapshots, record);
    let kind = wording::capitalised(&issued.kind);
    let folder = if record.void.is_some() { "van-ban/da-thay" } else { "van-ban" };
    Document {
        symbol: issued.symbol.clone(),
        date: Some(issued.date),
        subject: format!("{kind}: {}", words.subject),
        author: centre.to_owned(),
        pages: Some(issued.pages),
        remark: if record.void.is_some() {
            "bản điện tử; số đã thay thế hoặc hủy".to_owned()
        } else {
            "bản điện tử".to_owned()
        },
        file: Some(format!("{folder}/{}", issued.file)),
    }
}

/// The rows of the printed list; a document's place is the page it begins on.
pub(super) fn rows(documents: &[Document]) -> Vec<ListRow> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut page = 1;
    documents
        .iter()
        .map(|document| {
            let first = page;
            page += document.pages.unwrap_or(1);
            ListRow {
                symbol: some(&document.symbol),
                date: document.date,
                subject: document.subject.clone(),
                author: document.author.clone(),
                page: Some(first.to_string()),
                remark: some(&document.remark),
            }
        })
        .collect()
}

/// The same list as CSV, with the file of each document.
pub(super) fn csv(documents: &[Document]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "STT",
        "Số, ký hiệu",
        "Ngày",
        "Tên loại, trích yếu",
        "Tác giả",
        "Tờ số",
        "Số trang",
        "Ghi chú",
        "Tệp",
    ])?;
    for (index, (document, row)) in documents.iter().zip(rows(documents)).enumerate() {
        writer.write_record([
            (index + 1).to_string(),
            document.symbol.clone(),
            document.date.map(|date| date.to_string()).unwrap_or_default(),
            document.subject.clone(),
            document.author.clone(),
            row.page.unwrap_or_default(),
            document.pages.map(|pages| pages.to_string()).unwrap_or_default(),
            document.remark.clone(),
            document.file.clone().unwrap_or_default(),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
