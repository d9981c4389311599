//! `hoso archive …`: the records officer's commands.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::{ARGUMENTS, OPTIONS, TEMPLATE, code, date, dossier_code, not_blank, pdf_file};
use crate::case::{CaseCode, Channel};

/// `hoso archive …`.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Tìm hồ sơ đã lưu theo tên, số, mã hay lời trong văn bản
    #[command(
        help_template = TEMPLATE,
        after_help = "Tên gõ có dấu hay không dấu đều tìm được; gõ có dấu thì hồ sơ đúng dấu đứng trước. Các từ phải có đủ; “…” là nguyên cụm; huo* là chữ đầu của từ.\nVí dụ: hoso archive find nguyen thi huong · hoso archive find 05/PTN-ECA · hoso archive find 0912 345 678 · hoso archive find --end \"đồng ý\" --from 01/01/2026"
    )]
    Find(Box<ArchiveFind>),
    /// Liệt kê hồ sơ đã lưu
    #[command(help_template = TEMPLATE)]
    List(ArchiveList),
    /// Xem một hồ sơ đã lưu: nội dung, sự kiện, văn bản, các phiên bản
    #[command(help_template = TEMPLATE)]
    Show(ArchiveShow),
    /// Kiểm tra hồ sơ đã lưu, nêu tên chỗ hỏng
    #[command(
        help_template = TEMPLATE,
        after_help = "Mã kết thúc: 0 nguyên vẹn · 1 có chỗ hỏng, thiếu hoặc không khớp sổ · 2 gõ sai lệnh.\nHồ sơ có mã băm SHA-256 đúng như nhật ký đã ghi thì giống đến từng bit bản đã được soát từng mục khi lưu; --full soát lại từng mục một lần nữa. Mỗi lần kiểm tra được ghi vào nhật ký khai thác."
    )]
    Verify(ArchiveVerify),
    /// Khôi phục hồ sơ hỏng hoặc mất từ một bản sao của kho
    #[command(
        help_template = TEMPLATE,
        after_help = "Chỉ tệp có đúng mã băm trong nhật ký mới được đưa vào kho. Hai bản cùng hỏng ở chỗ khác nhau thì ghép từng mục. Tệp hỏng được để riêng bên cạnh, không xóa."
    )]
    Repair(ArchiveRepair),
    /// Lấy hồ sơ, hoặc vài tệp của hồ sơ, ra thư mục
    #[command(help_template = TEMPLATE)]
    Extract(ArchiveExtract),
    /// Xuất một hồ sơ cho cơ quan khác: XML của Nghị định 30/2020, một tệp PDF, hoặc gói lưu trữ
    #[command(help_template = TEMPLATE)]
    Export(ArchiveExport),
    /// Hồ sơ đã hết thời hạn bảo quản
    #[command(
        help_template = TEMPLATE,
        after_help = "Thời hạn tính theo phiên bản được giữ lâu nhất. Lệnh này chỉ liệt kê: không hồ sơ nào bị hủy vì hết hạn. Hồ sơ đang tạm dừng hủy được ghi rõ."
    )]
    Due(ArchiveDue),
    /// Tạm dừng hủy: giữ hồ sơ lại dù hết thời hạn bảo quản
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH")]
    Hold {
        /// The verb.
        #[command(subcommand)]
        command: HoldCommand,
    },
    /// Hủy hồ sơ hết thời hạn bảo quản: đề nghị, phê duyệt, thực hiện, biên bản
    #[command(
        help_template = TEMPLATE,
        subcommand_help_heading = "Lệnh",
        subcommand_value_name = "LỆNH",
        after_help = "Các bước theo thứ tự, không bỏ được bước nào: propose → approve (người khác phê duyệt) → carry-out → certificate. Không hồ sơ nào bị hủy chỉ vì hết hạn; lệnh tạm dừng hủy đặt giữa chừng thì hồ sơ ấy được giữ lại. Mỗi bước nằm trong nhật ký lưu trữ lâu dài: lý do không ghi tên hay số giấy tờ của khách hàng."
    )]
    Dispose {
        /// The verb.
        #[command(subcommand)]
        command: DisposeCommand,
    },
    /// Mở lại hồ sơ đã lưu
    #[command(help_template = TEMPLATE)]
    Reopen(ArchiveReopen),
    /// Lập lại chỉ mục tra cứu từ các hồ sơ đã lưu
    #[command(help_template = TEMPLATE)]
    Reindex(ArchiveReindex),
}

/// Order of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FindSort {
    /// Hợp với lời tìm nhất đứng trước
    #[default]
    #[value(name = "lien-quan")]
    Rank,
    /// Lưu sau đứng trước
    #[value(name = "ngay")]
    Date,
    /// Theo tên người khiếu nại, thứ tự chữ cái tiếng Việt
    #[value(name = "ten")]
    Name,
}

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindState {
    /// Đã lưu
    #[value(name = "da-luu")]
    Closed,
    /// Đang mở lại
    #[value(name = "mo-lai")]
    Reopened,
    /// Đang tạm dừng hủy
    #[value(name = "tam-dung-huy")]
    Held,
    /// Đã hủy: chỉ còn mã, ngày hủy và số đợt hủy
    #[value(name = "da-huy")]
    Destroyed,
}

/// `hoso archive find`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveFind {
    /// Tên, mã hồ sơ, số văn bản, điện thoại, mã số thuế, số serial, lời trong khiếu nại và văn bản
    #[arg(value_name = "LỜI_TÌM", help_heading = ARGUMENTS, required_unless_present_any = ["from", "to", "received_from", "received_to", "end", "unit", "channel", "class", "state"])]
    pub words: Vec<String>,
    /// Lưu từ ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub from: Option<NaiveDate>,
    /// Lưu đến hết ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub to: Option<NaiveDate>,
    /// Khiếu nại đến từ ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub received_from: Option<NaiveDate>,
    /// Khiếu nại đến hết ngày này
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub received_to: Option<NaiveDate>,
    /// Cách kết thúc, một phần lời cũng được, ví dụ "đồng ý", "từ chối"
    #[arg(long, value_name = "LỜI", value_parser = not_blank)]
    pub end: Option<String>,
    /// Bộ phận đã xác minh, một phần tên cũng được
    #[arg(long, value_name = "BỘ_PHẬN", value_parser = not_blank)]
    pub unit: Option<String>,
    /// Hình thức khiếu nại: van_ban, email, dien_thoai, truc_tiep
    #[arg(long, value_name = "HÌNH_THỨC", value_parser = channel)]
    pub channel: Option<Channel>,
    /// Thời hạn bảo quản, ví dụ "15 năm", "vĩnh viễn"
    #[arg(long, value_name = "THỜI_HẠN", value_parser = not_blank)]
    pub class: Option<String>,
    /// Tình trạng: da-luu, mo-lai, tam-dung-huy, da-huy
    #[arg(long, value_name = "TÌNH_TRẠNG", hide_possible_values = true)]
    pub state: Option<FindState>,
    /// Thứ tự: lien-quan, ngay (lưu sau đứng trước), ten
    #[arg(long, value_name = "THỨ_TỰ", default_value = "lien-quan", hide_possible_values = true)]
    pub sort: FindSort,
    /// Nhiều nhất bấy nhiêu hồ sơ
    #[arg(long, value_name = "SỐ", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// In dạng CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// `hoso archive reindex`.
#[derive(Debug, Args)]
pub struct ArchiveReindex {}

/// A share in percent, above 0 and up to 100, with or without its sign.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim().replace(',', ".");
    match number.parse::<f64>() {
        Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent),
        _ => Err("Ghi số phần trăm trên 0 đến 100, ví dụ 5%.".to_owned()),
    }
}

/// A word of the case file, with a dash or an underscore.
fn channel(text: &str) -> Result<Channel, String> {
    let word = text.trim().to_lowercase().replace('-', "_");
    let known = Channel::ALL.iter().copied();
    known.clone().find(|channel| channel.word() == word).ok_or_else(|| {
        let words: Vec<String> = known.map(|channel| format!("{} ({})", channel.word(), channel.text())).collect();
        format!("Ghi một trong các từ: {}.", words.join(", "))
    })
}

/// `hoso archive list`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveList {
    /// Mục lục hồ sơ nộp lưu: các hồ sơ lưu trong năm này, bản mới nhất của mỗi hồ sơ
    #[arg(long, value_name = "NĂM", value_parser = clap::value_parser!(i32).range(1990..=9999))]
    pub handover: Option<i32>,
    /// Ghi mục lục thành tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file, requires = "handover")]
    pub pdf: Option<PathBuf>,
    /// In mục lục dạng CSV
    #[arg(long, requires = "handover", conflicts_with = "json")]
    pub csv: bool,
    /// Người lập mục lục
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank, requires = "handover")]
    pub by: Option<String>,
}

/// `hoso archive show`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveShow {
    /// Mã hồ sơ hoặc mã loạt
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub code: String,
    /// Phiên bản (mặc định: mới nhất)
    #[arg(long, value_name = "SỐ")]
    pub revision: Option<u32>,
    /// Người xem (mặc định: tài khoản của máy)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// `hoso archive verify`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveVerify {
    /// Mã hồ sơ hoặc mã loạt (mặc định: tất cả)
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub codes: Vec<String>,
    /// Chỉ kiểm tra bấy nhiêu phần trăm, lấy hồ sơ lâu chưa kiểm tra nhất
    #[arg(long, value_name = "PHẦN_TRĂM", value_parser = percent, conflicts_with = "codes")]
    pub sample: Option<f64>,
    /// Soát lại từng mục trong hồ sơ, dù mã băm cả tệp đã khớp
    #[arg(long)]
    pub full: bool,
    /// Người kiểm tra (mặc định: tài khoản của máy)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// `hoso archive repair`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveRepair {
    /// Mã hồ sơ hoặc mã loạt (mặc định: tất cả)
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub codes: Vec<String>,
    /// Thư mục bản sao của kho lưu trữ (thư mục archive, trong có các thư mục năm)
    #[arg(long, value_name = "THƯ_MỤC")]
    pub from: PathBuf,
    /// Người khôi phục (mặc định: tài khoản của máy)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// `hoso archive extract`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveExtract {
    /// Mã hồ sơ hoặc mã loạt
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub code: String,
    /// Chỉ lấy các tệp này, tên như “hoso archive show” in ra (mặc định: cả hồ sơ)
    #[arg(value_name = "TỆP", help_heading = ARGUMENTS)]
    pub entries: Vec<String>,
    /// Lấy ra thư mục này (mặc định: thư mục hiện tại, trong thư mục mang mã hồ sơ)
    #[arg(long, value_name = "THƯ_MỤC")]
    pub to: Option<PathBuf>,
    /// Ghi đè lên tệp đã có (chỉ khi lấy từng tệp)
    #[arg(long, requires = "entries")]
    pub overwrite: bool,
    /// Phiên bản (mặc định: mới nhất)
    #[arg(long, value_name = "SỐ")]
    pub revision: Option<u32>,
    /// Lấy cả khi tệp không phải bản đã lưu, để cứu những gì còn lại: thứ lấy ra không chứng minh được, và nhật ký ghi lại
    #[arg(long)]
    pub unproved: bool,
    /// Người lấy (mặc định: tài khoản của máy)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// Forms a dossier is exported in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ExportFormat {
    /// Các trường của Phụ lục VI Nghị định 30/2020
    #[default]
    #[value(name = "xml")]
    Xml,
    /// Một tệp PDF/A của cả hồ sơ, theo thứ tự thời gian, có dấu trang; tài liệu của nơi khác đi kèm dưới dạng tệp
    #[value(name = "pdf")]
    Pdf,
    /// Gói lưu trữ theo Thông tư 05/2025: METS, EAD, PREMIS và các tệp
    #[value(name = "aip")]
    Package,
}

/// `hoso archive export`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveExport {
    /// Mã hồ sơ hoặc mã loạt
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub code: String,
    /// Dạng: xml (các trường của Phụ lục VI Nghị định 30/2020), aip (gói lưu trữ theo Thông tư 05/2025)
    #[arg(long, value_name = "DẠNG", default_value = "xml", hide_possible_values = true)]
    pub format: ExportFormat,
    /// Ghi ra tệp (xml, pdf) hoặc thư mục (aip) này (mặc định: mang mã hồ sơ, ở thư mục hiện tại)
    #[arg(long, value_name = "NƠI_GHI")]
    pub to: Option<PathBuf>,
    /// Phiên bản (mặc định: mới nhất)
    #[arg(long, value_name = "SỐ")]
    pub revision: Option<u32>,
    /// Xuất cả khi tệp không phải bản đã lưu, để cứu những gì còn lại: thứ xuất ra không chứng minh được, và nhật ký ghi lại
    #[arg(long)]
    pub unproved: bool,
    /// Người xuất (mặc định: tài khoản của máy)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// `hoso archive due`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveDue {
    /// Tính đến ngày này (mặc định: hôm nay)
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub as_of: Option<NaiveDate>,
    /// In dạng CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// `hoso archive hold …`.
#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Liệt kê các lệnh tạm dừng hủy đang có hiệu lực
    #[command(help_template = TEMPLATE)]
    List(HoldList),
    /// Đặt một lệnh tạm dừng hủy
    #[command(
        help_template = TEMPLATE,
        after_help = "Một hồ sơ có thể có nhiều lệnh tạm dừng hủy, mỗi lệnh một tên; phải bỏ hết mới hủy được hồ sơ. Tên và lý do giữ mãi trong nhật ký, kể cả sau khi hồ sơ bị hủy: nêu tên, số giấy tờ, điện thoại hay địa chỉ của người trong hồ sơ thì lệnh không ghi. Không dùng --today, trừ trong thư mục dùng thử (thu_nghiem: co trong hoso.yaml)."
    )]
    Set(HoldSet),
    /// Bỏ một lệnh tạm dừng hủy
    #[command(help_template = TEMPLATE)]
    Release(HoldSet),
}

/// `hoso archive dispose …`.
#[derive(Debug, Subcommand)]
pub enum DisposeCommand {
    /// Liệt kê các đợt hủy
    #[command(help_template = TEMPLATE)]
    List,
    /// Đề nghị hủy: lập danh mục hồ sơ hết thời hạn bảo quản
    #[command(
        help_template = TEMPLATE,
        after_help = "Hồ sơ đang tạm dừng hủy, đang mở lại hoặc đã nằm trong đề nghị khác không được đưa vào. Danh mục (--pdf) có tiêu đề hồ sơ, để người phê duyệt xem và ký. Các bước hủy theo đồng hồ của máy, không dùng --today, trừ trong thư mục dùng thử (thu_nghiem: co trong hoso.yaml)."
    )]
    Propose(DisposePropose),
    /// Phê duyệt một đề nghị hủy: người khác với người đề nghị
    #[command(help_template = TEMPLATE)]
    Approve(DisposeStep),
    /// Không phê duyệt, hoặc rút lại đề nghị hay phê duyệt
    #[command(help_template = TEMPLATE)]
    Refuse(DisposeRefuse),
    /// Thực hiện việc hủy đã được phê duyệt
    #[command(
        help_template = TEMPLATE,
        after_help = "Hủy mọi phiên bản của hồ sơ, bản gốc văn bản, bản chụp căn cứ, lịch sử tệp, bản đã để riêng, mục tra cứu và bản sao giống hệt trong kho; tệp khác có thể là bản sao của hồ sơ thì hồ sơ được giữ lại và tệp được nêu tên. Không lấy lại được. Máy tắt giữa chừng thì chạy lại đúng lệnh này: việc hủy được làm tiếp. Bản sao lưu ở nơi khác phải hủy riêng."
    )]
    CarryOut(DisposeStep),
    /// Biên bản hủy: hồ sơ nào đã hủy, mã băm từng tệp
    #[command(help_template = TEMPLATE)]
    Certificate(DisposeCertificate),
}

/// `hoso archive dispose propose`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct DisposePropose {
    /// Mã hồ sơ hoặc mã loạt (mặc định: mọi hồ sơ hết thời hạn)
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub codes: Vec<String>,
    /// Hết thời hạn tính đến ngày này (mặc định: hôm nay; không quá hôm nay)
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub as_of: Option<NaiveDate>,
    /// Người đề nghị
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
    /// Ghi danh mục để ký ra tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub pdf: Option<PathBuf>,
}

/// A step of a disposal.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct DisposeStep {
    /// Số của đợt hủy, ví dụ HUY-2042-0001
    #[arg(value_name = "SỐ", help_heading = ARGUMENTS)]
    pub id: String,
    /// Người thực hiện bước này
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}

/// `hoso archive dispose refuse`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct DisposeRefuse {
    /// Số của đợt hủy, ví dụ HUY-2042-0001
    #[arg(value_name = "SỐ", help_heading = ARGUMENTS)]
    pub id: String,
    /// Lý do (giữ mãi trong nhật ký: không nêu tên, số giấy tờ, điện thoại, địa chỉ của ai)
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}

/// `hoso archive dispose certificate`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct DisposeCertificate {
    /// Số của đợt hủy, ví dụ HUY-2042-0001
    #[arg(value_name = "SỐ", help_heading = ARGUMENTS)]
    pub id: String,
    /// Ghi biên bản để ký ra tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub pdf: Option<PathBuf>,
    /// In ra dạng CSV
    #[arg(long)]
    pub csv: bool,
}

/// `hoso archive hold list`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct HoldList {
    /// Mã hồ sơ hoặc mã loạt (mặc định: tất cả)
    #[arg(value_name = "MÃ", value_parser = dossier_code)]
    pub code: Option<String>,
}

/// `hoso archive hold set` and `release`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct HoldSet {
    /// Mã hồ sơ hoặc mã loạt
    #[arg(value_name = "MÃ", help_heading = ARGUMENTS, value_parser = dossier_code)]
    pub code: String,
    /// Tên lệnh tạm dừng hủy, ví dụ "vụ án 12/2031"; cũng giữ mãi, không nêu tên ai
    #[arg(long, value_name = "TÊN", value_parser = not_blank)]
    pub name: String,
    /// Lý do (giữ mãi trong nhật ký: không nêu tên, số giấy tờ, điện thoại, địa chỉ của ai)
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}

/// `hoso archive reopen`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveReopen {
    /// Mã hồ sơ
    #[arg(value_name = "MÃ", value_parser = code)]
    pub code: CaseCode,
    /// Lý do mở lại (giữ mãi trong nhật ký: không nêu tên, số giấy tờ, điện thoại, địa chỉ của ai)
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}
