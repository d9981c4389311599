"""What the scripts in benches/ share: building, rows, timed children, tables. Python's own library only."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
HOSO = TARGET / "dist/hoso"
PRESS = TARGET / "dist/examples/press"
FORM = "thong-bao-su-co"
TODAY = "2026-11-20"
KB = 1000

for name in ("SOURCE_DATE_EPOCH", "RAYON_NUM_THREADS"):
    os.environ.pop(name, None)
os.environ.update(NO_COLOR="1", LC_ALL="C.UTF-8")


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).resolve().relative_to(ROOT)}: {message}")


def say(message):
    print(message, file=sys.stderr, flush=True)


def run(*command, **more):
    """Runs a command that must succeed; gives what it printed."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, **more)
    if done.returncode != 0:
        fail(f"exit {done.returncode}: {' '.join(map(str, command))}\n{done.stdout.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def build():
    """The program as it is installed, and the press the rows come from."""
    say("building the program")
    run("cargo", "build", "--profile", "dist", "--quiet", "--bin", "hoso", "--example", "press", cwd=ROOT)


def judges():
    """Installs the programs that judge PDFs; gives the one for PDF/A and PDF/UA."""
    run(ROOT / "tests/conformance/install", TARGET / "conformance")
    return TARGET / "conformance/verapdf/verapdf-check"


def desk(folder):
    """A workspace with the settings of the examples."""
    run(HOSO, "init", folder)
    (folder / "hoso.yaml").write_bytes((ROOT / "examples/hoso.yaml").read_bytes())
    return folder


def rows(count, file, seed=1):
    """A table of so many customers."""
    # Not through this process: its own size would count as that of every child.
    with file.open("wb") as out:
        if subprocess.run([PRESS, "rows", str(count), str(seed)], stdout=out).returncode != 0:
            fail("press rows")
    return file


class Child:
    """A command that ran to its end: seconds, processor seconds, peak memory, what it printed."""

    def __init__(self, *command, cores=None):
        before = os.sched_getaffinity(0)
        if cores:
            os.sched_setaffinity(0, cores)
        began = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, close_fds=False)
        out = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        os.sched_setaffinity(0, before)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        self.out = out.decode(errors="replace")
        if child.returncode != 0:
            fail(f"exit {child.returncode}: {' '.join(map(str, command))}\n{self.out[-2000:]}")


def batch(workspace, table, out, *more, jobs=None, cores=None):
    """`hoso batch`; the child carries the program's own report."""
    parallel = ["--jobs", jobs] if jobs else []
    command = [HOSO, "-C", workspace, "--json", "--today", TODAY, *parallel, "batch", FORM, table]
    child = Child(*command, "--out", out, "--for-signature", *more, cores=cores)
    child.report = json.loads(child.out)
    return child


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def number(value, digits=0):
    return f"{value:,.{digits}f}"


def markdown(header, body):
    """A table that can go into docs/performance.md as it is."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *body]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine():
    """The machine in general words, and how busy it is."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    rust = run("rustc", "--version").split()[1]
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "rust": rust,
        "commit": run("git", "-C", ROOT, "describe", "--always", "--dirty").strip(),
        "load_before": os.getloadavg()[0],
    }


def finish(name, result, tables):
    """Prints the tables and keeps everything as JSON."""
    result["machine"]["load_after"] = os.getloadavg()[0]
    file = TARGET / f"bench-{name}.json"
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n\n".join(tables))
    print(f"\n{machine_line(result['machine'])} JSON: {file}")


def machine_line(machine):
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, {machine['system']}, "
        f"rustc {machine['rust']}, {machine['commit']}, load {machine['load_before']:.1f} before, {machine['load_after']:.1f} after."
    )
