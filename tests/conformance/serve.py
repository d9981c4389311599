"""Drives the officers' page in a headless Chromium. Usage: serve.py HOSO WORKSPACE [PICTURES]

Searches, looks into a dossier, sees a letter, downloads, prints, goes by keyboard alone; then with users: a wrong password, a right
one. WORKSPACE is a copy of the demo and is changed. PICTURES: a folder for screenshots to be looked at. Ends with a line of counts; exit 1
with faults.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from browser import Browser  # noqa: E402

PASSWORD = "bốn từ ghép lại dài"
CODE = "KN-2026-0027"
faults = []
checks = 0


def expect(what, found, wanted):
    global checks
    checks += 1
    if found != wanted:
        faults.append(f"{what}: {found!r}, not {wanted!r}")


class Served:
    def __init__(self, hoso, workspace):
        command = [hoso, "-C", workspace, "--today", "2026-11-20", "serve", "--listen", "127.0.0.1:0"]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = re.search(r"http://[0-9.:]+", self.child.stdout.readline())[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        expect("ends when told", self.child.wait(20), 0)


def until(page, expression):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if page.evaluate(expression):
                return True
        except RuntimeError:
            pass
        time.sleep(0.05)
    return False


def press(page, selector):
    """A click where a person would click."""
    page.evaluate(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})")
    box = page.evaluate(
        f"(() => {{ const b = document.querySelector({selector!r}).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)


def type_in(page, text):
    page.call("Input.insertText", text=text)


def text_of(page):
    return page.evaluate("document.querySelector('main').innerText") or ""


def picture(page, pictures, name, whole=True):
    if pictures:
        page.picture(str(Path(pictures, f"{name}.png")), whole)


def looked_at(browser, served, workspace, pictures):
    page = browser.open(served.address, script=True)
    expect("language", page.evaluate("document.documentElement.lang"), "vi")
    expect("the search field has the focus", page.evaluate("document.activeElement.name"), "q")
    picture(page, pictures, "tra-cuu")
    # By keyboard alone: type, Enter.
    type_in(page, "luong thi kim oanh")
    page.key("Enter", 13)
    expect("found", until(page, f"document.body.innerText.includes({CODE!r})"), True)
    expect("one hit", "Tìm thấy 1 hồ sơ" in text_of(page), True)
    expect("the words are set off", page.evaluate("document.querySelectorAll('.hits mark').length > 2"), True)
    expect("all fields have labels", page.evaluate("[...document.querySelectorAll('input,select')].every(f => f.labels.length)"), True)
    picture(page, pictures, "ket-qua")
    page.evaluate("document.activeElement.blur()")
    for _ in range(30):
        page.key("Tab", 9)
        if page.evaluate("(document.activeElement.innerText || '')") == CODE:
            break
    expect("the hit is reached by Tab", page.evaluate("document.activeElement.innerText"), CODE)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    expect("the focus is seen", outline, "solid")
    page.key("Enter", 13)
    expect("opened", until(page, "document.querySelector('h1').innerText.startsWith('Hồ sơ KN')"), True)
    said = text_of(page)
    for word in ("Văn bản đã ban hành", "Sự kiện", "từ chối tiếp nhận", "Tải về"):
        expect(f"the dossier says “{word}”", word in said, True)
    picture(page, pictures, "ho-so")
    page.pdf(str(Path(pictures or tempfile.gettempdir(), "ho-so-in.pdf")))
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect("nothing runs out of the window", wide, True)
    expect("nothing is complained of", page.complaints(), [])
    outside = [url for url in page.requests() if not url.startswith((served.address, "data:"))]
    expect("nothing is asked of others", outside, [])

    # Downloads: the whole dossier, byte for byte.
    with tempfile.TemporaryDirectory() as folder:
        browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
        press(page, "a[href$='/zip']")
        end, path = time.monotonic() + 30, Path(folder, f"{CODE}.zip")
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.1)
        own = Path(workspace, "archive/2026", f"{CODE}.zip").read_bytes()
        got = path.read_bytes() if path.exists() else b""
        expect("the dossier downloaded", hashlib.sha256(got).hexdigest(), hashlib.sha256(own).hexdigest())

    # The letter, shown and not downloaded.
    browser.events.clear()
    address = page.evaluate("[...document.querySelectorAll('td a')].find(a => a.innerText.endsWith('tu-choi.pdf')).href")
    page.call("Page.navigate", url=address)
    page.wait("Page.loadEventFired")
    expect("the letter is shown", page.evaluate("document.contentType"), "application/pdf")
    time.sleep(1)
    picture(page, pictures, "van-ban", whole=False)
    page.close()

    for name, path in (("het-han", "/den-han?ngay=2042-01-05"), ("tam-dung-huy", "/tam-dung-huy"), ("kiem-tra", "/kiem-tra"), ("khong-co", "/ho-so/KN-2026-9999")):
        page = browser.open(served.address + path)
        expect(f"{path} says something", len(text_of(page)) > 20, True)
        picture(page, pictures, name)
        page.close()
    narrow = browser.open(f"{served.address}/?q=khieu+nai", width=390, height=844)
    expect("nothing runs out of a phone", narrow.evaluate("document.documentElement.scrollWidth <= 390"), True)
    picture(narrow, pictures, "dien-thoai")
    narrow.close()
    # Without script all of it is there.
    plain = browser.open(f"{served.address}/?q=oanh", script=False)
    picture(plain, pictures, "khong-script")
    plain.close()


def logged_in(browser, hoso, workspace, pictures):
    hashed = subprocess.run([hoso, "serve", "--hash-password"], input=PASSWORD + "\n", capture_output=True, text=True, check=True)
    users = f"nguoi_dung:\n  - ten: thu\n    ho_ten: Lê Thị Thu\n    mat_khau: '{hashed.stdout.strip()}'\n"
    Path(workspace, "nguoi-dung.yaml").write_text(users)
    with Served(hoso, workspace) as served:
        page = browser.open(f"{served.address}/ho-so/{CODE}")
        expect("asks who it is", page.evaluate("location.pathname"), "/dang-nhap")
        expect("says nothing of the dossier", CODE in text_of(page), False)

        def enter(password):
            page.evaluate("document.getElementById('ten').value = 'thu'; document.getElementById('mat_khau').focus()")
            type_in(page, password)
            press(page, "form button")

        enter("sai mật khẩu")
        expect("a wrong password", until(page, "document.body.innerText.includes('Sai tên đăng nhập hoặc mật khẩu')"), True)
        picture(page, pictures, "sai-mat-khau")
        enter(PASSWORD)
        expect("the right one", until(page, "location.pathname === '/' && document.body.innerText.includes('Lê Thị Thu')"), True)
        picture(page, pictures, "da-dang-nhap")
        expect("scripts cannot read the cookie", page.evaluate("document.cookie"), "")
        press(page, "nav form button")
        expect("logged out", until(page, "location.pathname === '/dang-nhap'"), True)
        page.close()


def main():
    hoso, workspace = str(Path(sys.argv[1]).resolve()), sys.argv[2]
    pictures = sys.argv[3] if len(sys.argv) > 3 else None
    if pictures:
        Path(pictures).mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        with Served(hoso, workspace) as served:
            looked_at(browser, served, workspace, pictures)
        logged_in(browser, hoso, workspace, pictures)
    for fault in faults:
        print(f"serve: {fault}")
    print(f"serve: {checks} checks, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
