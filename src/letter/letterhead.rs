//! Where letters are made: the block of the file a letter stands for, its date, issuer, number, addressee, signer.

use chrono::NaiveDate;
use serde::Serialize;

use super::reader::Reader;
use super::view::{Letterhead, MeasureView, Paper, RequestView, merged};
use super::wording::{self, blank, plain};
use super::{EmailTo, IssuedLetter, Known, LetterId, LetterKind, Mode, Prepared, Unavailable};
use crate::case::{Case, Channel, Copy, Kind, Numeral, Outcome, Text, Withdrawal};
use crate::procedure::{Assessment, Term, TermKind};
use crate::settings::{Authority, AuthorityKind, Issuer, Series, Settings, Signer};

/// What differs from letter to letter in its letterhead.
pub(super) struct Heading {
    /// Title of the file.
    pub(super) title: String,
    /// Trích yếu.
    pub(super) subject: String,
    /// Whom it goes to.
    pub(super) addressee: String,
    /// Their address.
    pub(super) address: Option<String>,
    /// Default recipients before those of the file; "Lưu" is added.
    pub(super) recipients: Vec<String>,
    /// Where it goes by email.
    pub(super) email: Option<EmailTo>,
}

/// Who signs, as printed.
#[derive(Default)]
pub(super) struct Signature {
    pub(super) offices: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) name: String,
    pub(super) person: String,
}

impl Signature {
    /// The signature of `signer` by this right.
    pub(super) fn of(signer: &Signer, authority: &Authority) -> Self {
        let name = plain(signer.name.as_str());
        let person = wording::person(signer.honorific.as_ref().map(Text::as_str), &name);
        let note = (authority.kind == AuthorityKind::ByAttorney)
            .then(|| match (&authority.attorney_number, authority.attorney_date) {
                (Some(number), Some(date)) => Some(format!("(Giấy ủy quyền số {number} ngày {date})")),
                (Some(number), None) => Some(format!("(Giấy ủy quyền số {number})")),
                (None, Some(date)) => Some(format!("(Giấy ủy quyền ngày {date})")),
                (None, None) => None,
            })
            .flatten();
        let offices = authority.office_lines().iter().map(|line| plain(line)).collect();
        Self { offices, note: note.as_deref().map(plain), name, person }
    }
}

/// "Hà Nội, ngày 05 tháng 3 năm 2026"; the day left blank on a copy for signature.
pub(super) fn place_and_date(issuer: &Issuer, mode: Mode, date: NaiveDate) -> String {
    let place = plain(issuer.place.as_str());
    if mode == Mode::ForSignature {
        format!("{place}, ngày {} {}", blank(), wording::month_and_year(date))
    } else {
        format!("{place}, {}", wording::long_date(date))
    }
}

/// All that is needed to make one letter.
pub(super) struct Desk<'a> {
    pub(super) reader: Reader,
    pub(super) assessment: &'a Assessment,
    pub(super) settings: &'a Settings,
    pub(super) known: &'a Known,
    pub(super) id: &'a LetterId,
    pub(super) mode: Mode,
    pub(super) issuer: &'a Issuer,
    /// Path of the block the letter stands for.
    pub(super) block: String,
    /// Place of the letter's round in the list, from 0; `None` outside the rounds.
    pub(super) round_index: Option<usize>,
    /// Which answer of the case this would be, from 1.
    pub(super) answer_number: u32,
    /// Date written on the letter.
    pub(super) date: Option<NaiveDate>,
    series: Option<&'a Series>,
    today: NaiveDate,
}

impl<'a> Desk<'a> {
    pub(super) fn open(
        case: &Case,
        assessment: &'a Assessment,
        settings: &'a Settings,
        known: &'a Known,
        id: &'a LetterId,
        mode: Mode,
        today: NaiveDate,
    ) -> Result<Self, Unavailable> {
        let reader = Reader::new(case, id.kind);
        let (block, round_index) = locate(case, assessment, id).ok_or(Unavailable::NoBlock(id.kind.text()))?;
        if !reader.has(&block) {
            return Err(Unavailable::NoBlock(id.kind.text()));
        }
        let date = match id.kind {
            LetterKind::FindingsReport => reader.date(&format!("{block}.ket_qua.ngay")),
            _ => reader.date(&format!("{block}.ngay")),
        };
        let issuer = settings.issuer(date.unwrap_or(today)).ok_or(Unavailable::NoIssuer)?;
        let series = settings.series(id.kind);
        if series.is_none() && id.kind.is_registered() {
            return Err(Unavailable::NoSeries(id.kind.text()));
        }
        Ok(Self {
            reader,
            assessment,
            settings,
            known,
            id,
            mode,
            issuer,
            block,
            round_index,
            answer_number: id.round.max(1),
            date,
            series,
            today,
        })
    }

    /// Path of a field of the letter's own block.
    pub(super) fn own(&self, field: &str) -> String {
        format!("{}.{field}", self.block)
    }

    /// The day whose issuer, address and authority hold for this letter.
    pub(super) fn as_of(&self) -> NaiveDate {
        self.date.unwrap_or(self.today)
    }

    /// Path of a fact of the complainant on the day of the letter: the latest dated change, else the first entry.
    pub(super) fn party(&self, field: &str) -> String {
        let changed = self
            .reader
            .entries("thay_doi")
            .into_iter()
            .filter_map(|entry| {
                let from = self.reader.peek::<crate::case::Date>(&format!("{entry}.ngay"))?;
                (from.0 <= self.as_of() && self.reader.has(&format!("{entry}.{field}"))).then_some((from, entry))
            })
            .max_by_key(|(from, _)| *from);
        match changed {
            Some((_, entry)) => {
                self.reader.date(&format!("{entry}.ngay"));
                format!("{entry}.{field}")
            }
            None => format!("nguoi_khieu_nai.{field}"),
        }
    }

    /// Name of the complainant.
    pub(super) fn name(&self) -> String {
        self.reader.need(&self.party("ten"))
    }

    fn honorific(&self) -> Option<String> {
        self.reader.text("nguoi_khieu_nai.xung_ho")
    }

    fn complainant_kind(&self) -> Option<Kind> {
        let kind = self.reader.value("nguoi_khieu_nai.loai");
        if kind.is_none() {
            self.reader.lack("nguoi_khieu_nai.loai");
        }
        kind
    }

    /// How the complainant is spoken to.
    pub(super) fn you(&self) -> String {
        wording::address(self.complainant_kind(), self.honorific().as_deref(), &self.name())
    }

    /// "Bà Nguyễn Thị Hường, Giám đốc", when the file names a representative.
    pub(super) fn representative(&self) -> Option<String> {
        self.person_with_office(&self.party("nguoi_dai_dien"))
    }

    /// Name with honorific, and office where there is one.
    pub(super) fn person_with_office(&self, path: &str) -> Option<String> {
        if !self.reader.has(path) {
            return None;
        }
        let name = self.reader.text(&format!("{path}.ho_ten"))?;
        let person = wording::person(self.reader.text(&format!("{path}.xung_ho")).as_deref(), &name);
        Some(match self.reader.text(&format!("{path}.chuc_vu")) {
            Some(office) => format!("{person}, {office}"),
            None => person,
        })
    }

    /// "Bà Nguyễn Thị Hường, Giám đốc Công ty …"; "Ông Lê Văn A"; the name of the body alone where no head is named.
    pub(super) fn addressee(&self) -> String {
        let name = self.name();
        if self.complainant_kind() == Some(Kind::Individual) {
            return wording::person(self.honorific().as_deref(), &name);
        }
        let head = self.party("nguoi_dai_dien");
        let office = self.reader.has(&head) && self.reader.has(&format!("{head}.chuc_vu"));
        match self.representative() {
            Some(person) if office => format!("{person} {name}"),
            _ => name,
        }
    }

    /// Name of the complainant inside a sentence: with the honorific of an individual.
    pub(super) fn complainant(&self) -> String {
        let name = self.name();
        match self.complainant_kind() {
            Some(Kind::Individual) => wording::person(self.honorific().as_deref(), &name),
            _ => name,
        }
    }

    /// Address of the complainant.
    pub(super) fn address(&self) -> Option<String> {
        self.reader.text(&self.party("dia_chi"))
    }

    /// "qua thư điện tử", "bằng văn bản": how the complaint came.
    pub(super) fn channel(&self) -> Option<&'static str> {
        Some(match self.reader.value::<Channel>("tiep_nhan.hinh_thuc")? {
            Channel::Letter => "bằng văn bản",
            Channel::Email => "qua thư điện tử",
            Channel::Phone => "qua điện thoại",
            Channel::InPerson => "trực tiếp tại Trung tâm",
        })
    }

    /// How the complaint came, or the mark that the file does not say.
    pub(super) fn channel_or_lack(&self) -> String {
        self.channel().map_or_else(|| self.reader.lack("tiep_nhan.hinh_thuc"), str::to_owned)
    }

    /// Case code.
    pub(super) fn code(&self) -> String {
        self.reader.text("ma_ho_so").unwrap_or_default()
    }

    /// "Văn bản số 05/CV-MP ngày 12/10/2026", when the complaint came as a numbered or dated paper.
    pub(super) fn complaint_paper(&self) -> Option<String> {
        let number = self.reader.text("tiep_nhan.so_van_ban");
        let date = self.reader.short_date("tiep_nhan.ngay_van_ban");
        match (number, date) {
            (Some(number), Some(date)) => Some(format!("Văn bản số {number} ngày {date}")),
            (Some(number), None) => Some(format!("Văn bản số {number}")),
            (None, Some(date)) => Some(format!("văn bản ngày {date}")),
            (None, None) => None,
        }
    }

    /// The complaint as its own summary, ready to follow "về việc".
    pub(super) fn summary(&self) -> String {
        wording::continued(&self.reader.need("tiep_nhan.tom_tat"))
    }

    /// A list of papers.
    pub(super) fn papers(&self, path: &str) -> Vec<Paper> {
        self.reader.entries(path).iter().filter_map(|entry| self.paper(entry)).collect()
    }

    fn paper(&self, entry: &str) -> Option<Paper> {
        let field = |name: &str| self.reader.text(&format!("{entry}.{name}"));
        let number = field("so_ky_hieu");
        let date = self.reader.short_date(&format!("{entry}.ngay"));
        let pages = field("so_trang");
        let copy = self.reader.value::<Copy>(&format!("{entry}.loai_ban")).map(|copy| copy.text().to_owned());
        let title = field("ten")
            .or_else(|| field("tep").map(|file| format!("Tệp {file}")))
            .or_else(|| number.as_ref().map(|_| "Văn bản".to_owned()))?;
        let mut line = title.clone();
        if let Some(number) = &number {
            line.push_str(&format!(" số {number}"));
        }
        if let Some(date) = &date {
            line.push_str(&format!(" ngày {date}"));
        }
        let details: Vec<String> =
            pages.iter().map(|pages| format!("{pages} trang")).chain(copy.iter().cloned()).collect();
        if !details.is_empty() {
            line.push_str(&format!(" ({})", details.join(", ")));
        }
        Some(Paper { title, number, date, pages, copy, line })
    }

    /// Outcomes per request of the list at `path`, each with the request it answers; required. With `every`, a request
    /// without an outcome is missing too.
    pub(super) fn outcomes(&self, path: &str, every: bool) -> Vec<RequestView> {
        let entries = self.reader.entries(path);
        let mut views: Vec<RequestView> =
            entries.iter().enumerate().map(|(index, entry)| self.outcome(index, entry)).collect();
        if views.is_empty() {
            let mark = self.reader.lack(path);
            views.push(RequestView { number: "1".to_owned(), outcome: mark.clone(), texts: vec![mark], request: None });
        } else if every {
            let answered: Vec<usize> = entries
                .iter()
                .enumerate()
                .map(|(index, entry)| {
                    let number = self.reader.peek::<Numeral>(&format!("{entry}.yeu_cau"));
                    number.map_or(index, |number| number.0 as usize - 1)
                })
                .collect();
            for place in (0..self.reader.len("tiep_nhan.yeu_cau")).filter(|place| !answered.contains(place)) {
                let outcome = self.reader.lack_as(path, &format!("kết quả của yêu cầu {}", place + 1));
                let request = self.reader.text(&format!("tiep_nhan.yeu_cau[{place}]"));
                views.push(RequestView {
                    number: (views.len() + 1).to_string(),
                    request: request.map(|text| wording::clause(&text)),
                    outcome,
                    texts: Vec::new(),
                });
            }
        }
        views
    }

    fn outcome(&self, index: usize, entry: &str) -> RequestView {
        let number = self.reader.value::<Numeral>(&format!("{entry}.yeu_cau"));
        // In a later round an outcome without a number answers the objection, not a request of the complaint.
        let place = match number {
            Some(number) => Some(number.0 as usize - 1),
            None => self.round_index.is_none_or(|round| round == 0).then_some(index),
        };
        let request = place.and_then(|place| self.reader.text(&format!("tiep_nhan.yeu_cau[{place}]")));
        let outcome_path = format!("{entry}.ket_qua");
        let text_path = format!("{entry}.noi_dung");
        RequestView {
            number: (index + 1).to_string(),
            request: request.map(|text| wording::clause(&text)),
            outcome: self
                .reader
                .value::<Outcome>(&outcome_path)
                .map(|outcome| wording::capitalised(outcome.text()))
                .unwrap_or_else(|| self.reader.lack(&outcome_path)),
            texts: self.reader.need_paragraphs(&text_path).iter().map(|text| wording::sentence(text)).collect(),
        }
    }

    /// What is to be done, of the list at `path`.
    pub(super) fn measures(&self, path: &str) -> Vec<MeasureView> {
        self.reader.entries(path).iter().filter_map(|entry| self.measure(entry)).collect()
    }

    fn measure(&self, entry: &str) -> Option<MeasureView> {
        let text = wording::clause(&self.reader.text(&format!("{entry}.noi_dung"))?);
        let by = self.reader.text(&format!("{entry}.nguoi_thuc_hien"));
        let due = self.reader.short_date(&format!("{entry}.thoi_han"));
        // A measure done after the letter was written is no part of it.
        let done_path = format!("{entry}.ngay_xong");
        let done = self
            .reader
            .peek::<crate::case::Date>(&done_path)
            .filter(|done| done.0 <= self.as_of())
            .and_then(|_| self.reader.short_date(&done_path));
        let mut line = text.clone();
        if let Some(by) = &by {
            line.push_str(&format!(" ({by} thực hiện)"));
        }
        match (&done, &due) {
            (Some(done), _) => line.push_str(&format!(", đã hoàn thành ngày {done}")),
            (None, Some(due)) => line.push_str(&format!(", chậm nhất ngày {due}")),
            (None, None) => {}
        }
        Some(MeasureView { text, by, due, done, line: wording::sentence(&line) })
    }

    /// The term of this kind in this round and for this unit.
    pub(super) fn term(&self, kind: TermKind, round: Option<u32>, unit: Option<&str>) -> Option<&'a Term> {
        self.assessment.terms.iter().find(|term| {
            term.kind == kind
                && round.is_none_or(|round| term.round == round)
                && unit.is_none_or(|unit| term.unit.as_deref() == Some(unit))
        })
    }

    /// The term a receipt slip promises.
    pub(super) fn promised(&self) -> Option<&'a Term> {
        self.assessment.promised()
    }

    /// Number and date of another letter of the case.
    pub(super) fn other(&self, id: &LetterId) -> Option<&'a IssuedLetter> {
        self.known.issued.get(id)
    }

    /// Where an answer by email goes: asked for when the file says `qua_email: co`.
    pub(super) fn email(&self) -> Option<EmailTo> {
        if self.reader.flag(&self.own("qua_email")) != Some(true) {
            return None;
        }
        let path = self.party("email");
        let address = self.reader.text(&path);
        if address.is_none() {
            self.reader.lack(&path);
        }
        Some(EmailTo {
            name: self.addressee(),
            address: address.unwrap_or_default(),
            from_name: plain(self.issuer.centre.as_str()),
            from_address: self.issuer.email.as_ref().map(|email| email.as_str().to_owned()),
        })
    }

    /// "20 ngày làm việc" of the settings where the term itself does not say.
    pub(super) fn default_days(&self) -> u32 {
        self.settings.terms.answer
    }

    fn number_text(&self) -> Option<String> {
        let Mode::Issue { number } = self.mode else { return None };
        self.series.map(|series| wording::letter_number(number, series.symbol.as_str()))
    }

    fn printed_number(&self) -> String {
        self.number_text().unwrap_or_else(|| {
            self.series.map_or_else(String::new, |series| format!("{}/{}", blank(), plain(series.symbol.as_str())))
        })
    }

    fn place_date(&self) -> String {
        if matches!(self.id.kind, LetterKind::HandlingRecord | LetterKind::FindingsReport) {
            return String::new();
        }
        let place = plain(self.issuer.place.as_str());
        match (self.mode, self.date) {
            (mode, Some(date)) => place_and_date(self.issuer, mode, date),
            (Mode::ForSignature, None) => format!("{place}, ngày {} tháng {} năm {}", blank(), blank(), blank()),
            (_, None) => format!("{place}, {}", self.reader.lack(&self.own("ngay"))),
        }
    }

    fn signature(&self) -> Signature {
        let path = self.own("nguoi_ky");
        if matches!(self.id.kind, LetterKind::HandlingRecord | LetterKind::FindingsReport) {
            return Signature::default();
        }
        let wanted = self.reader.text(&path).or_else(|| self.settings.default_signer.as_ref().map(Text::to_string));
        let Some(signer) = wanted.as_deref().and_then(|id| self.settings.signer(id)) else {
            let mark = match wanted {
                Some(id) => self.reader.lack_as(&path, &format!("người ký (hoso.yaml không có mã “{id}”)")),
                None => self.reader.lack(&path),
            };
            return Signature { name: mark.clone(), person: mark, ..Signature::default() };
        };
        let Some(authority) = signer.authority(self.as_of()) else {
            let name = plain(signer.name.as_str());
            let person = wording::person(signer.honorific.as_ref().map(Text::as_str), &name);
            let label = format!("thẩm quyền ký của {name} vào ngày {}", wording::short_date(self.as_of()));
            return Signature { offices: vec![self.reader.lack_as(&path, &label)], note: None, name, person };
        };
        Signature::of(signer, authority)
    }

    fn replaces(&self) -> Option<String> {
        let (letter, withdrawal) = self.known.withdrawn.get(self.id)?;
        let verb = match withdrawal {
            Withdrawal::Void => return None,
            Withdrawal::Replace => "thay thế",
            Withdrawal::Correct => "đính chính và thay thế",
        };
        let (number, date) = (&letter.number_text, wording::short_date(letter.date));
        Some(format!("Văn bản này {verb} văn bản số {number} ngày {date}."))
    }

    fn recipients(&self, own: Vec<String>) -> Vec<String> {
        let mut all = own;
        all.extend(self.reader.texts(&self.own("noi_nhan")).iter().map(|text| wording::clause(text)));
        let mut lines: Vec<String> = all.into_iter().map(|entry| format!("{entry};")).collect();
        lines.push(format!("Lưu: VT, {}.", plain(self.settings.drafting_unit.as_str())));
        lines
    }

    /// Puts letterhead and the letter's own view together.
    pub(super) fn finish(self, heading: Heading, own: &impl Serialize) -> Prepared {
        let (company, centre) = (plain(self.issuer.company.as_str()), plain(self.issuer.centre.as_str()));
        let has_block = self.id.kind != LetterKind::FindingsReport;
        let you = if matches!(self.id.kind, LetterKind::Transfer | LetterKind::FindingsReport) {
            String::new()
        } else {
            self.you()
        };
        let signature = self.signature();
        let letterhead = Letterhead {
            case_code: self.reader.text("ma_ho_so").unwrap_or_default(),
            draft: self.mode == Mode::Draft && has_block,
            company_upper: company.to_uppercase(),
            centre_upper: centre.to_uppercase(),
            service: plain(&self.issuer.service()),
            company,
            centre,
            number: if has_block { self.printed_number() } else { String::new() },
            place_date: self.place_date(),
            title: wording::spelled(&heading.title),
            subject: heading.subject.clone(),
            plain_subject: wording::spelled(&heading.subject),
            replaces: self.replaces(),
            bases: self.settings.bases(self.as_of()).map(|basis| plain(basis.text.as_str())).collect(),
            you_first: wording::capitalised(&you),
            you,
            addressee: heading.addressee.clone(),
            addressee_address: heading.address,
            recipients: if has_block { self.recipients(heading.recipients) } else { Vec::new() },
            offices: signature.offices,
            authority_note: signature.note,
            signer: signature.name.clone(),
            signer_person: signature.person,
            issuer_address: plain(self.issuer.address.as_str()),
            issuer_phone: self.issuer.phone.as_str().to_owned(),
            issuer_email: self.issuer.email.as_ref().map(|email| email.as_str().to_owned()),
            issuer_website: self.issuer.website.as_ref().map(|website| plain(website.as_str())),
        };
        let number_text = self.number_text();
        let view = merged(&letterhead, own);
        let (facts, missing) = self.reader.finish();
        Prepared {
            id: self.id.clone(),
            mode: self.mode,
            view,
            facts,
            missing,
            title: wording::spelled(&heading.title),
            subject: wording::spelled(&heading.subject),
            addressee: wording::spelled(&heading.addressee),
            signer_name: wording::spelled(&signature.name),
            date: self.date,
            number_text,
            email: heading.email,
        }
    }
}

/// Path of the block a letter stands for, and the place of its round: as the assessment says, which numbers rounds and
/// tells units apart; else by `lan` and name.
fn locate(case: &Case, assessment: &Assessment, id: &LetterId) -> Option<(String, Option<usize>)> {
    if let Some(due) = assessment.letters.iter().find(|due| due.id == *id) {
        let path = due.path.strip_suffix(".ket_qua").unwrap_or(&due.path);
        return Some((path.to_owned(), round_of(path)));
    }
    let round = || {
        case.rounds
            .iter()
            .position(|round| round.number == Some(Numeral(id.round)))
            .or_else(|| (id.round as usize).checked_sub(1).filter(|index| *index < case.rounds.len()))
    };
    let outside = |path: &str| Some((path.to_owned(), None));
    match id.kind {
        LetterKind::ReceiptSlip => outside("phieu_tiep_nhan"),
        LetterKind::Rejection => outside("tu_choi"),
        LetterKind::HandlingRecord => outside("xu_ly_ngay.bien_ban"),
        LetterKind::Answer if id.round == 0 => outside("xu_ly_ngay.tra_loi"),
        LetterKind::Answer => round().map(|index| (format!("giai_quyet[{index}].tra_loi"), Some(index))),
        LetterKind::Transfer | LetterKind::FindingsReport => {
            let index = round()?;
            let unit = id.unit.as_deref();
            let place = case.rounds[index].transfers.iter().position(|t| t.unit.as_ref().map(Text::as_str) == unit)?;
            Some((format!("giai_quyet[{index}].chuyen_bo_phan[{place}]"), Some(index)))
        }
        LetterKind::Cover
        | LetterKind::DocumentList
        | LetterKind::HandoverList
        | LetterKind::RegisterMinutes
        | LetterKind::DisposalList
        | LetterKind::DisposalCertificate
        | LetterKind::EnclosureSheet
        | LetterKind::LetterBook
        | LetterKind::ComplaintBook
        | LetterKind::TransferBook
        | LetterKind::Report => None,
    }
}

/// Place of the round a path lies in, from 0.
pub(super) fn round_of(path: &str) -> Option<usize> {
    path.strip_prefix("giai_quyet[")?.split(']').next()?.parse().ok()
}
