"""A workspace full of cases, and a watcher over it: what the measurements in this folder share."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSO = pathlib.Path(os.environ.get("HOSO", ROOT / "target/release/hoso"))
TODAY = "2026-11-20"

CASE = """ma_ho_so: {code}

nguoi_khieu_nai:
  loai: ca_nhan
  xung_ho: Bà
  ten: Nguyễn Thị Hường
  so_can_cuoc: "001178000327"
  dia_chi: Số {number} ngõ {version} phố Trần Thái Tông, phường Cầu Giấy, thành phố Hà Nội
  dien_thoai: 0916 000 327

tiep_nhan:
  ngay_den: 02/11/2026
  hinh_thuc: van_ban
  nguoi_tiep_nhan: Hoàng Thu Trang
  dich_vu: Chữ ký số cá nhân (USB token)
  serial_chung_thu: 5401 0000 0000 07c2
  tom_tat: Không ký được tờ khai thuế từ ngày 30/10/2026
  noi_dung: Từ ngày 30/10/2026, token {number} báo lỗi khi ký tờ khai thuế, lần {version}.
  yeu_cau:
    - Làm rõ nguyên nhân

xem_xet_tiep_nhan:
  ngay: 03/11/2026
  nguoi_quyet_dinh: Đỗ Minh Tuấn
  thuoc_pham_vi: co
  xu_ly_ngay_duoc: khong

phieu_tiep_nhan:
  ngay: {day:02}/11/2026
  nguoi_ky: pham-van-loc
"""


def code(number):
    return f"KN-2026-{number:04d}"


def text(number, version=0, day=4):
    return CASE.format(code=code(number), number=number, version=version, day=day)


class Desk:
    """A workspace in `root`; its cases may lie elsewhere."""

    def __init__(self, root, settings=""):
        self.root = pathlib.Path(root)
        self.root.mkdir(parents=True, exist_ok=True)
        base = (ROOT / "examples/hoso.yaml").read_text()
        if settings:
            base = base.replace("duong_dan:", settings, 1) if "\nduong_dan:" in base else base + "\n" + settings
        (self.root / "hoso.yaml").write_text(base)
        self.cases = self.root / "ho-so"
        for name in ("archive", ".hoso"):
            (self.root / name).mkdir(exist_ok=True)
        self.cases.mkdir(exist_ok=True)
        self.watcher = None

    def case(self, number):
        return self.cases / f"{code(number)}.yaml"

    def draft(self, number):
        return self.cases / code(number) / "du-thao/phieu-tiep-nhan.du-thao.pdf"

    def fill(self, count):
        for number in range(1, count + 1):
            self.case(number).write_text(text(number))

    def run(self, *args, check=True):
        return subprocess.run([HOSO, "-C", self.root, "--today", TODAY, *args], check=check, capture_output=True, text=True)

    def watch(self, *args, log=None):
        out = open(log, "ab") if log else subprocess.DEVNULL
        self.watcher = subprocess.Popen(
            [HOSO, "-C", self.root, "--today", TODAY, "watch", *args], stdout=out, stderr=out
        )
        return self.watcher

    def stop(self, how=signal.SIGTERM):
        self.watcher.send_signal(how)
        self.watcher.wait(60)

    def idle(self, settled=1.0, longest=600):
        """Waits until the watcher has used no processor time for a while."""
        start, last, since = time.monotonic(), None, time.monotonic()
        while time.monotonic() - start < longest:
            used = cpu(self.watcher.pid)
            if used != last:
                last, since = used, time.monotonic()
            elif time.monotonic() - since >= settled:
                return
            time.sleep(0.05)
        raise SystemExit("the watcher never came to rest")

    def still(self, span, longest=1800):
        """Waits until no file in the watched folder has changed for `span` seconds; an interval's look uses processor time always."""
        start, last, since = time.monotonic(), None, time.monotonic()
        while time.monotonic() - start < longest:
            now = hash(tuple(stamps(self.cases)))
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= span:
                return
            time.sleep(0.5)
        raise SystemExit("the folder never came to rest")


def stamps(folder):
    """Name, size and time of every file below a folder."""
    for path in sorted(folder.rglob("*")):
        try:
            info = path.lstat()
        except FileNotFoundError:
            continue
        yield str(path), info.st_size, info.st_mtime_ns


def cpu(pid):
    """Processor time a process has used, in seconds."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    """Largest memory a process has had, in MB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def until(holds, longest=60.0, what="a condition", step=0.001):
    """Waits until something holds; how long it took."""
    start = time.monotonic()
    while not holds():
        if time.monotonic() - start > longest:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(step)
    return time.monotonic() - start


def tree(folder, but=()):
    """Every file below a folder with its bytes."""
    folder = pathlib.Path(folder)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files if p.name not in but}
