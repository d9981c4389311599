#!/usr/bin/env python3
"""Judges the board of the desk: its page in headless Chromium, its calendar file by PyPI icalendar.

Usage: board.py cases DIR COUNT     case files of all kinds in DIR, for a desk of that size
       board.py page DIR STATUS.json EXPECTED [PICTURES]   DIR/bang-theo-doi.html against `hoso --json status`
       board.py calendar DIR STATUS.json                   DIR/han-xu-ly.ics against the same
       board.py picture DIR OUT.png                        the top of the page as a picture

0 as it should be, 1 not so; each fault on a line of its own.
"""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from browser import Browser  # noqa: E402

EVIL = '<script>document.title="HỎNG"</script> & "Công ty" <img src=x onerror=alert(1)>'
COLUMNS = ["Hồ sơ", "Bước", "Việc tiếp theo", "Người làm", "Hạn", "Mở"]
faults = []


def fault(text):
    faults.append(text)
    print(f"{text}")


def expect(what, found, wanted):
    if found == wanted:
        return
    if isinstance(found, list) and isinstance(wanted, list) and max(len(found), len(wanted)) > 20:
        place = next((n for n, (a, b) in enumerate(zip(found, wanted)) if a != b), min(len(found), len(wanted)))
        fault(f"{what}: {len(found)}, {len(wanted)} wanted; from {place} on {found[place:place + 3]!r}, not {wanted[place:place + 3]!r}")
    else:
        fault(f"{what}: {found!r}, not {wanted!r}")


def cases(folder, count):
    """Late, near, faulty, open and half-filled cases as of 20/11/2026."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        code, kind = f"KN-2026-{number:04}", number % 8
        name = json.dumps(EVIL if number == 7 else f"Công ty Cổ phần Thương mại số {number}", ensure_ascii=False)
        arrived = {0: "ngay_den: 10/11/2026", 1: "ngay_den: 19/11/2026", 2: "ngay_den: 20/11/2026"}.get(kind, "")
        wrong = "  hinh_thucc: email\n" if kind == 3 else ""
        summary = f"Không ký được tờ khai thuế, lần báo lỗi thứ {number}"
        text = (
            f"ma_ho_so: {code}\n\nnguoi_khieu_nai:\n  loai: doanh_nghiep\n  ten: {name}\n\n"
            f"tiep_nhan:\n  {arrived or '# chưa có ngày'}\n  hinh_thuc: email\n  tom_tat: {summary}\n{wrong}"
        )
        (folder / f"{code}.yaml").write_text(text, "utf-8")


ROWS = """Array.from(document.querySelectorAll('#bang tbody tr:not(.group)')).filter(r => r.offsetParent !== null)"""
# The lowest contrast of any text with what lies behind it (WCAG 2, relative luminance).
CONTRAST = """(() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  let worst = [99, ''];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || !element.getClientRects().length || element.closest('script')) continue;
    let back = element, behind = [255, 255, 255];
    for (; back; back = back.parentElement) {
      const c = parse(getComputedStyle(back).backgroundColor);
      if (c.length < 4 || c[3] > 0) { behind = c.slice(0, 3); break; }
    }
    const [a, b] = [light(parse(getComputedStyle(element).color).slice(0, 3)), light(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.textContent.trim().slice(0, 40)];
  }
  return worst;
})()"""


def page(folder, status, expected, pictures=None):
    """The page in a browser, with and without its script, narrow and on paper."""
    file = Path(folder, "bang-theo-doi.html").resolve()
    url, wanted = file.as_uri(), json.loads(Path(status).read_text("utf-8"))
    codes = [case["code"] for case in wanted["cases"]]
    expect("cases in status", len(codes), int(expected))
    shot = (lambda page, name, **kw: page.picture(f"{pictures}-{name}.png", **kw)) if pictures else (lambda *_, **__: None)

    def shown(page):
        return page.evaluate(f"{ROWS}.map(r => r.cells[0].querySelector('a').textContent)")

    with Browser() as browser:
        for script in (True, False):
            said = "with script" if script else "without script"
            opened = browser.open(url, script=script)
            expect(f"requests {said}", [u for u in opened.requests() if u != url], [])
            expect(f"complaints {said}", opened.complaints(), [])
            expect(f"rows {said}", shown(opened), codes)
            expect(f"language {said}", opened.evaluate("document.documentElement.lang"), "vi")
            expect(f"headings {said}", opened.evaluate("document.querySelectorAll('h1').length"), 1)
            expect(f"tools {said}", opened.evaluate("!!document.querySelector('#cong-cu:not([hidden])')"), script and bool(codes))
            if codes:
                heads = opened.evaluate("Array.from(document.querySelectorAll('thead th')).map(t => t.textContent)")
                expect(f"columns {said}", heads, COLUMNS)
            if any(case["complainant"] == EVIL for case in wanted["cases"]):
                name = "Array.from(document.querySelectorAll('.name')).map(n => n.textContent)"
                expect(f"the name {said}", EVIL in opened.evaluate(name), True)
            expect(f"scripts, images {said}", opened.evaluate("document.querySelectorAll('script, img, iframe, link').length"), 1)
            expect(f"title {said}", "HỎNG" in opened.evaluate("document.title"), False)
            ratio, where = opened.evaluate(CONTRAST)
            if ratio < 4.5:
                fault(f"contrast {said}: {ratio:.2f} at {where!r}")
            shot(opened, "ban" if script else "ban-khong-script")
            opened.close()
        if codes:
            tools(browser, url, wanted, shown)
        narrow = browser.open(url, width=390, height=844)
        wide = narrow.evaluate("document.documentElement.scrollWidth")
        if wide > 390:
            fault(f"{wide} pixels wide on a phone of 390")
        expect("rows on a phone", shown(narrow), codes)
        shot(narrow, "dien-thoai")
        narrow.close()
        paper(browser, url, Path(f"{pictures or file}-in.pdf"), len(codes))
    if not pictures:
        Path(f"{file}-in.pdf").unlink()


def tools(browser, url, wanted, shown):
    """Sorting by keyboard, searching, filtering, and that all of it outlives a reload."""
    codes = [case["code"] for case in wanted["cases"]]
    opened = browser.open(url)
    heads = opened.evaluate("Array.from(document.querySelectorAll('th button')).length")
    expect("columns that sort", heads, 4)
    for _ in range(60):
        if opened.evaluate("document.activeElement.closest('th[data-xep=ma]') !== null"):
            break
        opened.key("Tab", 9)
    opened.key("Enter", 13)
    expect("sorted by code, by keyboard", shown(opened), sorted(codes))
    expect("aria-sort", opened.evaluate("document.querySelector('th[data-xep=ma]').getAttribute('aria-sort')"), "ascending")
    opened.key("Enter", 13)
    expect("sorted downwards", shown(opened), sorted(codes, reverse=True))
    browser.events.clear()
    opened.call("Page.reload")
    opened.wait("Page.loadEventFired")
    expect("sorted after a reload", shown(opened), sorted(codes, reverse=True))
    expect("complaints of the tools", opened.complaints(), [])
    opened.close()

    def due(case):
        return min([task["due"] for task in case["tasks"] if task["due"]], default="9999")

    by_date = browser.open(f"{url}#xep=han")
    found, dates = shown(by_date), {case["code"]: due(case) for case in wanted["cases"]}
    expect("dates in order", [dates[code] for code in found], sorted(dates.values()))
    by_date.close()
    for urgency, word in (("late", "tre"), ("soon", "sap")):
        only = browser.open(f"{url}#nhom={word}")
        expect(f"filter {word}", shown(only), [case["code"] for case in wanted["cases"] if case["urgency"] == urgency] or codes)
        only.close()
    only = browser.open(f"{url}#nhom=loi")
    faulty = [case["code"] for case in wanted["cases"] if case["errors"]]
    expect("filter loi", shown(only), faulty or codes)
    only.close()
    # Without accents, as people type in a hurry.
    some = wanted["cases"][0]
    search = browser.open(f"{url}#tim={some['code'].lower()}")
    expect("search", shown(search), [code for code in codes if some["code"] in code])
    search.close()


def paper(browser, url, out, count):
    """A4 across, the head of the table on each page of it."""
    opened = browser.open(url)
    opened.pdf(out)
    opened.close()
    info = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
    size = next(line for line in info.splitlines() if line.startswith("Page size"))
    width, _, height = size.split()[2:5]
    if (round(float(width)), round(float(height))) not in [(842, 595), (842, 596), (841, 595)]:
        fault(f"paper: {size}")
    text = subprocess.run(["pdftotext", "-layout", out, "-"], capture_output=True, text=True, check=True).stdout
    sheets = text.rstrip("\f").split("\f")
    if count:
        head = [column for column in COLUMNS if column != "Mở"]
        lines = [sheet.splitlines() for sheet in sheets]
        lacking = [number for number, sheet in enumerate(lines, 1) if not any(all(c in line for c in head) for line in sheet)]
        expect("printed pages without the table's head", lacking, [])
    if "Bỏ lọc" in text:
        fault("the tools are printed")


def calendar(folder, status):
    """Every running term as a whole day, in lines as RFC 5545 wants them."""
    import icalendar

    data = Path(folder, "han-xu-ly.ics").read_bytes()
    if b"\n" in data.replace(b"\r\n", b"") or b"\r" in data.replace(b"\r\n", b""):
        fault("bare line ends")
    long = [line for line in data.split(b"\r\n") if len(line) > 75]
    expect("lines over 75 octets", long, [])
    for line in data.split(b"\r\n"):
        line.decode("utf-8")
    parsed = icalendar.Calendar.from_ical(data)
    expect("errors", [event.errors for event in parsed.walk() if getattr(event, "errors", [])], [])
    expect("version, method", (str(parsed["VERSION"]), str(parsed["METHOD"])), ("2.0", "PUBLISH"))
    wanted = set()
    for case in json.loads(Path(status).read_text("utf-8"))["cases"]:
        for term in (case["assessment"] or {}).get("terms", []):
            if term["met"] is None and not term["waived"]:
                who = case["complainant"] or "chưa ghi người khiếu nại"
                wanted.add((term["due"], f"Hạn {case['code']}: {term['label']} – {who}"))
    events = parsed.walk("VEVENT")
    found = set()
    for event in events:
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if type(start) is not date or end - start != timedelta(days=1):
            fault(f"not a whole day: {start} – {end}")
        found.add((start.isoformat(), str(event["SUMMARY"])))
    expect("terms that lack", sorted(wanted - found), [])
    expect("terms too many", sorted(found - wanted), [])
    uids = [str(event["UID"]) for event in events]
    expect("UIDs twice", sorted({uid for uid in uids if uids.count(uid) > 1}), [])
    # The file says the same when another program has read and written it.
    again = icalendar.Calendar.from_ical(parsed.to_ical())
    expect("read again", len(again.walk("VEVENT")), len(events))
    print(f"{len(events)} terms, {len(data)} bytes")


def picture(folder, out):
    with Browser() as browser:
        opened = browser.open(Path(folder, "bang-theo-doi.html").resolve().as_uri(), width=1180, height=1000, script=False)
        opened.evaluate("document.querySelectorAll('#canh-bao').forEach(e => e.hidden = true)")
        opened.picture(out)


def main():
    match sys.argv[1:]:
        case ["cases", folder, count]:
            cases(folder, int(count))
        case ["page", folder, status, expected, *pictures]:
            page(folder, status, expected, *pictures)
        case ["calendar", folder, status]:
            calendar(folder, status)
        case ["picture", folder, out]:
            picture(folder, out)
        case _:
            print(__doc__.strip(), file=sys.stderr)
            return 2
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
