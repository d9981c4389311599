//! `hoso register …`: the books.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::period::month;
use super::{OPTIONS, PeriodArgs, TEMPLATE, not_blank, pdf_file};

/// Which book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Book {
    /// Sổ đăng ký văn bản đi
    #[default]
    #[value(name = "van-ban-di")]
    Letters,
    /// Sổ tiếp nhận khiếu nại
    #[value(name = "tiep-nhan")]
    Complaints,
    /// Sổ chuyển bộ phận
    #[value(name = "chuyen-bo-phan")]
    Transfers,
}

/// `hoso register …`.
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Liệt kê sổ, cả sổ hay của một kỳ; in ra thành PDF để ký
    #[command(help_template = TEMPLATE)]
    List(RegisterList),
    /// Kiểm tra sổ: chuỗi băm, số liên tục, bản gốc và bản phát hành
    #[command(help_template = TEMPLATE)]
    Verify(RegisterVerify),
    /// Hủy một số đã cấp
    #[command(help_template = TEMPLATE)]
    Void(RegisterVoid),
    /// Biên bản chốt sổ của một tháng: số cuối của các sổ, mã băm dòng cuối của các nhật ký
    #[command(
        help_template = TEMPLATE,
        after_help = "In ra, ký và giữ ở nơi khác: chuỗi mã băm chứng minh thứ tự và sự nguyên vẹn, chữ ký trên biên bản chứng minh thời điểm. Tháng chưa hết thì tính đến bây giờ."
    )]
    Minutes(RegisterMinutes),
    /// Báo cáo của một tháng, quý, năm: tồn đầu, tiếp nhận, kết thúc, tồn cuối; trễ hạn, lần hai trở đi, nguyên nhân
    #[command(
        help_template = TEMPLATE,
        after_help = "Ghi một kỳ: --month, --quarter, --year, hoặc --from với --to. Kỳ chưa hết thì tính đến hôm nay. --csv in các bảng số; --pdf ghi báo cáo có biểu đồ, để in và ký."
    )]
    Report(RegisterReport),
}

/// `hoso register report`.
#[derive(Debug, Args)]
#[command(
    next_help_heading = OPTIONS,
    group(ArgGroup::new("stretch").args(["month", "quarter", "year", "from"]).required(true))
)]
pub struct RegisterReport {
    /// Which days.
    #[command(flatten)]
    pub period: PeriodArgs,
    /// In các bảng số dạng CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Ghi báo cáo thành tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub pdf: Option<PathBuf>,
    /// Người lập báo cáo
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank, requires = "pdf")]
    pub by: Option<String>,
}

/// `hoso register minutes`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RegisterMinutes {
    /// Tháng, ví dụ 11/2026 hoặc 2026-11
    #[arg(long, value_name = "THÁNG", value_parser = month)]
    pub month: NaiveDate,
    /// Ghi biên bản thành tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub pdf: Option<PathBuf>,
    /// Người lập biên bản
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank, requires = "pdf")]
    pub by: Option<String>,
}

/// `hoso register list`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RegisterList {
    /// Sổ nào: van-ban-di, tiep-nhan, chuyen-bo-phan
    #[arg(long, value_name = "SỔ", default_value = "van-ban-di", hide_possible_values = true)]
    pub book: Book,
    /// Which days.
    #[command(flatten)]
    pub period: PeriodArgs,
    /// In dạng CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Ghi sổ thành tệp PDF này, khổ A4 nằm ngang, để in và ký
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub pdf: Option<PathBuf>,
    /// Người lập sổ, in dưới chỗ ký
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank, requires = "pdf")]
    pub by: Option<String>,
}

/// `hoso register verify`.
#[derive(Debug, Args)]
pub struct RegisterVerify {}

/// `hoso register void`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct RegisterVoid {
    /// Số và ký hiệu, ví dụ 05/TB-ECA
    #[arg(value_name = "SỐ_KÝ_HIỆU")]
    pub number: String,
    /// Năm của văn bản
    #[arg(long, value_name = "NĂM")]
    pub year: i32,
    /// Lý do hủy
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}
