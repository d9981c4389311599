//! The officers' page, spoken to as a browser does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::desk::Desk;
use crate::samples::{REJECTED, lay_evidence, sample};

const PASSWORD: &str = "mật khẩu rất dài";

fn closed() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    desk.build().expect(0);
    assert!(desk.exists("archive/2026/KN-2026-0027.zip"));
    desk
}

/// The running program; ends with the test.
pub(crate) struct Served {
    child: Child,
    address: String,
}

impl Served {
    pub(crate) fn on(desk: &Desk) -> Self {
        let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}")).split('/').next().unwrap();
        Self { address: address.to_owned(), child }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = if headers.iter().any(|(name, _)| *name == "Host") {
            String::new()
        } else {
            format!("Host: {}\r\n", self.address)
        };
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let kind = if body.is_empty() { "" } else { "Content-Type: application/x-www-form-urlencoded\r\n" };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{more}{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("{path}: no head"));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Answer { head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Answer {
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert!(self.head.starts_with(&format!("HTTP/1.1 {status} ")), "{}\n{}", self.head, self.text());
        self
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

/// The address behind a link with this text on a page.
fn link(page: &str, text: &str) -> String {
    let at = page.find(&format!(">{text}<")).unwrap_or_else(|| panic!("no link {text}"));
    let from = page[..at].rfind("href=\"").unwrap() + "href=\"".len();
    page[from..].split('"').next().unwrap().replace("&amp;", "&")
}

#[test]
fn a_dossier_is_found_looked_into_and_taken_away() {
    let desk = closed();
    let served = Served::on(&desk);
    let found = served.get("/?q=luong+thi+kim+oanh").expect(200);
    let page = found.text();
    assert!(page.contains("Tìm thấy 1 hồ sơ") && page.contains("<mark>Oanh</mark>"), "{page}");
    for (name, value) in [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ] {
        assert_eq!(found.header(name).as_deref(), Some(value));
    }
    let policy = found.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(!page.contains("<script") && !page.contains("style=") && page.contains("<html lang=\"vi\">"));

    let page = served.get(&link(&page, REJECTED)).expect(200).text();
    assert!(page.contains("từ chối tiếp nhận") && page.contains("Chưa kiểm tra lần nào"), "{page}");
    let letter = "2026-09-10_01-TB-ECA_thong-bao-tu-choi.pdf";
    let shown = served.get(&link(&page, letter)).expect(200);
    assert_eq!(shown.header("Content-Type").as_deref(), Some("application/pdf"));
    assert!(shown.header("Content-Disposition").unwrap().starts_with(&format!("inline; filename=\"{letter}\"")));
    let mut dossier = hoso::dossier::Dossier::open(&desk.path("archive/2026/KN-2026-0027.zip")).unwrap();
    assert_eq!(shown.body, dossier.read(&format!("data/van-ban/{letter}"), 1 << 24).unwrap());
    let taken = served.get(&(link(&page, letter) + "?tai=1")).expect(200);
    assert_eq!(taken.header("Content-Type").as_deref(), Some("application/octet-stream"));
    assert!(taken.header("Content-Disposition").unwrap().starts_with("attachment; "));
    let whole = served.get(&link(&page, "Tải KN-2026-0027.zip")).expect(200);
    assert_eq!(whole.body, desk.read("archive/2026/KN-2026-0027.zip"));

    // Who saw what; who only asked for the head saw nothing.
    served.ask("HEAD", "/ho-so/KN-2026-0027/1/zip", &[], "").expect(200);
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    let told: Vec<&str> = log.lines().map(|line| line.split('\t').nth(3).unwrap()).collect();
    let file = format!("van-ban/{letter}");
    assert!(log.lines().all(|line| line.ends_with("\t(máy này)")), "{log}");
    assert!(log.contains("\ttra_cuu\tKN-2026-0027\t"), "{log}");
    assert_eq!(
        told,
        [
            "tìm “luong thi kim oanh” trên trang tra cứu",
            "xem trên trang tra cứu",
            &format!("xem {file} trên trang tra cứu"),
            &format!("tải {file} trên trang tra cứu"),
            "tải cả hồ sơ trên trang tra cứu"
        ]
    );

    // Closed while it runs: what is archived later is found, too.
    desk.run(&["archive", "hold", "set", REJECTED, "--name", "vụ án 12/2031", "--reason", "Tòa án", "--by", "Thu"])
        .expect(0);
    assert!(served.get("/tam-dung-huy").expect(200).text().contains("vụ án 12/2031"));
    let due = served.get("/den-han?ngay=2042-01-05").expect(200).text();
    assert!(due.contains(REJECTED) && due.contains("31/12/2041") && due.contains("vụ án 12/2031"), "{due}");
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    for list in ["xem “Tạm dừng hủy”", "xem “Hết thời hạn, tính đến ngày 05/01/2042”"] {
        assert!(log.contains(&format!("\ttra_cuu\t*\t{list} trên trang tra cứu\t(máy này)\n")), "{list}: {log}");
    }
    desk.run(&["archive", "verify", "--by", "Lê Thị Thu"]).expect(0);
    assert!(served.get("/kiem-tra").expect(200).text().contains("Lê Thị Thu"));
    assert!(served.get(&format!("/ho-so/{REJECTED}")).expect(200).text().contains("nguyên vẹn</b>"));
}

#[test]
fn no_name_in_a_request_leads_anywhere_else() {
    let desk = closed();
    desk.write("archive/2026/la.zip", b"PK");
    let served = Served::on(&desk);
    for path in [
        "/ho-so/..%2F..%2Fhoso.yaml",
        "/ho-so/%2E%2E/1/zip",
        "/ho-so/KN-2026-0027%00/1/zip",
        "/ho-so/la/1/zip",
        "/ho-so/KN-2026-0027/2/zip",
        "/ho-so/KN-2026-0027/-1/zip",
        "/ho-so/KN-2026-0027/1/tep/..%2Fbag-info.txt",
        "/ho-so/KN-2026-0027/1/tep/99999",
        "/ho-so/KN-2026-0027/1/tep/18446744073709551616",
        "/ho-so/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/hoso.yaml",
        "/archive/2026/KN-2026-0027.zip",
    ] {
        let answer = served.get(path).expect(404);
        assert!(!answer.text().contains("<script>"), "{path}");
    }
    let asked = served.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E%22").expect(200).text();
    assert!(asked.contains("&lt;script&gt;") && !asked.contains("<script>"), "{asked}");
    assert!(served.get("/?q=a&tu=32/13/2026").expect(400).text().contains("không phải một ngày"));
    served.ask("POST", "/", &[("Sec-Fetch-Site", "same-origin")], "a=b").expect(405);
    let refused = served.ask("DELETE", "/ho-so/KN-2026-0027", &[], "").expect(405);
    assert!(refused.text().contains("không được phép") && refused.header("Allow").is_some(), "{}", refused.head);
    assert!(served.get("/ho-so/%FF").expect(400).text().contains("không đọc được"));
    // A page elsewhere whose name was made to lead here.
    served.ask("GET", "/", &[("Host", "evil.example")], "").expect(421);
    // Nothing was written but who searched: no dossier was seen.
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.lines().count() == 1 && log.contains("\ttra_cuu\t\ttìm “<script>alert(1)</script>\"”"), "{log}");
}

/// A value no field can have is told, and nothing is shown as if it had not been asked for.
#[test]
fn values_no_field_can_have_are_refused() {
    let desk = closed();
    let served = Served::on(&desk);
    for (path, field, value) in [
        ("/?q=oanh&hinh_thuc=xxx", "Hình thức khiếu nại", "xxx"),
        ("/?q=oanh&tinh_trang=zzz", "Tình trạng", "zzz"),
        ("/?q=oanh&xep=zzz", "Thứ tự", "zzz"),
        ("/?q=oanh&nhan_den=31/02/2026", "Tiếp nhận đến hết ngày", "31/02/2026"),
        ("/?tu=hom+qua", "Lưu từ ngày", "hom qua"),
        ("/den-han?ngay=abc", "Tính đến ngày", "abc"),
    ] {
        let page = served.get(path).expect(400).text();
        assert!(page.contains(&format!("Ô “{field}”")) && page.contains(&format!("“{value}”")), "{path}: {page}");
        assert!(!page.contains(REJECTED) && !page.contains("chưa có hồ sơ nào"), "{path}: {page}");
        assert!(page.contains("<form method=\"get\""), "the page to try again from: {page}");
    }
    assert!(served.get("/?q=oanh&trang=hai").expect(400).text().contains("“hai” không phải số trang"));
    served.get("/ho-so/KN-2026-0027?v=hai").expect(404);
    assert!(!desk.exists(".hoso/truy-cap.jsonl"), "nobody saw anything");
    let page = served.get("/?q=oanh&hinh_thuc=van_ban&tinh_trang=da-luu&xep=ten&trang=1");
    assert!(page.head.starts_with("HTTP/1.1 200"), "{}", page.head);
}

#[test]
fn other_machines_are_let_in_by_name_and_password_only() {
    let desk = closed();
    let refused = desk.run(&["serve", "--listen", "0.0.0.0:0"]).expect(1);
    assert!(refused.err.contains("mở cho máy khác") && refused.err.contains("nguoi-dung.yaml"), "{}", refused.err);
    let short = {
        let mut child = desk
            .command(&["serve", "--hash-password"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"ngan\n").unwrap();
        child.wait().unwrap()
    };
    assert_eq!(short.code(), Some(1));
    let mut child =
        desk.command(&["serve", "--hash-password"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    let hash = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    desk.write("nguoi-dung.yaml", b"nguoi_dung:\n  - ten: thu\n    ho_ten: A\n    mat_khau: rat bi mat\n");
    assert!(desk.run(&["serve", "--listen", "127.0.0.1:0"]).expect(1).err.contains("chuỗi băm"));
    desk.write(
        "nguoi-dung.yaml",
        format!("nguoi_dung:\n  - ten: thu\n    ho_ten: Lê Thị Thu\n    mat_khau: '{}'\n", hash.trim()).as_bytes(),
    );
    let served = Served::on(&desk);
    for path in ["/", "/?q=oanh", "/ho-so/KN-2026-0027", "/ho-so/KN-2026-0027/1/zip", "/den-han", "/kiem-tra"] {
        let answer = served.get(path).expect(303);
        assert_eq!(answer.header("Location").as_deref(), Some("/dang-nhap"), "{path}");
    }
    let origin = format!("http://{}", served.address);
    let enter = |name: &str, password: &str| {
        let body = format!("ten={name}&mat_khau={}", password.replace(' ', "+"));
        served.ask("POST", "/dang-nhap", &[("Origin", &origin)], &body)
    };
    served.ask("POST", "/dang-nhap", &[("Origin", "http://evil.example")], "ten=thu&mat_khau=x").expect(403);
    served.ask("POST", "/dang-nhap", &[], "ten=thu&mat_khau=x").expect(403);
    let encoded: String = PASSWORD.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let wrong = enter("thu", "sai").expect(401);
    assert!(wrong.text().contains("Sai tên đăng nhập hoặc mật khẩu") && wrong.header("Set-Cookie").is_none());
    assert!(enter("khong-co", "sai").expect(401).text().contains("Sai tên đăng nhập hoặc mật khẩu"));
    let entered = enter("thu", &encoded).expect(303);
    let cookie = entered.header("Set-Cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = served.ask("GET", "/ho-so/KN-2026-0027", &[("Cookie", &cookie)], "").expect(200).text();
    assert!(page.contains("Lê Thị Thu") && page.contains("Đăng xuất"));
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.trim_end().ends_with("\tLê Thị Thu"), "{log}");
    served.ask("GET", "/", &[("Cookie", &format!("hoso={}", "0".repeat(64)))], "").expect(303);
    served.ask("POST", "/dang-xuat", &[("Cookie", &cookie), ("Origin", "http://evil.example")], "a=b").expect(403);
    served.ask("POST", "/dang-xuat", &[("Cookie", &cookie), ("Origin", &origin)], "a=b").expect(303);
    served.ask("GET", "/", &[("Cookie", &cookie)], "").expect(303);
    // Five wrong tries, however many at once, and even the right password must wait.
    let statuses: Vec<bool> = std::thread::scope(|scope| {
        let tries: Vec<_> =
            (0..20).map(|_| scope.spawn(|| enter("thu", "sai").head.starts_with("HTTP/1.1 401"))).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|looked_at| **looked_at).count(), 5);
    let waits = enter("thu", &encoded).expect(429);
    assert!(waits.header("Retry-After").is_some() && waits.text().contains("Thử lại sau"), "{}", waits.text());
}

#[cfg(unix)]
#[test]
fn it_stops_when_told() {
    let desk = closed();
    let mut served = Served::on(&desk);
    // Somebody who never finishes asking holds up nothing.
    let mut slow = TcpStream::connect(&served.address).unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
    served.get("/").expect(200);
    let status = std::process::Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}
