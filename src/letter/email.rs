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

/// A message of the desk to its own people.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// To which addresses.
    pub to: &'a [String],
    /// Name of the sender.
    pub from_name: &'a str,
    /// Address of the sender, where the settings have one.
    pub from_address: Option<&'a str>,
    /// Subject.
    pub subject: &'a str,
    /// Body, plain text.
    pub text: &'a str,
    /// The same as HTML.
    pub html: &'a str,
    /// When it is written.
    pub date: DateTime<FixedOffset>,
}

/// Writes a message in plain text and HTML (RFC 5322, 2046), ready to be handed to a mailer. The same input gives the same bytes.
#[must_use]
pub fn notice(notice: &Notice<'_>) -> Vec<u8> {
    let seed = [notice.subject, notice.text, notice.html, &notice.date.to_rfc3339(), &notice.to.join(",")].join("\n");
    let digest = crate::fs::sha256(seed.as_bytes());
    let (id, boundary) = digest.split_at(32);
    let host =
        notice.from_address.and_then(|address| address.rsplit_once('@')).map_or("hoso.invalid", |(_, host)| host);
    let mut message = MessageBuilder::new();
    if let Some(from) = notice.from_address {
        message = message.from(Address::new_address(Some(notice.from_name), from));
    }
    let part = |kind: &'static str, body| MimePart::new(ContentType::new(kind).attribute("charset", "utf-8"), body);
    let both = MimePart::new(
        ContentType::new("multipart/alternative").attribute("boundary", format!("hoso_{boundary}")),
        vec![part("text/plain", notice.text), part("text/html", notice.html)],
    );
    let to = notice.to.iter().map(|address| Address::new_address(None::<&str>, address.as_str())).collect();
    let mut bytes = Vec::new();
    message
        .to(Address::new_list(to))
        .subject(notice.subject)
        .date(mail_builder::headers::date::Date::new(notice.date.timestamp()))
        .message_id(format!("{id}@{host}"))
        .header("Content-Language", Text::new("vi"))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .body(both)
        .serialize(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(from: Option<&str>) -> Vec<u8> {
        let to = EmailTo {
            name: "Bà Nguyễn Thị Hường, Giám đốc Công ty TNHH Thương mại Dịch vụ Minh Phát".to_owned(),
            address: "huong.nt@minhphat.example".to_owned(),
            from_name: "Trung tâm chứng thực chữ ký số công cộng E-CA".to_owned(),
            from_address: from.map(str::to_owned),
        };
        let pdf: Vec<u8> = (0..=255).cycle().take(1000).collect();
        compose(&Mail {
            to: &to,
            subject: "Trả lời khiếu nại, hồ sơ KN-2026-0042",
            body: "Kính gửi: Bà Hường\n\nTrân trọng.\n",
            pdf: &pdf,
            pdf_name: "van-ban-tra-loi-lan-1.pdf",
            date: DateTime::parse_from_rfc3339("2026-10-30T15:05:00+07:00").unwrap(),
        })
    }

    /// Python's `email` module reads the mail: an independent judge. Skipped where there is no Python. Names go through
    /// `decode_header`, because its newer address parser puts spaces between adjacent encoded words (against RFC 2047, 6.2).
    #[test]
    fn python_reads_it() {
        use std::io::Write;
        use std::process::{Command, Stdio};
        let script = "import sys,email,email.policy,email.header\n\
            b=sys.stdin.buffer.read()\n\
            m=email.message_from_bytes(b,policy=email.policy.default)\n\
            h=email.header\n\
            t=str(h.make_header(h.decode_header(email.message_from_bytes(b)['To'])))\n\
            a=list(m.iter_attachments())\n\
            w=lambda x: sys.stdout.buffer.write((str(x)+'|').encode())\n\
            [w(x) for x in [m['Subject'],t.split('<')[0].strip(),m['To'].addresses[0].addr_spec,\
            m['From'].addresses[0].addr_spec,m['Date'].datetime.timestamp(),m['X-Unsent'],len(a),a[0].get_filename(),\
            a[0].get_content_type(),a[0].get_content()==bytes(list(range(256))*4)[:1000],\
            m.get_body().get_content().replace('\\r',''),len(m.defects)]]\n";
        let Ok(mut child) =
            Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
        else {
            return;
        };
        child.stdin.take().unwrap().write_all(&message(Some("cskh@eca.example"))).unwrap();
        let read = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(
            read,
            "Trả lời khiếu nại, hồ sơ KN-2026-0042|\
             Bà Nguyễn Thị Hường, Giám đốc Công ty TNHH Thương mại Dịch vụ Minh Phát|huong.nt@minhphat.example|\
             cskh@eca.example|1793347500.0|1|1|van-ban-tra-loi-lan-1.pdf|application/pdf|True|\
             Kính gửi: Bà Hường\n\nTrân trọng.\n|0|"
        );
    }

    #[test]
    fn same_input_same_bytes_and_no_line_too_long() {
        let bytes = message(None);
        assert_eq!(bytes, message(None));
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("\r\nFrom:") && text.is_ascii(), "{text}");
        assert!(text.lines().all(|line| line.len() <= 78), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "bare line ends");
    }
}
