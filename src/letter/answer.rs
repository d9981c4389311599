//! Văn bản trả lời (steps 4, 8, 10): settled at once, first round, later rounds, after a complaint was made again.

use super::letterhead::{Desk, Heading, round_of};
use super::view::{MeasureView, RequestView, view};
use super::{LetterId, LetterKind, Prepared, wording};
use crate::case::{Case, Flag, Stance};

view! { /// Answer.
AnswerView {
    about: String = "ve_viec", "Trích yếu, để viết sau chữ “V/v”", "trả lời khiếu nại của Công ty TNHH Thương mại Dịch vụ Minh Phát";
    at_once: bool = "xu_ly_ngay", "Trả lời ngay, không qua xác minh (bước 4)";
    first: bool = "lan_dau", "Trả lời lần đầu theo kết quả xác minh (bước 8)";
    again: bool = "lan_sau", "Trả lời lại sau ý kiến không đồng ý (bước 10)";
    reopened: bool = "khieu_nai_lai", "Trả lời khiếu nại gửi lại sau khi hồ sơ đã kết thúc";
    round: String = "lan", "Lần trả lời", "2";
    arrived: String = "ngay_den", "Ngày khiếu nại đến", "13/10/2026";
    channel: Option<String> = "hinh_thuc", "Khiếu nại đến bằng cách nào", "bằng văn bản gửi qua bưu điện";
    paper: Option<String> = "van_ban_khieu_nai", "Văn bản của người khiếu nại", "Công văn số 15/CV-MP ngày 12/10/2026";
    summary: String = "tom_tat", "Tóm tắt khiếu nại, để viết sau chữ “về việc”", "chứng thư chữ ký số bị thu hồi khi chưa hết hạn";
    slip: Option<String> = "phieu_tiep_nhan", "Phiếu tiếp nhận số …, ngày …", "Phiếu tiếp nhận số 03/PTN-ECA ngày 13/10/2026";
    earlier: Vec<String> = "van_ban_truoc", "Các văn bản đã trả lời, cũ trước mới sau", "Văn bản số 07/ECA-CSKH ngày 30/10/2026|Văn bản số 12/ECA-CSKH ngày 12/11/2026";
    latest: Option<String> = "van_ban_gan_nhat", "Văn bản bị phản đối: số, ngày", "Văn bản số 07/ECA-CSKH ngày 30/10/2026";
    objected: String = "ngay_y_kien", "Ngày nhận ý kiến không đồng ý hoặc khiếu nại lại", "04/11/2026";
    objection_paper: Option<String> = "van_ban_y_kien", "Số văn bản ý kiến của khách hàng", "Văn bản số 21/CV-MP";
    objection: Vec<String> = "noi_dung_y_kien", "Nội dung ý kiến, mỗi đoạn một mục", "Công ty chưa được bồi thường tiền phạt chậm nộp tờ khai.|Trung tâm chưa nêu ai chịu trách nhiệm về việc lập nhầm lệnh thu hồi.";
    units: Option<String> = "bo_phan", "Các bộ phận đã xác minh", "Phòng Kỹ thuật";
    stance: String = "giu_nguyen_dieu_chinh", "giữ nguyên hoặc điều chỉnh", "điều chỉnh";
    conclusion: Vec<String> = "ket_luan", "Kết luận, mỗi đoạn một mục", "Chứng thư bị thu hồi do lập nhầm lệnh lúc 17 giờ 42 phút ngày 11/10/2026.|Khiếu nại của Quý Công ty là có căn cứ.";
    outcomes: Vec<RequestView> = "tung_yeu_cau", "Trả lời từng yêu cầu";
    measures: Vec<MeasureView> = "bien_phap", "Biện pháp thực hiện";
    apology: bool = "xin_loi", "Có lời xin lỗi";
    by_email: bool = "qua_email", "Gửi qua thư điện tử";
}}

/// What an answer answers.
enum Occasion {
    /// The complaint itself.
    Complaint,
    /// An objection to an earlier letter: path of the reaction.
    Objection(String),
    /// A complaint made again after its end: path of the entry.
    Again(String),
}

/// What opened round number `index` (from 0), by the facts.
fn occasion(case: &Case, index: usize) -> Occasion {
    let objected = |reaction: Option<&crate::case::Reaction>| reaction.is_some_and(|r| r.agrees == Some(Flag::No));
    let mut again = 0;
    for round in 0..=index {
        let found = if round > 0 {
            if objected(case.rounds[round - 1].reaction.as_ref()) || again >= case.reopenings.len() {
                Occasion::Objection(format!("giai_quyet[{}].phan_hoi", round - 1))
            } else {
                again += 1;
                Occasion::Again(format!("khieu_nai_lai[{}]", again - 1))
            }
        } else if case.settled.as_ref().is_some_and(|settled| objected(settled.reaction.as_ref())) {
            Occasion::Objection("xu_ly_ngay.phan_hoi".to_owned())
        } else if (case.rejection.is_some() || case.settled.is_some()) && !case.reopenings.is_empty() {
            again += 1;
            Occasion::Again("khieu_nai_lai[0]".to_owned())
        } else {
            Occasion::Complaint
        };
        if round == index {
            return found;
        }
    }
    Occasion::Complaint
}

/// Letters of the case that an answer in round `index` (from 0) follows on: path, id, what it is called.
fn earlier<'a>(desk: &Desk<'a>, index: usize) -> Vec<(&'a str, &'a LetterId, &'static str)> {
    desk.assessment
        .letters
        .iter()
        .filter(|due| due.present && round_of(&due.path).is_none_or(|round| round < index))
        .filter_map(|due| {
            let what = match due.id.kind {
                LetterKind::Rejection => "Thông báo",
                LetterKind::HandlingRecord => "Biên bản xử lý khiếu nại",
                LetterKind::Answer => "Văn bản",
                _ => return None,
            };
            Some((due.path.as_str(), &due.id, what))
        })
        .collect()
}

/// "Văn bản số 12/ECA-CSKH ngày 30/10/2026", once the register knows it.
fn cited(desk: &Desk<'_>, id: &LetterId, what: &str) -> Option<String> {
    let letter = desk.other(id)?;
    Some(format!("{what} số {} ngày {}", letter.number_text, wording::short_date(letter.date)))
}

fn sentences(paragraphs: Vec<String>) -> Vec<String> {
    paragraphs.iter().map(|text| wording::sentence(text)).collect()
}

/// Units of the round that have reported.
fn units(desk: &Desk<'_>, index: usize) -> Option<String> {
    let mut names = Vec::new();
    for entry in desk.reader.entries(&format!("giai_quyet[{index}].chuyen_bo_phan")) {
        if desk.reader.has(&format!("{entry}.ket_qua"))
            && let Some(name) = desk.reader.text(&format!("{entry}.bo_phan"))
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| wording::listed(&names))
}

pub(super) fn prepare(desk: Desk<'_>, case: &Case) -> Prepared {
    let at_once = desk.id.round == 0;
    let index = desk.round_index.unwrap_or(0);
    let occasion = if at_once { Occasion::Complaint } else { occasion(case, index) };
    let mut own = body(&desk, at_once, &occasion);
    if !at_once {
        own.units = units(&desk, index);
    }
    if matches!(occasion, Occasion::Objection(_) | Occasion::Again(_)) {
        let letters = earlier(&desk, index);
        own.latest = letters.last().map(|(path, id, what)| {
            cited(&desk, id, what)
                .unwrap_or_else(|| format!("{what} {}", desk.reader.lack(&format!("{path}.ban_hanh"))))
        });
        own.earlier = letters.iter().filter_map(|(_, id, what)| cited(&desk, id, what)).collect();
        // The file may have lost the letter that was objected to.
        let latest = own.latest.get_or_insert_with(|| {
            let path = match index.checked_sub(1) {
                Some(before) => format!("giai_quyet[{before}].tra_loi.ban_hanh"),
                None => "xu_ly_ngay.tra_loi.ban_hanh".to_owned(),
            };
            format!("Văn bản {}", desk.reader.lack(&path))
        });
        if own.earlier.is_empty() {
            own.earlier.push(latest.clone());
        }
    }
    match &occasion {
        Occasion::Complaint => {}
        Occasion::Objection(path) => {
            objection(&desk, path, "so_van_ban", &mut own);
            let stance = desk.own("so_voi_lan_truoc");
            own.stance = match desk.reader.value::<Stance>(&stance) {
                Some(stance) => stance.text().to_owned(),
                None => desk.reader.lack(&stance),
            };
        }
        Occasion::Again(path) => objection(&desk, path, "so_van_ban", &mut own),
    }
    let lan = if own.again { format!(" (lần {})", own.round) } else { String::new() };
    let heading = Heading {
        title: format!("Văn bản trả lời khiếu nại{lan}, hồ sơ {}", desk.code()),
        subject: wording::capitalised(&own.about),
        addressee: desk.addressee(),
        address: desk.address(),
        recipients: vec!["Như trên".to_owned()],
        email: desk.email(),
    };
    desk.finish(heading, &own)
}

fn objection(desk: &Desk<'_>, path: &str, number: &str, own: &mut AnswerView) {
    let reader = &desk.reader;
    own.objected = reader.need_date(&format!("{path}.ngay"));
    own.objection_paper = reader.text(&format!("{path}.{number}")).map(|number| format!("Văn bản số {number}"));
    own.objection = sentences(reader.need_paragraphs(&format!("{path}.noi_dung")));
    // A single paragraph goes on after a colon.
    if let [only] = own.objection.as_mut_slice() {
        *only = wording::sentence(&wording::continued(only));
    }
}

/// All but what depends on earlier letters.
fn body(desk: &Desk<'_>, at_once: bool, occasion: &Occasion) -> AnswerView {
    let reader = &desk.reader;
    let again = matches!(occasion, Occasion::Objection(_));
    let reopened = matches!(occasion, Occasion::Again(_));
    let lan = if again { format!(" (lần {})", desk.answer_number) } else { String::new() };
    let slip = reader.has("phieu_tiep_nhan").then(|| {
        cited(desk, &LetterId::of(LetterKind::ReceiptSlip), "Phiếu tiếp nhận")
            .unwrap_or_else(|| format!("Phiếu tiếp nhận {}", reader.lack("phieu_tiep_nhan.ban_hanh")))
    });
    let conclusion = desk.own("ket_luan");
    let outcomes = desk.own("tung_yeu_cau");
    AnswerView {
        about: format!("trả lời khiếu nại của {}{lan}", desk.complainant()),
        at_once,
        first: !at_once && !again && !reopened,
        again,
        reopened,
        round: desk.answer_number.to_string(),
        arrived: reader.need_date("tiep_nhan.ngay_den"),
        channel: desk.channel().map(str::to_owned),
        paper: desk.complaint_paper(),
        summary: desk.summary(),
        slip,
        conclusion: sentences(if at_once {
            reader.paragraphs(&conclusion)
        } else {
            reader.need_paragraphs(&conclusion)
        }),
        outcomes: if again && reader.len(&outcomes) == 0 {
            Vec::new()
        } else {
            desk.outcomes(&outcomes, !again && !reopened)
        },
        measures: desk.measures(&desk.own("bien_phap")),
        apology: reader.flag(&desk.own("xin_loi")) == Some(true),
        by_email: reader.flag(&desk.own("qua_email")) == Some(true),
        ..AnswerView::default()
    }
}
