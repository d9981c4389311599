//! What is known of a fact before it is recorded: rounds, units, ids, names, numbers of requests and questions.

use super::block::Value::{self, Beside, Block, Known, Later, List, Open, Remark};
use super::spot::{self, Spot};
use super::{Place, Subject, letter_at};
use crate::case::{Case, Channel, Flag, Kind, RequestOutcome, Text};
use crate::letter::LetterKind;

/// What to write at `path`. `ready`: nothing keeps the letter from being issued.
pub(super) fn value(subject: &Subject<'_>, path: &str, ready: bool) -> Value {
    let case = subject.case;
    let last = path.rsplit('.').next().unwrap_or(path);
    let key = last.split('[').next().unwrap_or(last);
    let parent = path.strip_suffix(last).map_or("", |parent| parent.trim_end_matches('.'));
    match (parent, key) {
        ("", "xem_xet_tiep_nhan") => {
            Block(vec![("ngay", Open), ("nguoi_quyet_dinh", Open), ("thuoc_pham_vi", Open), ("xu_ly_ngay_duoc", Open)])
        }
        ("", "tu_choi") => Block(vec![
            ("ngay", Open),
            ("nguoi_ky", signer(subject)),
            ("dieu_khoan", subject.settings.bases.last().map_or(Open, |basis| Known(format!("Bước 3 {}", basis.text)))),
            ("co_quan_giai_quyet", Open),
        ]),
        ("", "phieu_tiep_nhan") => Block(vec![("ngay", Open), ("nguoi_ky", signer(subject))]),
        ("", "phan_loai") => Block(vec![("ngay", Open), ("nhom", Open), ("muc_do", Open)]),
        ("", "luu_ho_so") => Block(vec![("ngay", Open), ("nguoi_luu", Open), ("noi_luu_ban_giay", Open)]),
        ("xu_ly_ngay", "bien_ban") => record(subject),
        (_, "tra_loi") => answer(subject, parent),
        (_, "chuyen_bo_phan") if last == key => transfers(subject),
        (_, "ket_qua") => findings(case, parent),
        (_, "phan_hoi") => Block(vec![("ngay", Open), ("dong_y", Open), ("noi_dung", Open), ("so_van_ban", Open)]),
        (_, "gui") if last == key => List(vec![(None, sending(subject, parent))]),
        (_, "ban_ky") => Block(vec![
            ("tep", Remark("Tên tệp bản đã ký, để trong thư mục da-ky".to_owned())),
            ("ngay", Remark("Ngày ký".to_owned())),
        ]),
        (letter, "ban_hanh") if ready && letter_at(subject, letter).is_some() => Known("co".to_owned()),
        (letter, "ban_hanh") => not_ready(subject, letter),
        ("rut_khieu_nai", "tai_lieu") => {
            List(vec![(None, Block(vec![("tep", Open), ("ten", Known("Văn bản rút khiếu nại".to_owned()))]))])
        }
        _ => Open,
    }
}

fn text(text: Option<&Text>) -> Value {
    text.map_or(Open, |text| Known(text.to_string()))
}

/// The signer letters have when they name none.
fn signer(subject: &Subject<'_>) -> Value {
    let ids: Vec<&str> = subject.settings.signers.iter().map(|signer| signer.id.as_str()).collect();
    match (&subject.settings.default_signer, ids.as_slice()) {
        (Some(id), _) => Known(id.to_string()),
        (None, [only]) => Known((*only).to_owned()),
        (None, ids) => Remark(format!("Mã người ký: {}", ids.join(" | "))),
    }
}

fn sending(subject: &Subject<'_>, letter: &str) -> Value {
    let case = subject.case;
    let name = case.complainant.as_ref().and_then(|who| who.name.as_ref());
    let by_email = match letter.rsplit_once('.').map_or(letter, |(_, key)| key) {
        "tra_loi" => answer_at(case, letter).is_some_and(|answer| answer.by_email == Some(Flag::Yes)),
        _ => false,
    };
    let unit = subject.assessment.letters.iter().find(|due| due.path == letter && due.id.kind == LetterKind::Transfer);
    let to = match unit.and_then(|due| due.id.unit.clone()) {
        Some(unit) => Known(unit),
        None => text(name),
    };
    let way = if by_email { Known("email".to_owned()) } else { Open };
    Block(vec![
        ("ngay", Open),
        ("cach", way),
        ("nguoi_nhan", to),
        ("so_van_don", Open),
        ("ngay_nhan", Open),
        ("bang_chung", Open),
    ])
}

fn answer_at<'a>(case: &'a Case, path: &str) -> Option<&'a crate::case::Answer> {
    if path == "xu_ly_ngay.tra_loi" {
        return case.settled.as_ref()?.answer.as_ref();
    }
    case.rounds.get(index(path)?)?.answer.as_ref()
}

/// The place of the first list a path goes through.
fn index(path: &str) -> Option<usize> {
    path.split_once('[')?.1.split_once(']')?.0.parse().ok()
}

fn record(subject: &Subject<'_>) -> Value {
    let case = subject.case;
    let who = case.complainant.as_ref();
    let acting = who.and_then(|who| who.attorney.as_ref()).map(|person| (&person.honorific, &person.name, None));
    let acting = acting.or_else(|| {
        let person = who?.representative.as_ref()?;
        Some((&person.honorific, &person.name, person.office.as_ref()))
    });
    let own = who.filter(|who| who.kind == Some(Kind::Individual)).map(|who| (&who.honorific, &who.name, None));
    let (honorific, name, office) = acting.or(own).unwrap_or((&None, &None, None));
    let receiver = case.intake.as_ref().and_then(|intake| intake.receiver.as_ref());
    Block(vec![
        ("ngay", Open),
        ("gio_bat_dau", Open),
        ("gio_ket_thuc", Open),
        ("dia_diem", Open),
        (
            "ben_khieu_nai",
            List(vec![(
                None,
                Block(vec![
                    ("xung_ho", honorific.as_ref().map_or(Open, |word| Known(word.to_string()))),
                    ("ho_ten", text(name.as_ref())),
                    ("chuc_vu", text(office)),
                    ("giay_to", Open),
                ]),
            )]),
        ),
        (
            "ben_trung_tam",
            List(vec![(None, Block(vec![("xung_ho", Open), ("ho_ten", text(receiver)), ("chuc_vu", Open)]))]),
        ),
        ("y_kien_khach_hang", Open),
        ("y_kien_trung_tam", Open),
        ("tung_yeu_cau", requests(case)),
        ("dong_y", Open),
        ("nguoi_lap", text(receiver)),
        ("nguoi_ky", signer(subject)),
    ])
}

/// An outcome for each request, told by its text.
fn requests(case: &Case) -> Value {
    let requests = case.intake.as_ref().map(|intake| intake.requests.as_slice()).unwrap_or_default();
    if requests.is_empty() {
        return Open;
    }
    let rows = requests.iter().enumerate().map(|(at, request)| {
        let row = Block(vec![("yeu_cau", Known((at + 1).to_string())), ("ket_qua", Open), ("noi_dung", Open)]);
        (Some(one_line(request.as_str())), row)
    });
    List(rows.collect())
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 90 { line } else { line.chars().take(87).collect::<String>() + "…" }
}

fn answer(subject: &Subject<'_>, parent: &str) -> Value {
    let case = subject.case;
    let at_once = parent == "xu_ly_ngay";
    let mut fields = vec![("ngay", Open), ("nguoi_ky", signer(subject))];
    if at_once {
        let by_email = case.intake.as_ref().and_then(|intake| intake.channel) == Some(Channel::Email);
        fields.push(("qua_email", if by_email { Known("co".to_owned()) } else { Open }));
    }
    fields.push(("ket_luan", Open));
    let again = index(parent).is_some_and(|index| case.round_number(index) > 1);
    if again {
        fields.push(("so_voi_lan_truoc", Open));
    }
    fields.push(("tung_yeu_cau", requests(case)));
    Block(fields)
}

fn transfers(subject: &Subject<'_>) -> Value {
    let units: Vec<&str> = subject.settings.units.iter().map(|unit| unit.name.as_str()).collect();
    let unit = match units.as_slice() {
        [] => Open,
        [only] => Known((*only).to_owned()),
        units => Remark(format!("Một trong: {}", units.join(" | "))),
    };
    List(vec![(
        None,
        Block(vec![("bo_phan", unit), ("ngay", Open), ("nguoi_ky", signer(subject)), ("noi_dung_xac_minh", Open)]),
    )])
}

/// The findings of the unit asked at `transfer`.
fn findings(case: &Case, transfer: &str) -> Value {
    let place = |at: usize| transfer.split('[').nth(at)?.split(']').next()?.parse::<usize>().ok();
    let asked = place(1).and_then(|round| case.rounds.get(round)).zip(place(2));
    let questions =
        asked.and_then(|(round, place)| round.transfers.get(place)).map(|transfer| transfer.questions.as_slice());
    let questions = questions.unwrap_or_default();
    let mut fields = vec![("ngay", Open), ("nguoi_xac_minh", Open)];
    if !questions.is_empty() {
        let rows = questions.iter().enumerate().map(|(at, question)| {
            let row = Block(vec![("cau_hoi", Known((at + 1).to_string())), ("tra_loi", Open)]);
            (Some(one_line(question.as_str())), row)
        });
        fields.push(("tung_cau_hoi", List(rows.collect())));
    }
    fields.extend([("ket_qua_xac_minh", Open), ("nguyen_nhan", Open), ("de_xuat", Open)]);
    Block(fields)
}

/// A letter that lacks something cannot be issued yet: what it lacks in its own block, and the line to issue it as a comment.
fn not_ready(subject: &Subject<'_>, letter: &str) -> Value {
    let absent = |key: &str| {
        let steps = spot::segments(&format!("{letter}.{key}")).unwrap_or_default();
        let spot = spot::find(subject.tree, subject.text, &steps);
        matches!(spot, Some(Spot { place: Place::After(_), ref rest, .. }) if matches!(rest.as_slice(), [spot::Segment::Key(_)]))
    };
    let missing = subject.missing.iter().filter(|(path, _)| path == letter).flat_map(|(_, missing)| missing);
    let own = missing.filter_map(|missing| missing.path.strip_prefix(letter)?.strip_prefix('.'));
    let mut keys: Vec<&str> = own.filter(|key| !key.contains(['.', '[']) && absent(key)).collect();
    keys.dedup();
    let fill = |key: &str| if key == "tung_yeu_cau" { requests(subject.case) } else { Open };
    let mut fields: Vec<(String, Value)> = keys.into_iter().map(|key| (key.to_owned(), fill(key))).collect();
    fields.push((String::new(), Later("ban_hanh: co   (điền đủ rồi mới xóa dấu # và lời này)".to_owned())));
    Beside(fields)
}

/// Requests without an outcome in the answer or record at `letter`, where issuing it needs one for each.
pub(super) fn open_requests(case: &Case, letter: &str) -> Vec<String> {
    let outcomes: &[RequestOutcome] = if letter == "xu_ly_ngay.bien_ban" {
        case.settled
            .as_ref()
            .and_then(|settled| settled.record.as_ref())
            .map(|r| r.outcomes.as_slice())
            .unwrap_or_default()
    } else if letter.ends_with("tra_loi")
        && (letter == "xu_ly_ngay.tra_loi" || index(letter).is_some_and(|i| i == 0 && case.first_round() == 1))
    {
        answer_at(case, letter).map(|answer| answer.outcomes.as_slice()).unwrap_or_default()
    } else {
        return Vec::new();
    };
    let requests = case.intake.as_ref().map_or(0, |intake| intake.requests.len());
    let open: Vec<String> = (1..=requests)
        .filter(|number| {
            !outcomes.iter().any(|o| o.outcome.is_some() && o.request.is_some_and(|r| r.0 as usize == *number))
        })
        .map(|number| number.to_string())
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    vec![format!("Chưa có kết quả cho yêu cầu số {} (ghi vào tung_yeu_cau của văn bản này).", open.join(", "))]
}
