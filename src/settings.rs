//! `hoso.yaml`: issuer, signers, terms, numbering, retention, calendar choice, paths.
//!
//! Whatever may change over the years carries the day from which it holds, so that a letter dated last year shows last
//! year's address and signer.

pub mod parse;
pub mod users;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::case::{CitizenId, Date, Email, Flag, Numeral, Phone, Retention, Severity, Text};

/// The commented `hoso.yaml` a new workspace begins with: issuer and terms of the source, signers to be replaced.
pub const TEMPLATE: &str = include_str!("settings/hoso.yaml");

/// All settings of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Issuer, by effective date.
    #[serde(rename = "don_vi")]
    pub issuers: Vec<Issuer>,
    /// Signers with their authority.
    #[serde(rename = "nguoi_ky")]
    pub signers: Vec<Signer>,
    /// Signer of letters whose block names none.
    #[serde(rename = "nguoi_ky_mac_dinh", default)]
    pub default_signer: Option<Text>,
    /// Numbering of letters.
    #[serde(rename = "danh_so", default)]
    pub numbering: Numbering,
    /// Terms in working days.
    #[serde(rename = "thoi_han", default)]
    pub terms: Terms,
    /// Calendar choice.
    #[serde(rename = "lich", default)]
    pub calendar: CalendarChoice,
    /// How long dossiers are kept.
    #[serde(rename = "bao_quan", default)]
    pub retention: RetentionRules,
    /// Legal bases a letter cites, by effective date.
    #[serde(rename = "can_cu", default)]
    pub bases: Vec<LegalBasis>,
    /// Units that cases are passed to.
    #[serde(rename = "bo_phan", default)]
    pub units: Vec<Unit>,
    /// Where letters are kept on file: the word after "Lưu: VT, ".
    #[serde(rename = "don_vi_soan", default = "default_drafting_unit")]
    pub drafting_unit: Text,
    /// Seconds a case file must lie untouched before a letter is issued.
    #[serde(rename = "cho_yen_giay", default = "default_quiet")]
    pub quiet_seconds: u64,
    /// Whether this is a trial workspace, where steps that cannot be taken back may be taken for a made-up day.
    #[serde(rename = "thu_nghiem", default = "default_trial")]
    pub trial: Flag,
    /// Extra font files for letters Tinos lacks, relative to `forms/`.
    #[serde(rename = "phong_chu_them", default)]
    pub extra_fonts: Vec<Text>,
    /// Folders elsewhere than in the workspace.
    #[serde(rename = "duong_dan", default)]
    pub paths: Paths,
}

fn text(value: &str) -> Text {
    crate::case::value::Value::parse(value).unwrap_or_else(|_| unreachable!("a default of the program is not empty"))
}

fn default_drafting_unit() -> Text {
    text("CSKH")
}

fn default_trial() -> Flag {
    Flag::No
}

fn default_quiet() -> u64 {
    60
}

/// The issuer from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// First day it holds.
    #[serde(rename = "tu_ngay")]
    pub from: Date,
    /// Parent body: the company.
    #[serde(rename = "ten_cong_ty")]
    pub company: Text,
    /// Issuing body: the centre.
    #[serde(rename = "ten_trung_tam")]
    pub centre: Text,
    /// Short name of the body in symbols, e.g. `ECA`.
    #[serde(rename = "ten_viet_tat")]
    pub short_name: Text,
    /// The service complaints may be about, e.g. `dịch vụ chữ ký số E-CA`; without it, that of the centre by its name.
    #[serde(rename = "ten_dich_vu", default)]
    pub service: Option<Text>,
    /// Place written before the date, e.g. `Hà Nội`.
    #[serde(rename = "dia_danh")]
    pub place: Text,
    /// Address.
    #[serde(rename = "dia_chi")]
    pub address: Text,
    /// Phone.
    #[serde(rename = "dien_thoai")]
    pub phone: Phone,
    /// Website.
    #[serde(rename = "website", default)]
    pub website: Option<Text>,
    /// Email letters are sent from.
    #[serde(rename = "email", default)]
    pub email: Option<Email>,
}

/// A person who signs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// Id used in case files, e.g. `pham-van-loc`.
    #[serde(rename = "ma")]
    pub id: Text,
    /// Ông or Bà.
    #[serde(rename = "xung_ho", default)]
    pub honorific: Option<Text>,
    /// Name printed under the signature.
    #[serde(rename = "ho_ten")]
    pub name: Text,
    /// Citizen id, where a power of attorney needs it.
    #[serde(rename = "so_can_cuoc", default)]
    pub citizen_id: Option<CitizenId>,
    /// Authority, by effective date.
    #[serde(rename = "tham_quyen")]
    pub authority: Vec<Authority>,
}

/// By what right a person signs (Decree 30/2020, Article 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthorityKind {
    /// Signs as head.
    #[serde(rename = "truc_tiep")]
    Head,
    /// TM.: on behalf of a collective.
    #[serde(rename = "tm")]
    OnBehalf,
    /// KT.: deputy for the head.
    #[serde(rename = "kt")]
    Deputy,
    /// TL.: by order.
    #[serde(rename = "tl")]
    ByOrder,
    /// TUQ.: by power of attorney.
    #[serde(rename = "tuq")]
    ByAttorney,
    /// Q.: acting head.
    #[serde(rename = "q")]
    Acting,
}

/// Authority from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// First day it holds.
    #[serde(rename = "tu_ngay")]
    pub from: Date,
    /// Last day it holds; open when absent.
    #[serde(rename = "den_ngay", default)]
    pub until: Option<Date>,
    /// By what right.
    #[serde(rename = "hinh_thuc")]
    pub kind: AuthorityKind,
    /// For whom: the office after TM., KT., TL., TUQ.; absent when signing as head.
    #[serde(rename = "thay_cho", default)]
    pub principal: Option<Text>,
    /// The signer's own office.
    #[serde(rename = "chuc_vu")]
    pub office: Text,
    /// Number of the power of attorney (TUQ.).
    #[serde(rename = "so_giay_uy_quyen", default)]
    pub attorney_number: Option<Text>,
    /// Date of the power of attorney (TUQ.).
    #[serde(rename = "ngay_uy_quyen", default)]
    pub attorney_date: Option<Date>,
}

/// When numbers are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NumberingTime {
    /// Before signing: the letter is printed with its number, then signed.
    #[default]
    #[serde(rename = "truoc_khi_ky")]
    BeforeSigning,
    /// After signing: issue waits for the signed copy.
    #[serde(rename = "sau_khi_ky")]
    AfterSigning,
}

/// Who gives numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NumberingBy {
    /// The program, without gaps.
    #[default]
    #[serde(rename = "chuong_trinh")]
    Program,
    /// The registry clerk types it (`so`); checked for uniqueness only.
    #[serde(rename = "van_thu")]
    Clerk,
}

/// Numbering of letters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// When.
    #[serde(rename = "thoi_diem", default)]
    pub time: NumberingTime,
    /// By whom.
    #[serde(rename = "nguoi_cap", default)]
    pub by: NumberingBy,
    /// One row for each kind of letter.
    #[serde(rename = "so", default = "default_series")]
    pub series: Vec<Series>,
}

impl Default for Numbering {
    fn default() -> Self {
        Self { time: NumberingTime::default(), by: NumberingBy::default(), series: default_series() }
    }
}

/// Which register a kind of letter is numbered in, and its symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Kind of letter: `phieu_tiep_nhan`, `tu_choi`, `bien_ban`, `tra_loi`, `phieu_chuyen`.
    #[serde(rename = "loai")]
    pub kind: crate::letter::LetterKind,
    /// Register; kinds with the same register share their numbers.
    #[serde(rename = "so_dang_ky")]
    pub register: Text,
    /// Symbol after the number, e.g. `TB-ECA`.
    #[serde(rename = "ky_hieu")]
    pub symbol: Text,
    /// First number in a year, by year, for offices that start in the middle of one.
    #[serde(rename = "bat_dau", default)]
    pub starts: Vec<Start>,
}

/// First number of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Year.
    #[serde(rename = "nam")]
    pub year: Numeral,
    /// First number given in that year.
    #[serde(rename = "so")]
    pub number: Numeral,
}

fn default_series() -> Vec<Series> {
    use crate::letter::LetterKind::{Answer, HandlingRecord, ReceiptSlip, Rejection, Transfer};
    [
        (ReceiptSlip, "phieu-tiep-nhan", "PTN-ECA"),
        (Rejection, "thong-bao", "TB-ECA"),
        (HandlingRecord, "bien-ban", "BB-ECA"),
        (Answer, "cong-van", "ECA-CSKH"),
        (Transfer, "phieu-chuyen", "PC-ECA"),
    ]
    .into_iter()
    .map(|(kind, register, symbol)| Series { kind, register: text(register), symbol: text(symbol), starts: Vec::new() })
    .collect()
}

/// Terms, in working days. Those the source states are 5 and 20; the rest are the office's own ("theo cấu hình").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    /// Step 3: scope decision, from arrival.
    #[serde(rename = "xem_xet")]
    pub scope_decision: u32,
    /// Step 3: rejection letter, from arrival.
    #[serde(rename = "tu_choi")]
    pub rejection: u32,
    /// Step 4: answer at once, from arrival (term stated, its start not).
    #[serde(rename = "tra_loi_ngay")]
    pub answer_at_once: u32,
    /// Step 5: receipt slip, from arrival.
    #[serde(rename = "phieu_tiep_nhan")]
    pub receipt_slip: u32,
    /// Rejection and slip: warn above this many working days from arrival (Law 19/2023/QH15, Art. 57).
    #[serde(rename = "canh_bao_tiep_nhan")]
    pub intake_warning: u32,
    /// Step 6: transfer, from the slip.
    #[serde(rename = "chuyen_bo_phan")]
    pub transfer: u32,
    /// Step 7: findings, from the transfer.
    #[serde(rename = "ket_qua")]
    pub findings: u32,
    /// Step 7: findings at the latest this many days before the answer is due.
    #[serde(rename = "ket_qua_truoc_tra_loi")]
    pub findings_before_answer: u32,
    /// Step 8: answer, from the date of the slip (stated).
    #[serde(rename = "tra_loi")]
    pub answer: u32,
    /// Step 10: answer of a further round, from arrival of the objection.
    #[serde(rename = "tra_loi_lai")]
    pub re_answer: u32,
    /// No reaction: ends this many days after the answer was received.
    #[serde(rename = "khong_phan_hoi")]
    pub no_reaction: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            scope_decision: 2,
            rejection: 5,
            answer_at_once: 5,
            receipt_slip: 5,
            intake_warning: 7,
            transfer: 2,
            findings: 10,
            findings_before_answer: 5,
            answer: 20,
            re_answer: 20,
            no_reaction: 15,
        }
    }
}

/// Calendar choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarChoice {
    /// Whether the company follows the swaps announced for state bodies.
    #[serde(rename = "theo_hoan_doi")]
    pub follow_swaps: Flag,
}

impl Default for CalendarChoice {
    fn default() -> Self {
        Self { follow_swaps: Flag::Yes }
    }
}

/// How long dossiers are kept, in years from the year after the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionRules {
    /// Years for the standard class.
    #[serde(rename = "so_nam")]
    pub years: Numeral,
    /// Severities kept permanently.
    #[serde(rename = "vinh_vien")]
    pub permanent: Vec<Severity>,
}

impl Default for RetentionRules {
    fn default() -> Self {
        Self { years: Numeral(15), permanent: vec![Severity::Critical] }
    }
}

impl RetentionRules {
    /// The retention of a case: its own word first, then the rule for its severity.
    #[must_use]
    pub fn of(&self, own: Option<Retention>, severity: Option<Severity>) -> Retention {
        own.unwrap_or_else(|| {
            if severity.is_some_and(|s| self.permanent.contains(&s)) {
                Retention::Permanent
            } else {
                Retention::Standard
            }
        })
    }
}

/// A legal basis and when it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// First day it holds.
    #[serde(rename = "tu_ngay")]
    pub from: Date,
    /// Last day it holds; open when absent.
    #[serde(rename = "den_ngay", default)]
    pub until: Option<Date>,
    /// Text after "Căn cứ ", without the closing mark.
    #[serde(rename = "ten")]
    pub text: Text,
}

/// A unit that investigates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Name as written in case files.
    #[serde(rename = "ten")]
    pub name: Text,
    /// How a transfer slip addresses it, e.g. `Quý Phòng`.
    #[serde(rename = "xung_ho", default)]
    pub address: Option<Text>,
}

/// Folders elsewhere than in the workspace; relative ones are taken from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paths {
    /// The watched folder (default `ho-so`).
    #[serde(rename = "ho_so")]
    pub cases: Option<Text>,
    /// The archive (default `archive`).
    #[serde(rename = "luu_tru")]
    pub archive: Option<Text>,
    /// Journals and originals (default `.hoso`), on a local disk.
    #[serde(rename = "trang_thai")]
    pub state: Option<Text>,
}

/// How the centre is called before its own name.
const CENTRE: &str = "chứng thực chữ ký số công cộng";

impl Issuer {
    /// What the service is called inside a sentence.
    #[must_use]
    pub fn service(&self) -> String {
        let centre = self.centre.as_str();
        let own = centre.split_once(CENTRE).map(|(_, name)| name.trim()).filter(|name| !name.is_empty());
        match (&self.service, own) {
            (Some(service), _) => service.to_string(),
            (None, Some(own)) => format!("dịch vụ chữ ký số {own}"),
            (None, None) => format!("dịch vụ chữ ký số của {centre}"),
        }
    }
}

impl Settings {
    /// The issuer as of `date`: the last row that begins on or before it, else the first row.
    #[must_use]
    pub fn issuer(&self, date: NaiveDate) -> Option<&Issuer> {
        self.issuers
            .iter()
            .filter(|i| i.from.0 <= date)
            .max_by_key(|i| i.from)
            .or_else(|| self.issuers.iter().min_by_key(|i| i.from))
    }

    /// The signer with this id.
    #[must_use]
    pub fn signer(&self, id: &str) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.id.as_str() == id)
    }

    /// Numbering of a kind of letter.
    #[must_use]
    pub fn series(&self, kind: crate::letter::LetterKind) -> Option<&Series> {
        self.numbering.series.iter().find(|series| series.kind == kind)
    }

    /// Legal bases that hold on `date`.
    pub fn bases(&self, date: NaiveDate) -> impl Iterator<Item = &LegalBasis> {
        self.bases.iter().filter(move |basis| basis.from.0 <= date && basis.until.is_none_or(|until| date <= until.0))
    }
}

impl Signer {
    /// The authority that holds on `date`; the latest beginning wins.
    #[must_use]
    pub fn authority(&self, date: NaiveDate) -> Option<&Authority> {
        self.authority
            .iter()
            .filter(|a| a.from.0 <= date && a.until.is_none_or(|until| date <= until.0))
            .max_by_key(|a| a.from)
    }
}

impl Authority {
    /// The lines above the signature, e.g. `KT. GIÁM ĐỐC` / `PHÓ GIÁM ĐỐC` (Decree 30/2020, App. I, 7).
    #[must_use]
    pub fn office_lines(&self) -> Vec<String> {
        let upper = |text: &Text| text.as_str().to_uppercase();
        let mark = match self.kind {
            AuthorityKind::Head => return vec![upper(&self.office)],
            AuthorityKind::Acting => return vec![format!("Q. {}", upper(&self.office))],
            AuthorityKind::OnBehalf => "TM.",
            AuthorityKind::Deputy => "KT.",
            AuthorityKind::ByOrder => "TL.",
            AuthorityKind::ByAttorney => "TUQ.",
        };
        let mut lines = Vec::new();
        if let Some(principal) = &self.principal {
            lines.push(format!("{mark} {}", upper(principal)));
        }
        lines.push(upper(&self.office));
        lines
    }
}
