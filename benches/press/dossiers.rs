//! Dossiers of made-up complaints, ten years of them: each of another customer, with a letter, its snapshot and a list.

use std::time::Instant;

use chrono::{DateTime, FixedOffset, NaiveDate};
use hoso::archive::{Archive, Meta};
use hoso::batch::{self, Job, table};
use hoso::catalogue::{Catalogue, Filter, Sort};
use hoso::dossier::{self, Contents, Source};
use hoso::pipeline::snapshot::{Kept, Snapshot};
use hoso::workspace::Workspace;
use rayon::prelude::*;

use crate::{Result, rows, said};

/// Years the closings are spread over.
const YEARS: i32 = 10;
const FIRST_YEAR: i32 = 2017;
/// Written at once, before they are published one by one.
const AT_ONCE: usize = 2_000;

const UNITS: [&str; 3] = ["Phòng Kỹ thuật", "Phòng Kinh doanh", "Phòng Kế toán"];
const ENDS: [&str; 4] =
    ["khách hàng đồng ý", "từ chối tiếp nhận", "hết thời hạn phản hồi, coi như đồng ý", "khách hàng rút khiếu nại"];
const CHANNELS: [&str; 4] = ["van_ban", "email", "dien_thoai", "truc_tiep"];

/// What one dossier is made of.
struct Made {
    meta: Meta,
    contents: Contents,
}

/// Publishes `count` dossiers behind those that are there.
pub(crate) fn publish(workspace: &Workspace, job: &Job<'_>, count: usize) -> Result<()> {
    let _lock = workspace.lock().map_err(said)?;
    let (mut archive, _) =
        Archive::open(workspace.archive(), &workspace.archive_journal(), Some(&workspace.mirror())).map_err(said)?;
    let from = archive.list().count();
    for chunk in (from..from + count).collect::<Vec<_>>().chunks(AT_ONCE) {
        let table = rows::table(1, chunk[0] as u64, chunk.len() as u64);
        let checked = job.check(table::parse(table.into_bytes(), "csv").map_err(said)?);
        let made: Vec<Made> = chunk
            .par_iter()
            .zip(&checked.rows)
            .map(|(place, row)| dossier_of(job, *place, row))
            .collect::<Result<_>>()?;
        let staged: Vec<_> =
            made.iter().map(|one| archive.staging(&one.meta)).collect::<std::result::Result<_, _>>().map_err(said)?;
        made.par_iter()
            .zip(&staged)
            .try_for_each(|(one, path)| dossier::write(path, &one.contents).map(drop))
            .map_err(said)?;
        for (one, path) in made.into_iter().zip(&staged) {
            let time = at(one.meta.closed);
            archive.publish(path, one.meta, time).map_err(said)?;
        }
    }
    Ok(())
}

fn at(day: NaiveDate) -> DateTime<FixedOffset> {
    let text = format!("{day}T09:00:00+07:00");
    DateTime::parse_from_rfc3339(&text).unwrap_or_default()
}

fn dossier_of(job: &Job<'_>, place: usize, row: &batch::Row) -> Result<Made> {
    let year = FIRST_YEAR + i32::try_from(place).unwrap_or_default() % YEARS;
    let number = u32::try_from(place / usize::try_from(YEARS).unwrap_or(1)).unwrap_or_default() + 1;
    let code = format!("KN-{year}-{number:04}");
    let received = NaiveDate::from_yo_opt(year, 1 + number % 340).unwrap_or_default();
    let closed = received + chrono::Days::new(20);
    let cell = |name: &str| job.declaration().place(name).map_or("", |place| row.cell(place));
    let (name, service) = (cell("ten_khach_hang"), cell("dich_vu"));
    let honorific = cell("xung_ho");
    let kind = if honorific.is_empty() { "doanh_nghiep" } else { "ca_nhan" };
    let titled = if honorific.is_empty() { String::new() } else { format!("  xung_ho: {honorific}\n") };
    let tax = cell("ma_so_thue");
    let tax = if tax.is_empty() { String::new() } else { format!("  ma_so_thue: \"{tax}\"\n") };
    let end = ENDS[place % ENDS.len()];
    let text = format!(
        "ma_ho_so: {code}\nnguoi_khieu_nai:\n  loai: {kind}\n{titled}  ten: {name}\n{tax}  dia_chi: {}\n  dien_thoai: {}\n\
         tiep_nhan:\n  ngay_den: {received}\n  hinh_thuc: {}\n  dich_vu: {service}\n  serial_chung_thu: {}\n  \
         tom_tat: {service} bị gián đoạn\n  noi_dung: {}\n  yeu_cau:\n    - Hoàn phí những ngày không dùng được\n\
         giai_quyet:\n  - lan: 1\n    chuyen_bo_phan:\n      - bo_phan: {}\n\
         luu_ho_so:\n  ngay: {closed}\n  nguoi_luu: Lê Thị Thu\n",
        cell("dia_chi_khach_hang"),
        cell("dien_thoai_khach_hang"),
        CHANNELS[place % CHANNELS.len()],
        cell("serial_chung_thu"),
        cell("anh_huong").replace('\n', " "),
        UNITS[place % UNITS.len()],
    );
    let letter = batch::render(job, row, Some(number)).map_err(said)?;
    let kept = |name: &str| Kept { name: name.to_owned(), sha256: "0".repeat(64) };
    let snapshot = Snapshot {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        letter: format!("{code}/tra-loi-lan-1"),
        number: format!("{number:02}/ECA-CSKH"),
        subject: String::new(),
        addressee: String::new(),
        facts: std::collections::BTreeMap::new(),
        view: batch::render::view(job, row, Some(number)),
        email: None,
        forms: vec![kept("thong-bao-su-co.xml")],
        style: kept("kieu.yaml"),
        fonts: "0".repeat(64),
        form: Some("thong-bao-su-co.xml".to_owned()),
        date: Some(closed),
    };
    let mut contents = Contents::new(code.clone(), 1);
    let title = format!(
        "Hồ sơ giải quyết khiếu nại của {} về việc {service} bị gián đoạn",
        format!("{honorific} {name}").trim()
    );
    for (label, value) in [
        ("Source-Organization", "Công ty TNHH Phát triển Công nghệ Thái Sơn"),
        ("External-Description", title.as_str()),
        ("Bagging-Date", &closed.to_string()),
        ("Hoso-End", end),
        ("Hoso-Retention", "15 năm"),
    ] {
        contents.info.push((label.to_owned(), value.to_owned()));
    }
    contents.add(&format!("{code}.yaml"), Source::Bytes(text.into_bytes()));
    let stem = format!("{closed}_{number:02}-ECA-CSKH_tra-loi-lan-1");
    contents.add(&format!("van-ban/{stem}.pdf"), Source::Bytes(letter.bytes));
    contents.add(&format!("ban-chup/{stem}.json"), Source::Bytes(serde_json::to_vec(&snapshot).map_err(said)?));
    let list = format!("STT,Số ký hiệu,Ngày,Trích yếu\n1,{number:02}/ECA-CSKH,{closed},Trả lời khiếu nại\n");
    contents.add("muc-luc.csv", Source::Bytes(list.into_bytes()));
    let meta = Meta {
        code,
        version: 1,
        end: end.to_owned(),
        closed,
        from: received,
        to: closed,
        retention: "15 năm".to_owned(),
        keep_until: NaiveDate::from_ymd_opt(year + 15, 12, 31),
        letters: 1,
        pages: 1,
        stretches: Vec::new(),
    };
    Ok(Made { meta, contents })
}

/// Searches for names, numbers and codes of the dossiers `publish` made; says how long searches take, and how long it takes to see
/// that the index is up to date.
pub(crate) fn find(workspace: &Workspace, job: &Job<'_>, count: usize, searches: usize) -> Result<String> {
    let nothing = |_: usize, _: usize| {};
    let (mut catalogue, _) = Catalogue::open(workspace, &nothing).map_err(said)?;
    let mut times: Vec<(f64, String)> = Vec::new();
    for n in 0..searches {
        let place = n * 7919 % count;
        let table = rows::table(1, place as u64, 1);
        let checked = job.check(table::parse(table.into_bytes(), "csv").map_err(said)?);
        let row = checked.rows.first().ok_or("no row")?;
        let cell = |name: &str| job.declaration().place(name).map_or("", |place| row.cell(place)).to_owned();
        let name = cell("ten_khach_hang");
        let text = match n % 6 {
            0 => name,
            1 => hoso::letter::slug(&name).replace('-', " "),
            2 => cell("dien_thoai_khach_hang"),
            3 => cell("serial_chung_thu"),
            4 => format!("KN-{}-{:04}", FIRST_YEAR + i32::try_from(place).unwrap_or_default() % YEARS, place / 10 + 1),
            _ => name.split(' ').skip(1).collect::<Vec<_>>().join(" "),
        };
        let started = Instant::now();
        let found = catalogue.search(&text, &Filter::default(), Sort::Rank, 20).map_err(said)?;
        times.push((started.elapsed().as_secs_f64() * 1000.0, text.clone()));
        if found.hits.is_empty() {
            return Err(format!("not found: {text}"));
        }
    }
    let started = Instant::now();
    Catalogue::open(workspace, &nothing).map_err(said)?;
    let open = started.elapsed().as_secs_f64() * 1000.0;
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |part: usize| &times[(times.len() - 1) * part / 100];
    let (middle, late, last) = (at(50), at(95), at(100));
    Ok(format!(
        "{searches} searches: p50 {:.1} ms, p95 {:.1} ms ({}), longest {:.1} ms ({}); seeing that nothing changed {open:.1} ms\n",
        middle.0, late.0, late.1, last.0, last.1
    ))
}
