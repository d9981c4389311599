//! Letters to many: what all letters of a batch share, and what one of them may print.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::Mode;
use super::letterhead::{Signature, place_and_date};
use super::shape::{Field, Shape};
use super::view::{Letterhead, Viewed};
use super::wording::{self, blank, plain};
use crate::case::Kind;
use crate::settings::{Series, Settings};

/// Why letters of a batch cannot be made at all. Vietnamese sentences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The settings name no issuer.
    #[error("hoso.yaml chưa khai đơn vị ban hành (mục don_vi).")]
    NoIssuer,
    /// No kind of letter is numbered in this register.
    #[error("hoso.yaml không có sổ đăng ký “{0}” (mục danh_so.so).")]
    NoRegister(String),
    /// Nobody is named to sign.
    #[error("Chưa biết ai ký: hoso.yaml không có nguoi_ky_mac_dinh.")]
    NoSigner,
    /// Nobody of this id signs.
    #[error("hoso.yaml không có người ký mã “{0}”.")]
    UnknownSigner(String),
    /// The signer has no authority on the day.
    #[error("Ngày {1}, {0} không có thẩm quyền ký.")]
    NoAuthority(String, String),
}

/// What one letter of a batch says of its own.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    /// Values of the row, by column.
    pub(crate) columns: Map<String, Value>,
    /// Title of the file.
    pub(crate) title: String,
    /// Trích yếu.
    pub(crate) subject: String,
    /// Name of the person or body it goes to.
    pub(crate) name: String,
    /// Ông or Bà, for a person.
    pub(crate) honorific: Option<String>,
    /// Their address.
    pub(crate) address: Option<String>,
    /// The case it belongs to as well.
    pub(crate) case_code: Option<String>,
    /// Its number, once it has one.
    pub(crate) number: Option<u32>,
}

/// What all letters of a batch share.
#[derive(Debug, Clone)]
pub struct Circular {
    letterhead: Letterhead,
    symbol: String,
    register: String,
    signer_id: String,
    signer_name: String,
    date: NaiveDate,
}

impl Circular {
    /// Letterhead of letters of `date`, numbered in `register`, signed by `signer` or whoever signs by default.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn new(
        settings: &Settings,
        register: &str,
        signer: Option<&str>,
        date: NaiveDate,
        mode: Mode,
    ) -> Result<Self, Refused> {
        let issuer = settings.issuer(date).ok_or(Refused::NoIssuer)?;
        let series = series(settings, register).ok_or_else(|| Refused::NoRegister(register.to_owned()))?;
        let id = signer.or(settings.default_signer.as_ref().map(|id| id.as_str())).ok_or(Refused::NoSigner)?;
        let signer = settings.signer(id).ok_or_else(|| Refused::UnknownSigner(id.to_owned()))?;
        let authority = signer
            .authority(date)
            .ok_or_else(|| Refused::NoAuthority(signer.name.to_string(), wording::short_date(date)))?;
        let signature = Signature::of(signer, authority);
        let (company, centre) = (plain(issuer.company.as_str()), plain(issuer.centre.as_str()));
        let letterhead = Letterhead {
            draft: mode == Mode::Draft,
            company_upper: company.to_uppercase(),
            centre_upper: centre.to_uppercase(),
            company,
            centre,
            place_date: place_and_date(issuer, mode, date),
            bases: settings.bases(date).map(|basis| plain(basis.text.as_str())).collect(),
            recipients: vec!["Như trên;".to_owned(), format!("Lưu: VT, {}.", plain(settings.drafting_unit.as_str()))],
            offices: signature.offices,
            authority_note: signature.note,
            signer_person: signature.person,
            issuer_address: plain(issuer.address.as_str()),
            issuer_phone: issuer.phone.as_str().to_owned(),
            issuer_email: issuer.email.as_ref().map(|email| email.as_str().to_owned()),
            issuer_website: issuer.website.as_ref().map(|website| plain(website.as_str())),
            signer: signature.name.clone(),
            ..Letterhead::default()
        };
        Ok(Self {
            letterhead,
            symbol: plain(series.symbol.as_str()),
            register: register.to_owned(),
            signer_id: id.to_owned(),
            signer_name: signature.name,
            date,
        })
    }

    /// Symbol after the number.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// Register the numbers come from.
    #[must_use]
    pub fn register(&self) -> &str {
        &self.register
    }

    /// Id of who signs.
    #[must_use]
    pub fn signer_id(&self) -> &str {
        &self.signer_id
    }

    /// Who signs.
    #[must_use]
    pub fn signer_name(&self) -> &str {
        &self.signer_name
    }

    /// Date of the letters.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// What the form of one letter may print.
    pub(crate) fn view(&self, own: Own) -> Value {
        let you = you(&own.name, own.honorific.as_deref());
        let number = match own.number {
            Some(number) => wording::letter_number(number, &self.symbol),
            None => format!("{}/{}", blank(), self.symbol),
        };
        let letterhead = Letterhead {
            case_code: own.case_code.unwrap_or_default(),
            number,
            title: own.title,
            plain_subject: own.subject.clone(),
            subject: own.subject,
            you_first: wording::capitalised(&you),
            you,
            addressee: wording::person(own.honorific.as_deref(), &own.name),
            addressee_address: own.address,
            ..self.letterhead.clone()
        };
        let mut view = own.columns;
        if let Ok(Value::Object(letterhead)) = serde_json::to_value(&letterhead) {
            view.extend(letterhead);
        }
        Value::Object(view)
    }
}

/// Numbering of a register, whichever kind of letter it was declared for.
fn series<'a>(settings: &'a Settings, register: &str) -> Option<&'a Series> {
    settings.numbering.series.iter().find(|series| series.register.as_str() == register)
}

/// How the reader is spoken to. A table seldom says whether a name is that of a person.
fn you(name: &str, honorific: Option<&str>) -> String {
    if honorific.is_some() {
        return wording::address(Some(Kind::Individual), honorific, name);
    }
    let lower = name.to_lowercase();
    let body = ["công ty", "doanh nghiệp", "hợp tác xã"].iter().any(|word| lower.contains(word));
    wording::address(body.then_some(Kind::Enterprise), None, name)
}

/// Shape of what a batch form may print: the letterhead and its columns.
#[must_use]
pub(crate) fn shape(columns: Vec<Field>) -> Shape {
    let mut all = Letterhead::shape("").fields().to_vec();
    all.retain(|field| columns.iter().all(|column| column.name != field.name));
    all.extend(columns);
    Shape::Block(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_spoken_to_as_what_is_known_allows() {
        assert_eq!(you("Công ty TNHH Minh Phát", None), "Quý Công ty");
        assert_eq!(you("Hợp tác xã Rau sạch Đà Lạt", None), "Quý Hợp tác xã");
        assert_eq!(you("Nguyễn Thị Hường", Some("Bà")), "Bà");
        assert_eq!(you("Nguyễn Thị Hường", None), "Quý khách");
        assert_eq!(you("Trường THCS Lê Lợi", None), "Quý khách");
    }
}
