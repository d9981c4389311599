//! Rows for the form `thong-bao-su-co`: made-up customers of one outage, no two alike. A row depends on the seed and its
//! place alone, so a table of 10,000 rows is the beginning of one of 100,000.

/// The columns, as a clerk would head them.
pub(crate) const HEADER: &str = "Mã khách hàng,Xưng hô,Tên khách hàng,Mã số thuế,Địa chỉ,Điện thoại,Thư điện tử,\
    Dịch vụ,Số serial,Giờ bắt đầu,Ngày bắt đầu,Giờ kết thúc,Ngày kết thúc,Nguyên nhân,Ảnh hưởng,Việc cần làm,\
    Số ngày gia hạn,Ngày hết hạn mới,Số tiền hoàn";

const CAUSE: &str = "lỗi thiết bị lưu trữ tại trung tâm dữ liệu chính, chuyển sang trung tâm dự phòng chậm hơn dự kiến";

/// Service, what its failing meant, days of extension.
const SERVICES: [(&str, &str, u64); 3] = [
    (
        "dịch vụ ký số từ xa E-CA",
        "Trong thời gian này không ký được hồ sơ điện tử bằng chứng thư nêu trên. Chữ ký đã tạo trước đó vẫn có giá trị.",
        15,
    ),
    (
        "dịch vụ tra cứu trạng thái chứng thư (OCSP)",
        "Trong thời gian này các cổng dịch vụ công, thuế và hải quan có thể báo không kiểm tra được chứng thư nêu trên. \
         Chứng thư không bị thu hồi, chữ ký đã tạo vẫn có giá trị.",
        7,
    ),
    (
        "dịch vụ cấp dấu thời gian",
        "Trong thời gian này văn bản ký bằng chứng thư nêu trên không có dấu thời gian. Chữ ký vẫn có giá trị.",
        7,
    ),
];

const SURNAMES: &str = "Nguyễn|Nguyễn|Nguyễn|Nguyễn|Trần|Trần|Lê|Lê|Phạm|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|\
    Đoàn|Trịnh";
const MEN_MIDDLE: &str = "Văn|Đức|Quang|Hữu|Minh|Công|Thế|Quốc|Xuân|Hoàng|Đình|Tiến|Bá|Trọng";
const MEN: &str = "An|Bình|Chiến|Cường|Dũng|Duy|Đạt|Giang|Hải|Hiếu|Hùng|Khải|Khôi|Long|Lực|Nghĩa|Phúc|Quân|Sỹ|Tấn|Thắng|Thịnh|\
    Toàn|Tuấn|Việt|Vỹ";
const WOMEN_MIDDLE: &str = "Thị|Thị|Thị|Ngọc|Thu|Thùy|Bích|Kim|Hồng|Mỹ|Diệu|Như";
const WOMEN: &str = "Ánh|Châu|Chi|Diễm|Dung|Duyên|Hà|Hằng|Hạnh|Hiền|Hòa|Hường|Huyền|Lan|Liên|Loan|Mai|Nga|Nhung|Oanh|Phượng|\
    Quỳnh|Thảo|Trúc|Tuyết|Yến";

const BODIES: &str = "Công ty TNHH|Công ty TNHH|Công ty TNHH|Công ty Cổ phần|Công ty Cổ phần|Công ty TNHH Một thành viên|\
    Doanh nghiệp tư nhân|Hợp tác xã";
const TRADES: &str = "Thương mại Dịch vụ|Xây dựng|Vận tải|Dược phẩm|Kế toán|Cơ khí|Thủy sản|Nông nghiệp|In ấn|Giáo dục|Công nghệ|\
    Dệt may|Thực phẩm|Nội thất|Điện lạnh|Du lịch|Bất động sản|Quảng cáo|Thiết bị y tế|Bao bì";
const FIRST: &str = "Minh|Đại|Hưng|Thành|Bình|Hòa|Tân|Việt|Thiên|Kim|Ngọc|Hồng|Phú|An|Bảo|Đông|Tâm|Quang|Trường|Vĩnh|Sơn|Gia|Mỹ|\
    Ánh";
const SECOND: &str = "Phát|Thịnh|Long|Đạt|Khánh|Tín|Dương|Hải|Phúc|Lộc|Anh|Vượng|Cường|Linh|Ký|Thắng|Nguyên|Việt|Á|Châu|Bình|Lâm|\
    Hà|Quý";

/// Province or city, dialling code, wards and communes of it.
const PLACES: [(&str, &str, &str); 14] = [
    ("thành phố Hà Nội", "024", "phường Cầu Giấy|phường Ngọc Hà|phường Kim Liên|xã Phù Đổng|xã Quang Minh"),
    ("Thành phố Hồ Chí Minh", "028", "phường Xuân Hòa|phường Bến Thành|phường Thủ Đức|xã Củ Chi|phường Dĩ An"),
    ("thành phố Hải Phòng", "0225", "phường Ngô Quyền|xã An Dương|phường Lê Chân|phường Kiến An|phường Đồ Sơn"),
    ("thành phố Đà Nẵng", "0236", "phường Hải Châu|phường Liên Chiểu|phường Hội An|phường Sơn Trà|xã Hòa Vang"),
    ("thành phố Cần Thơ", "0292", "phường Ninh Kiều|phường Thới An Đông|phường Cái Răng|xã Phong Điền|phường Ô Môn"),
    ("thành phố Huế", "0234", "phường Thuận Hóa|phường Phú Xuân|phường Vỹ Dạ|xã Phú Lộc|phường Hương Thủy"),
    ("tỉnh Bắc Ninh", "0222", "phường Quế Võ|phường Từ Sơn|phường Kinh Bắc|xã Tiên Du|phường Võ Cường"),
    ("tỉnh Quảng Ninh", "0203", "phường Hạ Long|phường Cẩm Phả|phường Uông Bí|xã Vân Đồn|phường Móng Cái"),
    ("tỉnh Nghệ An", "0238", "phường Thành Vinh|phường Cửa Lò|xã Đô Lương|xã Diễn Châu|phường Vinh Lộc"),
    ("tỉnh Thanh Hóa", "0237", "phường Hạc Thành|phường Sầm Sơn|xã Nga Sơn|phường Bỉm Sơn|xã Thọ Xuân"),
    ("tỉnh Khánh Hòa", "0258", "phường Nha Trang|phường Cam Ranh|phường Ninh Hòa|xã Diên Khánh|phường Phan Rang"),
    ("tỉnh Lâm Đồng", "0263", "phường Lâm Viên|phường Bảo Lộc|xã Đức Trọng|phường Xuân Hương|xã Di Linh"),
    ("tỉnh Đồng Nai", "0251", "phường Trấn Biên|phường Biên Hòa|phường Long Khánh|xã Long Thành|xã Nhơn Trạch"),
    ("tỉnh An Giang", "0296", "phường Long Xuyên|phường Châu Đốc|phường Rạch Giá|xã Thoại Sơn|đặc khu Phú Quốc"),
];
const STREETS: &str = "Trần Phú|Lê Lợi|Nguyễn Huệ|Hai Bà Trưng|Lý Thường Kiệt|Nguyễn Trãi|Phan Chu Trinh|Quang Trung|Hùng Vương|\
    Võ Văn Tần|Điện Biên Phủ|Lê Hồng Phong|Trường Chinh|Giải Phóng|Nguyễn Văn Cừ|Phạm Văn Đồng|Ngô Gia Tự|\
    Bà Triệu|Đội Cấn|Xuân Thủy|Lê Duẩn|Tôn Đức Thắng|Cách Mạng Tháng Tám|Hoàng Diệu|Nguyễn Thị Minh Khai|\
    Phan Đình Phùng|Yết Kiêu|Tố Hữu|Huỳnh Thúc Kháng|Đặng Thùy Trâm";

/// A stream of numbers from one start (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// One of the words between bars.
    fn word<'a>(&mut self, of: &'a str) -> &'a str {
        let words: Vec<&str> = of.split('|').collect();
        self.one(&words)
    }
}

/// A tax code of ten digits whose check digit is right.
fn tax_code(draw: &mut Draw) -> String {
    const WEIGHTS: [u64; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    loop {
        let digits: Vec<u64> = (0..9).map(|_| draw.below(10)).collect();
        let sum: u64 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        let check = 10 - sum % 11;
        if check < 10 {
            return digits.iter().chain([&check]).map(u64::to_string).collect();
        }
    }
}

fn address(draw: &mut Draw, province: &str, ward: &str) -> String {
    let (number, street) = (1 + draw.below(399), draw.word(STREETS));
    match draw.below(4) {
        0 => format!("Số {number} ngõ {} phố {street}, {ward}, {province}", 1 + draw.below(220)),
        1 => format!(
            "Căn hộ {}{:02}, số {number} đường {street}, {ward}, {province}",
            2 + draw.below(28),
            1 + draw.below(20)
        ),
        _ => format!("Số {number} đường {street}, {ward}, {province}"),
    }
}

fn phone(draw: &mut Draw, dialling: &str) -> String {
    if draw.below(2) == 0 {
        format!("{dialling} 3{:03} {:04}", draw.below(1000), draw.below(10_000))
    } else {
        format!(
            "{} {:03} {:03}",
            draw.one(&["0903", "0912", "0916", "0978", "0982", "0336", "0868"]),
            draw.below(1000),
            draw.below(1000)
        )
    }
}

/// The row at this place (from 0) as a line of CSV.
pub(crate) fn row(seed: u64, place: u64) -> String {
    let mut draw = Draw(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ place.wrapping_mul(0xff51_afd7_ed55_8ccd));
    let code = format!("KH-{:06}", place + 1);
    // Odd factor: no two places give the same serial.
    let serial = 0x5401_0000_0000_0000 | (place.wrapping_add(1).wrapping_mul(0x5851_f42d_4c95) & 0xffff_ffff_ffff);
    let serial: Vec<String> =
        format!("{serial:016x}").as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    let (province, dialling, wards) = draw.one(&PLACES);
    let ward = draw.word(wards);
    let address = address(&mut draw, province, ward);
    let (honorific, name, tax) = match draw.below(3) {
        0 => ("Ông", format!("{} {} {}", draw.word(SURNAMES), draw.word(MEN_MIDDLE), draw.word(MEN)), String::new()),
        1 => ("Bà", format!("{} {} {}", draw.word(SURNAMES), draw.word(WOMEN_MIDDLE), draw.word(WOMEN)), String::new()),
        _ => {
            let name =
                format!("{} {} {} {}", draw.word(BODIES), draw.word(TRADES), draw.word(FIRST), draw.word(SECOND));
            ("", name, tax_code(&mut draw))
        }
    };
    let phone = phone(&mut draw, dialling);
    let email = if draw.below(3) == 0 { String::new() } else { format!("kh{:06}@hopthu.example", place + 1) };
    let (service, effect, days) = draw.one(&SERVICES);
    let to_do = match draw.below(8) {
        0 => format!(
            "Hồ sơ nào ngày 12/11/2026 ký bị báo lỗi, xin ký và nộp lại trước ngày {:02}/12/2026.",
            1 + draw.below(28)
        ),
        _ => String::new(),
    };
    let until = format!("{:02}/{:02}/{}", 1 + draw.below(28), 1 + draw.below(12), 2027 + draw.below(3));
    let refund = if draw.below(6) == 0 { (10 * (1 + draw.below(290)) * 1000).to_string() } else { String::new() };
    format!(
        "{code},{honorific},{name},{tax},\"{address}\",{phone},{email},{service},{},08:15,12/11/2026,13:40,12/11/2026,\
         \"{CAUSE}\",\"{effect}\",\"{to_do}\",{days},{until},{refund}",
        serial.join(" ")
    )
}

/// A table of `count` rows, the first at `from`.
pub(crate) fn table(seed: u64, from: u64, count: u64) -> String {
    let mut text = String::from(HEADER);
    for place in from..from + count {
        text.push('\n');
        text.push_str(&row(seed, place));
    }
    text + "\n"
}
