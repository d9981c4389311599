//! The mail an answer goes out with: a file a mail program opens ready to send. Sole user of `mail-builder`.

use chrono::{DateTime, FixedOffset};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;

use super::EmailTo;

/// What goes into the mail.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// To whom, from whom.
    pub to: &'a EmailTo,
    /// Subject.
    pub subject: &'a str,
    /// Body, plain text.
    pub body: &'a str,
    /// The letter.
    pub pdf: &'a [u8],
    /// File name of the letter, e.g. `van-ban-tra-loi-lan-1.pdf`.
    pub pdf_name: &'a str,
    /// Time of the event that made it, from the journal.
    pub date: DateTime<FixedOffset>,
}

/// Writes the mail (RFC 5322, 2045, 2047). The same input gives the same bytes: Message-ID and boundary come from digests.
/// `X-Unsent: 1` makes mail programs open it for sending. Without a sender's address there is no From; the mail program
/// fills it in.
#[must_use]
pub fn compose(mail: &Mail<'_>) -> Vec<u8> {
    let seed = format!(
        "{}\n{}\n{}\n{}\n{}",
        mail.to.address,
        mail.subject,
        mail.body,
        mail.date.to_rfc3339(),
        crate::fs::sha256(mail.pdf)
    );
    let digest = crate::fs::sha256(seed.as_bytes());
    let (id, boundary) = digest.split_at(32);
    let host = mail
        .to
        .from_address
        .as_deref()
        .and_then(|address| address.rsplit_once('@'))
        .map_or("hoso.invalid", |(_, host)| host);
    let mut message = MessageBuilder::new();
    if let Some(from) = &mail.to.from_address {
        message = message.from(Address::new_address(Some(mail.to.from_name.as_str()), from.as_str()));
    }
    let letter = MimePart::new(ContentType::new("application/pdf"), mail.pdf).attachment(mail.pdf_name);
    let body = MimePart::new(ContentType::new("text/plain").attribute("charset", "utf-8"), mail.body);
    let both = MimePart::new(
        ContentType::new("multipart/mixed").attribute("boundary", format!("hoso_{boundary}")),
        vec![body, letter],
    );
    let mut bytes = Vec::new();
    message
        .to(Address::new_address(Some(mail.to.name.as_str()), mail.to.address.as_str()))
        .subject(mail.subject)
        .date(mail_builder::headers::date::Date::new(mail.date.timestamp()))
        .message_id(format!("{id}@{host}"))
        .header("Content-Language", Text::new("vi"))
        .header("X-Unsent", Raw::new("1"))
        .body(both)
        .serialize(&mut bytes);
    bytes
}
