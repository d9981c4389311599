//! Báo cáo: what was done about complaints in a period, as a paper to be signed.

use super::book::Sheet;
use super::papers::fitted;
use super::view::{Viewed, view};
use super::{LetterKind, Prepared, Shape, wording};
use crate::report::{Group, Late, Remedy, Report, Step};

view! { /// A group in the report.
GroupView {
    name: Vec<String> = "ten_nhom", "Tên nhóm; mỗi dòng một mục", "thư điện tử";
    open_at_start: String = "ton_dau", "Còn tồn đầu kỳ", "2";
    came: String = "tiep_nhan", "Tiếp nhận trong kỳ, kể cả khiếu nại lại", "5";
    answered: String = "da_tra_loi", "Kết thúc sau khi đã trả lời", "3";
    refused: String = "tu_choi", "Từ chối tiếp nhận", "1";
    withdrawn: String = "rut", "Khách hàng rút khiếu nại", "0";
    open_at_end: String = "ton_cuoi", "Còn tồn cuối kỳ", "3";
}}

view! { /// A stretch of the period in the first chart and its table.
PartView {
    name: String = "nhan", "Tháng, tuần hoặc năm", "tháng 11/2026";
    short: String = "nhan_ngan", "Như thế, ngắn hơn, để ghi dưới cột của biểu đồ", "T11";
    open_at_start: String = "ton_dau", "Còn tồn đầu tháng, tuần hoặc năm", "2";
    came: String = "tiep_nhan", "Tiếp nhận", "5";
    ended: String = "ket_thuc", "Kết thúc", "4";
    open_at_end: String = "ton_cuoi", "Còn tồn cuối tháng, tuần hoặc năm", "3";
}}

view! { /// A bar of a chart.
BarView {
    name: String = "nhan", "Tên của thanh", "thư điện tử";
    came: String = "tiep_nhan", "Tiếp nhận", "5";
    open_at_end: String = "ton_cuoi", "Còn tồn cuối kỳ", "3";
}}

view! { /// Letters of a kind issued in the period.
IssuedView {
    kind: Vec<String> = "ten_loai", "Loại văn bản; mỗi dòng một mục", "Văn bản trả lời";
    count: String = "so_luong", "Số lượng đã cấp số trong kỳ", "7";
    withdrawn: String = "da_rut", "Trong đó đã hủy, thay thế hoặc đính chính", "1";
}}

view! { /// A term that was missed.
LateView {
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0040";
    term: Vec<String> = "viec", "Việc phải làm; mỗi dòng một mục", "gửi văn bản trả lời";
    due: String = "thoi_han", "Thời hạn", "11/11/2026";
    met: String = "thuc_hien", "Ngày thực hiện, hoặc chưa", "13/11/2026";
    days: String = "so_ngay_tre", "Số ngày làm việc trễ", "2";
    reason: Vec<String> = "ly_do", "Lý do theo hồ sơ; mỗi dòng một mục", "Phòng Kỹ thuật báo kết quả ngày 10/11/2026";
}}

view! { /// A further round.
StepView {
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    round: String = "lan", "Lần giải quyết", "2";
    why: String = "vi_sao", "Mở vì sao", "Khách hàng không đồng ý";
    opened: String = "ngay_mo", "Ngày mở", "06/11/2026";
    answered: String = "tra_loi", "Trả lời ngày nào, giữ nguyên hay điều chỉnh; hoặc chưa", "20/11/2026, điều chỉnh";
}}

view! { /// Causes and measures of an answer.
RemedyView {
    code: Vec<String> = "ma_ho_so", "Mã hồ sơ; mỗi dòng một mục", "KN-2026-0042";
    answered: String = "ngay_tra_loi", "Ngày trả lời", "30/10/2026";
    causes: Vec<String> = "nguyen_nhan", "Nguyên nhân; mỗi dòng một mục", "Đại lý thao tác nhầm; hệ thống không buộc đính kèm văn bản yêu cầu thu hồi";
    measures: Vec<String> = "viec_da_hen", "Biện pháp đã hẹn; mỗi dòng một mục", "Bổ sung bước bắt buộc đính kèm văn bản yêu cầu khi thu hồi chứng thư (Phòng Kỹ thuật; hạn 30/11/2026)";
}}

view! { /// The report of a period.
ReportView {
    title: String = "tieu_de", "Tên văn bản, dùng làm tiêu đề tệp", "Báo cáo tình hình tiếp nhận và giải quyết khiếu nại tháng 11 năm 2026";
    company: String = "ten_cong_ty_hoa", "Tên công ty, chữ hoa", "CÔNG TY TNHH PHÁT TRIỂN CÔNG NGHỆ THÁI SƠN";
    centre: String = "ten_trung_tam_hoa", "Tên trung tâm, chữ hoa", "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA";
    author: String = "ten_trung_tam", "Tên trung tâm", "Trung tâm chứng thực chữ ký số công cộng E-CA";
    period: String = "ky", "Kỳ báo cáo", "tháng 11 năm 2026";
    until: String = "tinh_den", "Tính đến khi nào", "đến hết ngày 30 tháng 11 năm 2026";
    open_at_start: String = "ton_dau", "Còn tồn đầu kỳ", "05";
    received: String = "tiep_nhan", "Tiếp nhận trong kỳ", "07";
    taken_up_again: String = "nhan_lai", "Khiếu nại lại sau khi đã kết thúc", "00";
    answered: String = "da_tra_loi", "Kết thúc sau khi đã trả lời", "01";
    refused: String = "tu_choi", "Từ chối tiếp nhận", "00";
    withdrawn: String = "rut", "Khách hàng rút khiếu nại", "01";
    open_at_end: String = "ton_cuoi", "Còn tồn cuối kỳ", "10";
    course: Vec<PartView> = "dien_bien", "Diễn biến theo tháng, tuần hoặc năm";
    course_said: String = "mo_ta_dien_bien", "Lời tả biểu đồ diễn biến", "Biểu đồ cột. Tháng 11/2026: tiếp nhận 7, kết thúc 2, tồn cuối 10.";
    channels: Vec<GroupView> = "hinh_thuc", "Theo hình thức khiếu nại";
    channel_bars: Vec<BarView> = "bieu_do_hinh_thuc", "Biểu đồ theo hình thức";
    channels_said: String = "mo_ta_hinh_thuc", "Lời tả biểu đồ theo hình thức", "Biểu đồ thanh. Thư điện tử: tiếp nhận 3, tồn cuối kỳ 5.";
    groups: Vec<GroupView> = "nhom_khieu_nai", "Theo nhóm khiếu nại";
    group_bars: Vec<BarView> = "bieu_do_nhom", "Biểu đồ theo nhóm: các nhóm nhiều nhất, còn lại gộp chung";
    groups_said: String = "mo_ta_nhom", "Lời tả biểu đồ theo nhóm", "Biểu đồ thanh. Gia hạn: tiếp nhận 1, tồn cuối kỳ 1.";
    kinds: Vec<GroupView> = "nguoi_khieu_nai", "Theo loại người khiếu nại";
    answers: String = "cau_tra_loi", "Câu nói đã trả lời bao nhiêu", "Trong kỳ đã gửi 02 văn bản trả lời lần đầu, 00 văn bản trả lời lần hai trở đi; xử lý ngay 01 khiếu nại.";
    outcomes: String = "cau_yeu_cau", "Câu nói các yêu cầu được giải quyết thế nào", "Trong các văn bản đó, 04 yêu cầu được chấp nhận, 01 được chấp nhận một phần, 02 không được chấp nhận.";
    issued: Vec<IssuedView> = "van_ban", "Văn bản đã cấp số trong kỳ, theo loại";
    late: Vec<LateView> = "tre_han", "Các việc trễ hạn";
    further: Vec<StepView> = "lan_sau", "Các lần giải quyết thứ hai trở đi được mở trong kỳ";
    remedies: Vec<RemedyView> = "bien_phap", "Nguyên nhân và biện pháp trong các văn bản trả lời của kỳ";
    gaps: Vec<String> = "con_thieu", "Các câu nói hồ sơ nào đã hủy, không đọc được hoặc không tính được, và tính đến đâu", "Hồ sơ chưa ghi ngày đến, nên chưa tính: KN-2026-0054, KN-2026-0055.";
    place_date: String = "dia_danh_ngay", "Địa danh và ngày lập", "Hà Nội, ngày 01 tháng 12 năm 2026";
    by: Option<String> = "nguoi_lap", "Người lập báo cáo", "Vũ Thị Mai";
}}

/// Letters of a kind: its name, how many got a number, how many of these were withdrawn.
pub type Issued = (String, u32, u32);

/// Bars a chart of groups shows before the rest is put together.
const MOST_BARS: usize = 12;

/// Room for one word in a column, in points.
mod room {
    pub(super) const CODE: u32 = 84;
    pub(super) const WIDE: u32 = 90;
    pub(super) const NARROW: u32 = 70;
}

fn group(group: &Group) -> GroupView {
    let counts = group.counts;
    GroupView {
        name: fitted(&wording::capitalised(&group.name), room::WIDE),
        open_at_start: counts.open_at_start.to_string(),
        came: counts.came().to_string(),
        answered: counts.answered.to_string(),
        refused: counts.refused.to_string(),
        withdrawn: counts.withdrawn.to_string(),
        open_at_end: counts.open_at_end.to_string(),
    }
}

fn part(part: &Group, columns: usize) -> PartView {
    PartView {
        name: wording::capitalised(&part.name),
        short: short(&part.name, columns),
        open_at_start: part.counts.open_at_start.to_string(),
        came: part.counts.came().to_string(),
        ended: part.counts.ended().to_string(),
        open_at_end: part.counts.open_at_end.to_string(),
    }
}

/// Name, what came, what is left of each bar; the largest groups first, the rest put together.
fn bars(groups: &[Group], largest_first: bool) -> Vec<(String, u32, u32)> {
    let mut bars: Vec<(String, u32, u32)> = groups
        .iter()
        .map(|group| {
            (wording::plain(&wording::capitalised(&group.name)), group.counts.came(), group.counts.open_at_end)
        })
        .collect();
    if largest_first {
        bars.sort_by_key(|(_, came, left)| std::cmp::Reverse(came.saturating_add(*left)));
    }
    if bars.len() > MOST_BARS {
        let rest = bars.split_off(MOST_BARS - 1);
        let sum = |of: fn(&(String, u32, u32)) -> u32| rest.iter().map(of).fold(0, u32::saturating_add);
        bars.push(("Các nhóm khác".to_owned(), sum(|bar| bar.1), sum(|bar| bar.2)));
    }
    bars
}

fn bar_views(bars: &[(String, u32, u32)]) -> Vec<BarView> {
    let view = |(name, came, left): &(String, u32, u32)| BarView {
        name: name.clone(),
        came: came.to_string(),
        open_at_end: left.to_string(),
    };
    bars.iter().map(view).collect()
}

fn bars_said(bars: &[(String, u32, u32)]) -> String {
    let each = bars.iter().map(|(name, came, left)| format!("{name}: tiếp nhận {came}, tồn cuối kỳ {left}"));
    format!("Biểu đồ thanh. {}.", each.collect::<Vec<_>>().join("; "))
}

fn late(late: &Late) -> LateView {
    LateView {
        code: fitted(&late.code, room::CODE),
        term: fitted(&late.term, room::NARROW),
        due: wording::short_date(late.due),
        met: late.met.map_or_else(|| "chưa".to_owned(), wording::short_date),
        days: late.days.to_string(),
        reason: fitted(late.reason.as_deref().unwrap_or("hồ sơ chưa ghi"), room::NARROW),
    }
}

fn further(step: &Step) -> StepView {
    let stance = step.stance.map(|stance| format!(", {stance}")).unwrap_or_default();
    StepView {
        code: fitted(&step.code, room::CODE),
        round: step.round.to_string(),
        why: if step.taken_up_again {
            "Khiếu nại lại sau khi đã kết thúc"
        } else {
            "Khách hàng không đồng ý"
        }
        .to_owned(),
        opened: wording::short_date(step.opened),
        answered: step
            .answered
            .map_or_else(|| "chưa trả lời".to_owned(), |day| format!("{}{stance}", wording::short_date(day))),
    }
}

/// Several texts in a cell, each with a dash where there are more than one.
fn listed(texts: &[String], none: &str) -> Vec<String> {
    match texts {
        [] => vec![none.to_owned()],
        [one] => fitted(one, room::WIDE),
        many => many.iter().flat_map(|one| fitted(&format!("- {one}"), room::WIDE)).collect(),
    }
}

fn remedy(remedy: &Remedy) -> RemedyView {
    RemedyView {
        code: fitted(&remedy.code, room::CODE),
        answered: wording::short_date(remedy.answered),
        causes: listed(&remedy.causes, "chưa ghi"),
        measures: listed(&remedy.measures, "không"),
    }
}

/// The report as a paper. `sheet` names the period asked for; the report may end before it.
#[must_use]
pub fn prepare(sheet: &Sheet, report: &Report, issued: &[Issued], gaps: &[String]) -> Prepared {
    let period = sheet.period_text();
    let title = format!("Báo cáo tình hình tiếp nhận và giải quyết khiếu nại {period}");
    let (counts, answers, outcomes) = (report.counts, report.answers, report.outcomes);
    let count = |number: u32| wording::count(number as usize);
    let course = report.course.iter().map(|part| {
        let Group { name, counts } = part;
        format!("{name}: tiếp nhận {}, kết thúc {}, tồn cuối {}", counts.came(), counts.ended(), counts.open_at_end)
    });
    let course = wording::capitalised(&course.collect::<Vec<_>>().join("; "));
    let (channels, groups) = (bars(&report.by_channel, false), bars(&report.by_group, true));
    let kind = |(name, count, withdrawn): &Issued| IssuedView {
        kind: fitted(&wording::capitalised(name), room::WIDE),
        count: count.to_string(),
        withdrawn: withdrawn.to_string(),
    };
    let view = ReportView {
        title: title.clone(),
        company: wording::plain(&sheet.company).to_uppercase(),
        centre: wording::plain(&sheet.centre).to_uppercase(),
        author: wording::plain(&sheet.centre),
        period,
        until: format!("đến hết {}", wording::long_date(report.period.last)),
        open_at_start: count(counts.open_at_start),
        received: count(counts.received),
        taken_up_again: count(counts.taken_up_again),
        answered: count(counts.answered),
        refused: count(counts.refused),
        withdrawn: count(counts.withdrawn),
        open_at_end: count(counts.open_at_end),
        course: report.course.iter().map(|one| part(one, report.course.len())).collect(),
        course_said: format!("Biểu đồ cột. {course}."),
        channels: report.by_channel.iter().map(group).collect(),
        channels_said: bars_said(&channels),
        channel_bars: bar_views(&channels),
        groups: report.by_group.iter().map(group).collect(),
        groups_said: bars_said(&groups),
        group_bars: bar_views(&groups),
        kinds: report.by_kind.iter().map(group).collect(),
        answers: format!(
            "Trong kỳ đã gửi {} văn bản trả lời lần đầu, {} văn bản trả lời lần hai trở đi; xử lý ngay {} khiếu nại.",
            count(answers.first),
            count(answers.further),
            count(answers.at_once)
        ),
        outcomes: format!(
            "Trong các lần trả lời và xử lý đó, {} yêu cầu được chấp nhận, {} được chấp nhận một phần, {} không được chấp nhận.",
            count(outcomes.accepted),
            count(outcomes.in_part),
            count(outcomes.refused)
        ),
        issued: issued.iter().map(kind).collect(),
        late: report.late.iter().map(late).collect(),
        further: report.further.iter().map(further).collect(),
        remedies: report.remedies.iter().map(remedy).collect(),
        gaps: gaps.iter().map(|gap| wording::plain(gap)).collect(),
        place_date: format!("{}, {}", wording::plain(&sheet.place), wording::long_date(sheet.date)),
        by: sheet.by.as_deref().map(wording::plain),
    };
    sheet.prepared(LetterKind::Report, title, serde_json::to_value(view).unwrap_or_default())
}

/// What stands under a column: the more there are, the shorter.
fn short(name: &str, columns: usize) -> String {
    let Some(month) = name.strip_prefix("tháng ") else { return name.to_owned() };
    match month.split_once('/') {
        Some((number, _)) if columns > 6 => format!("T{}", number.trim_start_matches('0')),
        _ => month.to_owned(),
    }
}

pub(super) fn shape() -> Shape {
    ReportView::shape("")
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn names_under_columns_are_as_short_as_they_must_be() {
        assert_eq!(short("tháng 01/2026", 12), "T1");
        assert_eq!(short("tháng 12/2026", 12), "T12");
        assert_eq!(short("tháng 10/2026", 3), "10/2026");
        assert_eq!(short("02/11–08/11", 5), "02/11–08/11");
    }
}
