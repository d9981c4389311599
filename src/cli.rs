//! clap types only: what the command line looks like, in Vietnamese.

mod archive;
mod period;
mod register;
pub mod usage;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use archive::{
    ArchiveCommand, ArchiveDue, ArchiveExport, ArchiveExtract, ArchiveFind, ArchiveList, ArchiveReindex, ArchiveReopen,
    ArchiveRepair, ArchiveShow, ArchiveVerify, DisposeCertificate, DisposeCommand, DisposePropose, DisposeRefuse,
    DisposeStep, ExportFormat, FindSort, FindState, HoldCommand, HoldList, HoldSet,
};

pub use period::PeriodArgs;
pub use register::{
    Book, RegisterCommand, RegisterList, RegisterMinutes, RegisterReport, RegisterVerify, RegisterVoid,
};

use crate::batch::Shard;
use crate::case::{CaseCode, Date, Email, value::Value};

const TEMPLATE: &str = "{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";
const GLOBAL: &str = "Tùy chọn chung";
const OPTIONS: &str = "Tùy chọn";
const ARGUMENTS: &str = "Tham số";

/// Hồ sơ khiếu nại: từ tệp YAML trong thư mục chung đến văn bản, sổ đăng ký và hồ sơ lưu trữ.
#[derive(Debug, Parser)]
#[command(
    name = "hoso",
    version,
    about = "Hồ sơ khiếu nại: từ tệp YAML trong thư mục chung đến văn bản, sổ đăng ký và hồ sơ lưu trữ.",
    long_about = None,
    help_template = TEMPLATE,
    override_usage = "hoso [TÙY CHỌN] LỆNH",
    subcommand_help_heading = "Lệnh",
    subcommand_value_name = "LỆNH",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    after_help = "Mã kết thúc: 0 ổn (trễ hạn và cảnh báo vẫn là 0) · 1 có lỗi trong dữ liệu · 2 gõ sai lệnh · 70 lỗi của chương trình.\nBiến môi trường: NO_COLOR (không tô màu), SOURCE_DATE_EPOCH (thời điểm thay cho đồng hồ)."
)]
pub struct Cli {
    /// Options every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub command: Command,
}

/// The command line's description with what the argument parser says of its own in Vietnamese as well.
#[must_use]
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    in_vietnamese(command)
}

/// Reads the command line of this process.
///
/// # Errors
/// When it is wrong, or asks for help or version only.
pub fn parse() -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&command().try_get_matches()?)
}

fn in_vietnamese(mut command: clap::Command) -> clap::Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[TÙY CHỌN]");
    let with_default = |arg: clap::Arg| {
        let values: Vec<_> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        if values.is_empty() || matches!(arg.get_action(), ArgAction::SetTrue | ArgAction::Count) {
            return arg;
        }
        arg.help(format!("{help} (mặc định: {})", values.join(", "))).hide_default_value(true)
    };
    command.override_usage(usage).mut_args(with_default).mut_subcommands(in_vietnamese)
}

/// Options every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = GLOBAL)]
pub struct Global {
    /// Thư mục làm việc (nơi có hoso.yaml)
    #[arg(short = 'C', long = "directory", value_name = "THƯ_MỤC", global = true)]
    pub directory: Option<PathBuf>,
    /// In kết quả dạng JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Coi hôm nay là ngày này (20/11/2026 hoặc 2026-11-20)
    #[arg(long, value_name = "NGÀY", global = true, value_parser = date)]
    pub today: Option<NaiveDate>,
    /// Số việc làm cùng lúc (mặc định: số lõi của máy)
    #[arg(long, value_name = "SỐ", global = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// In thêm chi tiết (-vv: nhiều hơn)
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// In trợ giúp này
    #[arg(short, long, action = ArgAction::Help, global = true)]
    pub help: Option<bool>,
    /// In phiên bản
    #[arg(short = 'V', long, action = ArgAction::Version)]
    pub version: Option<bool>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tạo thư mục làm việc mới: hoso.yaml, lịch nghỉ, thư mục hồ sơ
    #[command(help_template = TEMPLATE)]
    Init(Init),
    /// Tạo tệp hồ sơ mới có sẵn mã và lời chú
    #[command(help_template = TEMPLATE)]
    New(New),
    /// Soát tệp hồ sơ, không ghi gì
    #[command(help_template = TEMPLATE)]
    Check(Check),
    /// Làm một lượt: dự thảo, cấp số, lưu hồ sơ
    #[command(help_template = TEMPLATE)]
    Build(Build),
    /// Làm một lượt rồi theo dõi thư mục, có thay đổi là làm tiếp
    #[command(help_template = TEMPLATE)]
    Watch(Watch),
    /// Trang tra cứu kho lưu trữ bằng trình duyệt, chỉ để xem
    #[command(
        help_template = TEMPLATE,
        after_help = "Mặc định chỉ mở cho trình duyệt trên chính máy này. Muốn mở cho máy khác thì khai người dùng trong nguoi-dung.yaml (chuỗi băm mật khẩu lấy từ --hash-password) và đặt một proxy có TLS phía trước: trang này không tự mã hóa đường truyền.\nMỗi lần xem hay tải hồ sơ được ghi vào nhật ký khai thác."
    )]
    Serve(Serve),
    /// Hồ sơ nào đang ở bước nào, việc gì tới hạn
    #[command(help_template = TEMPLATE)]
    Status(Status),
    /// Bản tóm tắt buổi sáng: việc trễ, việc tới hạn, hồ sơ có lỗi, đang chờ ai
    #[command(help_template = TEMPLATE)]
    Digest(Digest),
    /// Tính thời hạn theo ngày làm việc
    #[command(help_template = TEMPLATE)]
    Deadline(Deadline),
    /// Giải thích từng thời hạn của hồ sơ, từng ngày một
    #[command(help_template = TEMPLATE)]
    Explain(Explain),
    /// Giải thích một mã lỗi: nghĩa là gì, ví dụ sai và đúng, cần làm gì
    #[command(help_template = TEMPLATE)]
    ExplainCode(ExplainCode),
    /// In JSON Schema của tệp hồ sơ, cho trình soạn thảo
    #[command(help_template = TEMPLATE)]
    Schema(Schema),
    /// Các bản đã lưu của một tệp hồ sơ: liệt kê, so, lấy lại
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    History(History),
    /// Sổ đăng ký: liệt kê, kiểm tra, hủy số
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Register {
        /// What to do with the register.
        #[command(subcommand)]
        command: RegisterCommand,
    },
    /// Văn bản đã ban hành: kiểm tra một tệp PDF có đúng là văn bản đã ban hành
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Letter {
        /// What to do with a letter.
        #[command(subcommand)]
        command: LetterCommand,
    },
    /// Kho lưu trữ: liệt kê, kiểm tra, lấy ra, mở lại
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Archive {
        /// What to do with the archive.
        #[command(subcommand)]
        command: ArchiveCommand,
    },
    /// Biểu mẫu: soát, xem thử
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Form {
        /// What to do with the forms.
        #[command(subcommand)]
        command: FormCommand,
    },
    /// Làm văn bản hàng loạt: mỗi dòng của bảng dữ liệu một văn bản
    #[command(help_template = TEMPLATE, subcommand_help_heading = "Lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Batch(Batch),
    /// Chạy thử với các hồ sơ mẫu, trong thư mục demo
    #[command(help_template = TEMPLATE)]
    Demo(Demo),
    /// In phần gõ lệnh tự động cho shell
    #[command(help_template = TEMPLATE)]
    Completions(Completions),
    /// Ghi các trang hướng dẫn man vào thư mục
    #[command(help_template = TEMPLATE)]
    Man(Man),
}

/// `hoso init`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Init {
    /// Thư mục cần tạo (mặc định: thư mục hiện tại)
    #[arg(id = "target", value_name = "THƯ_MỤC")]
    pub directory: Option<PathBuf>,
}

/// `hoso new`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct New {
    /// Mã hồ sơ muốn dùng, thay cho mã kế tiếp
    #[arg(long, value_name = "MÃ", value_parser = code)]
    pub code: Option<CaseCode>,
}

/// `hoso check`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Check {
    /// Tệp hồ sơ cần soát (mặc định: mọi tệp trong ho-so)
    #[arg(value_name = "TỆP")]
    pub paths: Vec<PathBuf>,
}

/// `hoso build`.
#[derive(Debug, Args)]
pub struct Build {}

/// `hoso watch`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Watch {
    /// Quét lại toàn bộ thư mục sau mỗi số giây này
    #[arg(long, value_name = "GIÂY", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub interval: u64,
    /// Tệp phải yên trong số mili giây này mới đọc
    #[arg(long, value_name = "MILI_GIÂY", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(10..=600_000))]
    pub settle: u64,
    /// Chỉ quét, không nghe thay đổi; trên ổ NFS, SMB, FUSE chương trình tự làm như vậy
    #[arg(long)]
    pub poll: bool,
}

/// `hoso serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Serve {
    /// Địa chỉ và cổng
    #[arg(long, value_name = "ĐỊA_CHỈ:CỔNG", default_value = "127.0.0.1:8765", value_parser = address)]
    pub listen: std::net::SocketAddr,
    /// Không mở trang: đọc một mật khẩu, in chuỗi băm để ghi vào nguoi-dung.yaml
    #[arg(long, conflicts_with = "listen")]
    pub hash_password: bool,
}

/// `hoso status`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Status {
    /// Chỉ hồ sơ này
    #[arg(value_name = "MÃ", value_parser = code)]
    pub code: Option<CaseCode>,
    /// Chỉ hồ sơ trễ hạn
    #[arg(long)]
    pub late: bool,
}

/// `hoso digest`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Digest {
    /// In dạng HTML
    #[arg(long, conflicts_with_all = ["json", "eml"])]
    pub html: bool,
    /// In thành thư gửi được ngay (văn bản và HTML) cho các địa chỉ này
    #[arg(long, value_name = "ĐỊA_CHỈ", num_args = 1.., conflicts_with = "json", value_parser = email)]
    pub eml: Vec<String>,
    /// Bản tóm tắt trước là của ngày này (mặc định: ngày làm việc liền trước)
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub since: Option<NaiveDate>,
}

/// Whether the company follows swaps of working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SwapChoice {
    /// Theo lịch hoán đổi
    Follow,
    /// Không theo lịch hoán đổi
    Ignore,
}

/// `hoso deadline`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct Deadline {
    /// Ngày xảy ra sự kiện (ngày 0)
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub from: NaiveDate,
    /// Số ngày làm việc
    #[arg(long, value_name = "SỐ", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub days: u32,
    /// Ngày hoán đổi: follow = theo, ignore = không theo (mặc định: theo hoso.yaml)
    #[arg(long, value_name = "CÁCH", hide_possible_values = true)]
    pub swaps: Option<SwapChoice>,
}

/// `hoso explain`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Explain {
    /// Mã hồ sơ
    #[arg(value_name = "MÃ", value_parser = code)]
    pub code: CaseCode,
}

/// `hoso explain-code`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct ExplainCode {
    /// Mã lỗi, ví dụ HS012 (không ghi: liệt kê mọi mã)
    #[arg(value_name = "MÃ_LỖI")]
    pub code: Option<String>,
}

/// `hoso schema`.
#[derive(Debug, Args)]
pub struct Schema {}

/// `hoso history`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct History {
    /// What to do with a version.
    #[command(subcommand)]
    pub command: Option<HistoryCommand>,
    /// Mã hồ sơ, hoặc tên tệp hồ sơ
    #[arg(value_name = "MÃ", required = true, value_parser = case_name)]
    pub case: Option<String>,
    /// So hai bản theo từng dòng; chỉ ghi một số thì so bản ấy với bản mới nhất
    #[arg(long, value_name = "BẢN", num_args = 1..=2, value_parser = clap::value_parser!(u32).range(1..))]
    pub compare: Vec<u32>,
}

/// `hoso history …`.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Chép một bản cũ ra cạnh tệp hồ sơ; không ghi đè gì
    #[command(help_template = TEMPLATE)]
    Restore(HistoryRestore),
}

/// `hoso history restore`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct HistoryRestore {
    /// Mã hồ sơ, hoặc tên tệp hồ sơ
    #[arg(value_name = "MÃ", value_parser = case_name)]
    pub case: String,
    /// Số của bản cần lấy lại
    #[arg(value_name = "BẢN", value_parser = clap::value_parser!(u32).range(1..))]
    pub version: u32,
}

/// `hoso letter …`.
#[derive(Debug, Subcommand)]
pub enum LetterCommand {
    /// Kiểm tra tệp PDF: đúng bản đã ban hành, có thêm chữ ký số, đã bị sửa, hay không biết
    #[command(
        help_template = TEMPLATE,
        after_help = "Mã kết thúc: 0 đúng bản đã ban hành (kể cả khi có thêm chữ ký số, hoặc số đã rút) · 1 đã bị sửa, hoặc lập lại ra khác · 2 không biết văn bản này, hoặc không kiểm tra được.\nGiá trị của chữ ký số không được kiểm tra ở đây."
    )]
    Verify(LetterVerify),
    /// Bản che thông tin cá nhân của một văn bản đã ban hành, để đưa cho bên thứ ba
    #[command(
        help_template = TEMPLATE,
        after_help = "Tên, số giấy tờ, điện thoại, địa chỉ, email của khách hàng được thay bằng vạch đen: chữ không còn trong tệp. Bản che không có số mới, không vào sổ, không có giá trị thay bản gốc. Tên người khác chỉ nhắc trong lời văn mà hồ sơ không ghi thành mục thì chương trình không biết: đọc lại trước khi đưa ra ngoài."
    )]
    Redact(LetterRedact),
}

/// `hoso letter redact`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct LetterRedact {
    /// Số và ký hiệu, ví dụ 05/ECA-CSKH
    #[arg(value_name = "SỐ_KÝ_HIỆU", value_parser = not_blank)]
    pub number: String,
    /// Năm của văn bản
    #[arg(long, value_name = "NĂM")]
    pub year: i32,
    /// Ghi bản che vào tệp PDF này
    #[arg(long, value_name = "TỆP", value_parser = pdf_file)]
    pub out: PathBuf,
    /// Người lấy bản che (mặc định: tài khoản đang dùng)
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: Option<String>,
}

/// `hoso letter verify`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct LetterVerify {
    /// Tệp PDF cần kiểm tra
    #[arg(value_name = "TỆP")]
    pub file: PathBuf,
    /// Đối chiếu với hồ sơ lưu này, không cần thư mục làm việc
    #[arg(long, value_name = "ZIP")]
    pub dossier: Option<PathBuf>,
    /// Lập lại văn bản từ bản chụp căn cứ rồi so từng byte
    #[arg(long)]
    pub rerender: bool,
}

/// `hoso form …`.
#[derive(Debug, Subcommand)]
pub enum FormCommand {
    /// Soát mọi biểu mẫu và kiểu trình bày, với dữ liệu ít nhất và nhiều nhất
    #[command(help_template = TEMPLATE)]
    Check(FormCheck),
    /// In thử một biểu mẫu ra PDF, với dữ liệu ví dụ hoặc của một hồ sơ
    #[command(help_template = TEMPLATE)]
    Preview(FormPreview),
}

/// `hoso form check`.
#[derive(Debug, Args)]
pub struct FormCheck {}

/// `hoso form preview`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct FormPreview {
    /// Tên biểu mẫu, ví dụ phieu-tiep-nhan
    #[arg(value_name = "BIỂU_MẪU")]
    pub form: String,
    /// Lấy dữ liệu của hồ sơ này
    #[arg(long, value_name = "MÃ", value_parser = code)]
    pub case: Option<CaseCode>,
    /// Ghi vào tệp này (mặc định: <biểu mẫu>.xem-thu.pdf)
    #[arg(long, value_name = "TỆP")]
    pub out: Option<PathBuf>,
    /// Theo dõi thư mục forms, biểu mẫu đổi thì in lại
    #[arg(long)]
    pub watch: bool,
}

/// `hoso batch`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Batch {
    /// What to do with a batch that has numbers.
    #[command(subcommand)]
    pub command: Option<BatchCommand>,
    /// Mẫu hàng loạt, ví dụ thong-bao-su-co
    #[arg(value_name = "MẪU", required = true)]
    pub form: Option<String>,
    /// Bảng dữ liệu: .csv, .xlsx, .yaml hoặc .jsonl
    #[arg(value_name = "DỮ_LIỆU", required = true)]
    pub data: Option<PathBuf>,
    /// Thư mục nhận văn bản
    #[arg(long, value_name = "THƯ_MỤC", required_unless_present_any = ["check", "issue"])]
    pub out: Option<PathBuf>,
    /// Chỉ soát bảng dữ liệu, không ghi gì; cùng --issue thì soát cả những điều chỉ ban hành mới cần
    #[arg(long, conflicts_with = "out")]
    pub check: bool,
    /// Bỏ qua các dòng có lỗi; các lỗi ấy ghi vào dong-loi.csv
    #[arg(long)]
    pub skip_bad: bool,
    /// Làm bản trình ký thay cho dự thảo
    #[arg(long, conflicts_with = "issue")]
    pub for_signature: bool,
    /// Ban hành: dự trữ số cho các dòng theo thứ tự, rồi làm văn bản có số; xong thì niêm phong bằng hoso batch seal
    #[arg(long, conflicts_with = "out")]
    pub issue: bool,
    /// Gộp thêm thành tệp PDF để in: mỗi văn bản một dấu trang; nhiều tập thì thêm -001, -002 vào tên, với --shard thì thêm cả tên phần
    #[arg(long, value_name = "TỆP", conflicts_with = "check", value_parser = pdf_file)]
    pub merge: Option<PathBuf>,
    /// Số văn bản nhiều nhất trong một tập in
    #[arg(long, value_name = "SỐ", default_value = "500", requires = "merge", value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub volume: u32,
    /// Ngày của văn bản (mặc định: ngày của loạt đang làm dở, hoặc hôm nay)
    #[arg(long, value_name = "NGÀY", value_parser = date)]
    pub date: Option<NaiveDate>,
    /// Mã người ký trong hoso.yaml (mặc định: nguoi_ky_mac_dinh)
    #[arg(long, value_name = "MÃ", value_parser = not_blank)]
    pub signer: Option<String>,
    /// Chỉ làm một phần cố định, ví dụ 3/16: phần thứ ba trong mười sáu phần
    #[arg(long, value_name = "PHẦN", default_value = "1/1", hide_default_value = true, value_parser = Shard::parse)]
    pub shard: Shard,
}

/// `hoso batch …` for batches that have numbers.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Niêm phong một loạt: ghi sổ, lưu hồ sơ của loạt; từ đó văn bản là đã ban hành
    #[command(help_template = TEMPLATE)]
    Seal(BatchSeal),
    /// Bỏ các số chưa có văn bản của một loạt, có lý do
    #[command(help_template = TEMPLATE)]
    Abandon(BatchAbandon),
    /// Liệt kê các loạt có số
    #[command(help_template = TEMPLATE)]
    List(BatchList),
}

/// `hoso batch seal`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct BatchSeal {
    /// Mã loạt, ví dụ LOAT-2026-0001
    #[arg(value_name = "LOẠT", value_parser = not_blank)]
    pub job: String,
}

/// `hoso batch abandon`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct BatchAbandon {
    /// Mã loạt, ví dụ LOAT-2026-0001
    #[arg(value_name = "LOẠT", value_parser = not_blank)]
    pub job: String,
    /// Lý do bỏ
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}

/// `hoso batch list`.
#[derive(Debug, Args)]
pub struct BatchList {}

/// `hoso demo`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Demo {
    /// Thư mục chạy thử
    #[arg(id = "target", value_name = "THƯ_MỤC", default_value = "demo")]
    pub directory: PathBuf,
}

/// `hoso completions`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Completions {
    /// bash, zsh, fish, powershell hoặc elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: clap_complete::Shell,
}

/// `hoso man`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct Man {
    /// Thư mục nhận các trang
    #[arg(id = "target", value_name = "THƯ_MỤC")]
    pub directory: PathBuf,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    Date::parse(text).map(|date| date.0).map_err(|fault| format!("{} {}", fault.message, fault.hint))
}

fn code(text: &str) -> Result<CaseCode, String> {
    CaseCode::parse(text).map_err(|fault| format!("{} {}", fault.message, fault.hint))
}

/// The name of a case file, right or wrong, with or without its ending.
fn case_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let name = name.strip_suffix(".yaml").unwrap_or(name);
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
        return Err("Ghi mã hồ sơ, ví dụ KN-2026-0042, hoặc tên tệp hồ sơ, không kèm thư mục.".to_owned());
    }
    Ok(name.to_owned())
}

/// The code of a case or of a batch.
fn dossier_code(text: &str) -> Result<String, String> {
    if crate::register::job_number(text).is_some() {
        Ok(text.to_owned())
    } else {
        code(text).map(|code| code.to_string())
    }
}

/// A name for a PDF: under another ending, a slip of the hand would cost the table.
fn pdf_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref() == Some("pdf") { Ok(path) } else { Err("Tên tệp phải có đuôi .pdf.".to_owned()) }
}

fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let read = local.as_deref().unwrap_or(text).parse();
    read.map_err(|_| "ghi địa chỉ và cổng, ví dụ 127.0.0.1:8765 hoặc 0.0.0.0:8765".to_owned())
}

/// Text with something in it, without the blanks around it.
fn email(text: &str) -> Result<String, String> {
    let read = Email::parse(text).map_err(|fault| format!("{} {}", fault.message, fault.hint))?;
    Ok(read.to_string())
}
fn not_blank(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("Phần này không được để trống.".to_owned()) } else { Ok(text.to_owned()) }
}
