//! `hoso archive …`: the records officer's commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ARGUMENTS, OPTIONS, TEMPLATE, code, dossier_code, not_blank};
use crate::case::CaseCode;

/// `hoso archive …`.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Liệt kê hồ sơ đã lưu
    #[command(help_template = TEMPLATE)]
    List(ArchiveList),
    /// Kiểm tra hồ sơ đã lưu, nêu tên chỗ hỏng
    #[command(help_template = TEMPLATE)]
    Verify(ArchiveVerify),
    /// Lấy hồ sơ ra thư mục
    #[command(help_template = TEMPLATE)]
    Extract(ArchiveExtract),
    /// Mở lại hồ sơ đã lưu
    #[command(help_template = TEMPLATE)]
    Reopen(ArchiveReopen),
}

/// `hoso archive list`.
#[derive(Debug, Args)]
pub struct ArchiveList {}

/// `hoso archive verify`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct ArchiveVerify {
    /// Mã hồ sơ hoặc mã loạt (mặc định: tất cả)
    #[arg(value_name = "MÃ", value_parser = dossier_code)]
    pub code: Option<String>,
}

/// `hoso archive extract`.
#[derive(Debug, Args)]
#[command(next_help_heading = ARGUMENTS)]
pub struct ArchiveExtract {
    /// Mã hồ sơ hoặc mã loạt
    #[arg(value_name = "MÃ", value_parser = dossier_code)]
    pub code: String,
    /// Lấy ra thư mục này (mặc định: thư mục hiện tại, trong thư mục mang mã hồ sơ)
    #[arg(long, value_name = "THƯ_MỤC")]
    pub to: Option<PathBuf>,
    /// Phiên bản (mặc định: mới nhất)
    #[arg(long, value_name = "SỐ")]
    pub revision: Option<u32>,
}

/// `hoso archive reopen`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct ArchiveReopen {
    /// Mã hồ sơ
    #[arg(value_name = "MÃ", value_parser = code)]
    pub code: CaseCode,
    /// Lý do mở lại
    #[arg(long, value_name = "LÝ_DO", value_parser = not_blank)]
    pub reason: String,
    /// Người quyết định
    #[arg(long, value_name = "NGƯỜI", value_parser = not_blank)]
    pub by: String,
}
