#!/usr/bin/env python3
"""Reads letters back with poppler and compares them with what the samples say.

Usage: letters.py text CASES FILE…     text of each letter: header, number, date, names, NFC
       letters.py fonts FILE…          every font embedded, subset, with a map to Unicode

CASES is a folder with the case files (`KN-….yaml`) the letters were made from. Letters are known by their file names:
`<date>_<number>-<symbol>_<kind>….pdf` issued, `<kind>….trinh-ky.pdf` for signature, `<kind>….du-thao.pdf` drafts. Where a
letter lies tells its case: `…/KN-2026-0042/van-ban/…`. Exit 0 all right, 1 faults, 2 usage.
"""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
CENTRE = "TRUNG TÂM CHỨNG THỰC CHỮ KÝ SỐ CÔNG CỘNG E-CA"
SYMBOLS = {
    "phieu-tiep-nhan": "PTN-ECA",
    "thong-bao-tu-choi": "TB-ECA",
    "bien-ban-xu-ly": "BB-ECA",
    "van-ban-tra-loi": "ECA-CSKH",
    "phieu-chuyen": "PC-ECA",
}
# Kinds without a number of their own: what stands on them beside the header.
OTHERS = {
    "phieu-ket-qua-xac-minh": ["PHIẾU KẾT QUẢ XÁC MINH", COUNTRY, MOTTO],
    "bia-ho-so": ["HỒ SƠ", CENTRE, "Thời hạn bảo quản"],
    "muc-luc": ["MỤC LỤC VĂN BẢN", CENTRE, "NGƯỜI LẬP MỤC LỤC"],
}
# By hand from the samples: case and kind → what its text must hold, every accent in place.
EXPECTED = {
    ("KN-2026-0021", "phieu-tiep-nhan"): ["Phạm Đức Thịnh", "ngày 14 tháng 8 năm 2026"],
    ("KN-2026-0021", "van-ban-tra-loi"): ["Công ty Cổ phần Vận tải và Kho vận Hải Đông", "ngày 09 tháng 9 năm 2026"],
    ("KN-2026-0027", "thong-bao-tu-choi"): ["Bà Lương Thị Kim Oanh", "NAM HẢI CA", "phố Quan Nhân", "Vũ Thị Mai"],
    ("KN-2026-0031", "bien-ban-xu-ly"): ["Bà Đặng Mỹ Linh", "Ông Đỗ Minh Tuấn", "Ông Lê Quốc Dũng", "001195000431"],
    ("KN-2026-0034", "van-ban-tra-loi"): ["Ông Bùi Quang Vinh", "02/ECA-CSKH", "ngày 28 tháng 9 năm 2026"],
    ("KN-2026-0036", "phieu-tiep-nhan"): ["Hồ Sỹ Nguyên", "ngày 01 tháng 10 năm 2026"],
    ("KN-2026-0040", "phieu-tiep-nhan"): ["Trịnh Văn Nghĩa"],
    ("KN-2026-0042", "phieu-tiep-nhan"): ["Bà Nguyễn Thị Hường", "0199456716", "5401 0000 0000 0a3f", "10/11/2026"],
    ("KN-2026-0042", "van-ban-tra-loi"): ["Nguyễn Thị Hường", "03/PTN-ECA", "ngày 30 tháng 10 năm 2026"],
    ("KN-2026-0045", "phieu-chuyen"): ["Phan Văn Khôi"],
    ("KN-2026-0045", "van-ban-tra-loi"): ["Phan Văn Khôi", "Vũ Thị Mai"],
    ("KN-2026-0047", "van-ban-tra-loi"): ["Huỳnh Ngọc Bích Trâm"],
    ("KN-2026-0048", "phieu-chuyen"): ["Bà Tạ Thị Bích Liên", "Phòng Kỹ thuật", "ngày 05 tháng 11 năm 2026"],
    ("KN-2026-0049", "van-ban-tra-loi"): ["Nguyễn Hữu Thọ", "Số 5 đường Lý Thái Tổ, phường Võ Cường, tỉnh Bắc Ninh"],
    ("KN-2026-0050", "bien-ban-xu-ly"): ["Ông Nghiêm Tiến Đạt", "Ông Lâm Quang Phúc", "Hoàng Thu Trang", "001076001250"],
    ("KN-2026-0051", "phieu-tiep-nhan"): ["Công ty Cổ phần Bán lẻ Sao Nam"],
    ("KN-2026-0052", "van-ban-tra-loi"): ["Bà Hoàng Thị Mộng Thường", "Kiệt 28, đường Điện Biên Phủ"],
}
ISSUED = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(\d{2,})-([A-Z-]+)_([a-z0-9-]+)\.pdf")


def run(*command):
    """Output of a program that must end well."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    if done.returncode != 0:
        sys.exit(f"letters.py: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def date_text(year, month, day):
    """The date as Decree 30/2020, App. I, 4 writes it: a zero before days below 10 and months 1 and 2."""
    return f"ngày {day:02} tháng {month:02} năm {year}" if month < 3 else f"ngày {day:02} tháng {month} năm {year}"


def kind_of(stem):
    """The kind a file name begins with."""
    return next((kind for kind in [*SYMBOLS, *OTHERS] if stem.startswith(kind)), None)


def complainant(cases, code):
    """Name of the complainant, read from the case file without a YAML library."""
    block = re.search(r"^nguoi_khieu_nai:\n((?: .*\n|\n)+)", (cases / f"{code}.yaml").read_text("utf-8"), re.M)
    name = re.search(r"^  ten: (.+?)(?:\s+#.*)?$", block.group(1), re.M) if block else None
    return name.group(1).strip().strip("\"'") if name else None


def judge(cases, path, seen):
    """Faults in the text of one letter."""
    raw = run("pdftotext", "-enc", "UTF-8", str(path), "-")
    text = " ".join(raw.split())
    structure = " ".join(run("pdfinfo", "-struct-text", str(path)).split())
    code = next((part for part in reversed(path.parts) if re.fullmatch(r"KN-\d{4}-\d{4,}", part)), None)
    issued = ISSUED.fullmatch(path.name)
    stem = issued.group(6) if issued else path.name.split(".")[0]
    kind = kind_of(stem)
    if kind is None or code is None:
        return [f"neither the name nor the place says which letter this is ({kind}, {code})"]
    wanted = list(OTHERS.get(kind, [COUNTRY, MOTTO, CENTRE]))
    wanted += EXPECTED.get((code, kind), [])
    seen.add((code, kind))
    name = complainant(cases, code)
    wanted.append(name if name else "(the case file names nobody)")
    if issued:
        year, month, day, number, symbol = *map(int, issued.groups()[:3]), issued.group(4), issued.group(5)
        wanted.append(f"{number}/{symbol}" if kind == "van-ban-tra-loi" else f"Số: {number}/{symbol}")
        wanted.append(date_text(year, month, day))
    faults = [f"“{words}” is not in the text" for words in wanted if words not in text]
    faults += [f"“{words}” is not in the tagged text" for words in wanted if words not in structure]
    if issued and symbol != SYMBOLS.get(kind):
        faults.append(f"symbol {symbol} on a {kind}")
    draft, signing = path.name.endswith(".du-thao.pdf"), path.name.endswith(".trinh-ky.pdf")
    if not draft and re.search(r"\[thiếu ", text):
        faults.append("has a gap shown as “[thiếu …]”, and is no draft")
    if signing and re.search(r"ngày \d+ tháng \d+ năm", raw.split("Kính gửi")[0]):
        faults.append("is for signature, and its day is filled in")
    if raw != unicodedata.normalize("NFC", raw):
        faults.append("the text is not in NFC")
    if bad := sorted({f"U+{ord(c):04X}" for c in raw if unicodedata.category(c) in ("Co", "Cn") or c == "\ufffd"}):
        faults.append(f"letters without meaning: {', '.join(bad)}")
    return faults


def text(cases, files):
    """Judges all letters; every expectation must have met its letter."""
    faults, seen, kinds = [], set(), {}
    for path in files:
        kind = kind_of(path.name.split("_")[-1])
        kinds[kind] = kinds.get(kind, 0) + 1
        faults += [f"{path}: {fault}" for fault in judge(cases, path, seen)]
    if len(files) > 1:
        faults += [f"no {kind} of {code} among the files" for code, kind in sorted(EXPECTED.keys() - seen)]
        faults += [f"no {kind} among the files" for kind in [*SYMBOLS, *OTHERS] if kind not in kinds]
    print("\n".join(faults), end="\n" if faults else "")
    print(f"text: {len(files)} letters ({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items(), key=str))}), {len(faults)} faults")
    return faults


def fonts(files):
    """Judges the fonts of all files."""
    faults, count = [], 0
    for path in files:
        rows = run("pdffonts", str(path)).splitlines()[2:]
        if not rows:
            faults.append(f"{path}: no fonts")
        for row in rows:
            count += 1
            if not re.search(r" yes yes yes +\d+ +\d+$", row):
                faults.append(f"{path}: {' '.join(row.split())} (emb, sub, uni must be yes)")
    print("\n".join(faults), end="\n" if faults else "")
    print(f"fonts: {count} in {len(files)} files, {len(faults)} faults")
    return faults


def main():
    if len(sys.argv) >= 4 and sys.argv[1] == "text":
        return 1 if text(Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]]) else 0
    if len(sys.argv) >= 3 and sys.argv[1] == "fonts":
        return 1 if fonts([Path(name) for name in sys.argv[2:]]) else 0
    print(__doc__.strip(), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
