"""Mixed edits under a watcher that is stopped until events are lost, and killed: does it end where a fresh pass does?"""

import pathlib
import re
import shutil
import signal
import subprocess
import time

from desk import Desk, code, random, text, tree, until

WATCH = ("--interval", "2", "--settle", "50")


class Edits:
    """Random edits of the case files of a desk, each leaving a folder that a pass can make sense of."""

    def __init__(self, desk, cases, seed):
        self.desk, self.random = desk, random.Random(seed)
        self.there = set(range(1, cases + 1))
        self.next = cases + 1
        self.version = 0
        self.counts = {}

    def one(self):
        kinds = ["edit"] * 5 + ["rename-save", "half", "create", "delete", "move", "copy", "junk", "evidence", "same"]
        kind = self.random.choice(kinds)
        if len(self.there) < 100 and kind in ("delete", "move"):
            kind = "create"
        self.counts[kind] = self.counts.get(kind, 0) + 1
        number = self.random.choice(sorted(self.there)) if kind != "create" else self.next
        self.version += 1
        body = text(number, self.version, self.random.randrange(4, 20))
        if self.random.random() < 0.05:
            body = body.replace("5401 0000", "khong phai")
        path = self.desk.case(number)
        if kind == "edit":
            path.write_text(body)
        elif kind == "create":
            path.write_text(body)
            self.there.add(number)
            self.next += 1
        elif kind == "rename-save":
            aside = self.desk.cases / f".{path.name}.swp"
            aside.write_text(body)
            aside.rename(path)
        elif kind == "half":
            with open(path, "w") as file:
                file.write(body[: len(body) // 2])
                file.flush()
                time.sleep(0.01)
                file.write(body[len(body) // 2 :])
        elif kind == "delete":
            path.unlink()
            self.there.remove(number)
        elif kind == "move":
            path.rename(self.desk.case(self.next))
            self.desk.case(self.next).write_text(body.replace(code(number), code(self.next)))
            self.there.remove(number)
            self.there.add(self.next)
            self.next += 1
        elif kind == "copy":
            copy = self.desk.cases / f"{code(number)} (1).yaml"
            copy.unlink() if copy.exists() else copy.write_text(body)
        elif kind == "junk":
            junk = self.desk.cases / self.random.choice(["~$x.yaml", ".x.yaml.swp", "x.yaml.tmp", "Thumbs.db"])
            junk.write_text(body)
        elif kind == "evidence":
            folder = self.desk.cases / code(number) / "dinh-kem"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"anh-{self.version % 3}.jpg").write_text("x")
        elif kind == "same":
            path.write_bytes(path.read_bytes())


def lose_events(desk):
    """Stops the watcher and fills the kernel's queue of events until it overflows."""
    longest = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    desk.watcher.send_signal(signal.SIGSTOP)
    note = desk.cases / "ghi-chu.txt"
    for _ in range(longest // 3 + 1000):
        note.write_text("x")
        note.unlink()


def without_signs(files):
    """The board tells when it was written."""
    page = files.get("bang-theo-doi.html", b"")
    files["bang-theo-doi.html"] = re.sub(rb'(?m)^<p id="song".*$', b"", page)
    return files


def compare(ours, scratch):
    """A fresh pass over the same case files and evidence, and in what it differs."""
    fresh = Desk(scratch)
    mine = ("Thumbs.db", "~$x.yaml", ".x.yaml.swp", "x.yaml.tmp")
    for path in ours.cases.iterdir():
        if path.name not in mine and path.suffix in (".yaml", ".yml") and path.is_file():
            shutil.copy2(path, fresh.cases / path.name)
        evidence = path / "dinh-kem"
        if evidence.is_dir():
            shutil.copytree(evidence, fresh.cases / path.name / "dinh-kem")
    fresh.run("build", check=False)
    wanted, found = without_signs(tree(fresh.cases)), without_signs(tree(ours.cases))
    lost = ours.root / ".hoso/mat-tep.json"
    if lost.exists():
        # A fresh pass knows of no file that went: without them the board, and it alone, is made once more.
        lost.unlink()
        ours.run("build", check=False)
        page = "bang-theo-doi.html"
        found[page] = without_signs(tree(ours.cases))[page]
    found = {name: data for name, data in found.items() if name not in mine}
    # A folder whose case is gone keeps what lies in it: nothing of a clerk's is removed.
    left = {name for name in found if "/" in name and not (ours.cases / (name.split("/")[0] + ".yaml")).exists()}
    found = {name: data for name, data in found.items() if name not in left}
    wanted = {name: data for name, data in wanted.items() if name not in left}
    missed = [name for name in wanted if found.get(name) != wanted[name]]
    doubled = [name for name in found if name not in wanted]
    return missed, doubled


def run(root, edits=10_000, cases=1_000, kills=3, seed=1):
    desk = Desk(root / "edits")
    desk.fill(cases)
    desk.watch(*WATCH, log=root / "edits.log")
    work = Edits(desk, cases, seed)
    marks = {edits * (n + 1) // (kills + 1) for n in range(kills)}
    start = time.monotonic()
    for step in range(1, edits + 1):
        work.one()
        if step % 20 == 0:
            time.sleep(0.02)
        if step in marks:
            lose_events(desk)
            for _ in range(50):
                work.one()
            desk.watcher.send_signal(signal.SIGCONT)
            for _ in range(50):
                work.one()
            desk.stop(signal.SIGKILL)
            for _ in range(50):
                work.one()
            desk.watch(*WATCH, log=root / "edits.log")
    # What a faulty file had for a draft before stays; a fresh pass has none. So all are right in the end.
    for number in sorted(work.there):
        if "khong phai" in desk.case(number).read_text():
            desk.case(number).write_text(text(number, work.version))
    made = time.monotonic() - start
    # Three looks, each of which would find what the one before left.
    desk.still(8)
    settled = time.monotonic() - start
    desk.stop()
    missed, doubled = compare(desk, root / "fresh")
    for name in (missed + doubled)[:20]:
        print("  differs:", name)

    # Letters, each saved several times over, under a watcher that is killed: one number a case.
    issued = Desk(root / "issued")
    issued.watch(*WATCH)
    numbers = range(1, 51)
    for number in numbers:
        for _ in range(3):
            issued.case(number).write_text(text(number) + "  ban_hanh: co\n")
        if number % 20 == 0:
            time.sleep(0.3)
            issued.stop(signal.SIGKILL)
            issued.watch(*WATCH)
    journal = issued.root / ".hoso/so-dang-ky.jsonl"
    until(lambda: journal.exists() and journal.read_text().count('"loai":"cap_so"') >= len(numbers), 120, "fifty numbers")
    issued.idle(settled=3)
    issued.stop()
    given = journal.read_text().count('"loai":"cap_so"')
    issued.run("register", "verify")
    edited = edits + 150 * kills
    yield "edits", f"{edited} over {cases} cases, {kills} overflows, {kills} kills", f"{made:.0f} s, at rest after {settled:.0f} s"
    yield "missed / doubled", "against a fresh pass over the same files", f"{len(missed)} / {len(doubled)}"
    yield "numbers", "50 letters saved three times each, 2 kills", f"{given}, verified"
    if missed or doubled or given != 50:
        raise SystemExit("the watcher did not converge")
