#!/usr/bin/env python3
"""Compares the built-in calendar with the PyPI package `holidays` (country VN) for 2024-2027.

Usage: holidays.py PATH-OF-HOSO

Asks `hoso deadline --from D --days N --swaps … --json` for every day of each year, in an empty folder, so that the
built-in calendar answers. Compared are the weekdays off and the weekend days worked, following and ignoring swaps.

One gap is known: the package misses the swap of 2026-01-02 (off) against 2026-01-10 (worked). Any other difference
fails, and so does the gap's disappearance, so that this note is brought up to date. Exit 0 agree, 1 differ, 2 usage.
"""

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# This file has the package's name: its folder must not come first where Python looks for modules.
sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]
import holidays  # noqa: E402

YEARS = range(2024, 2028)
SWAPPED = "substituted from"
# What the program has and the package lacks, following swaps.
KNOWN_GAP = {"off": {datetime.date(2026, 1, 2)}, "worked": {datetime.date(2026, 1, 10)}}


def from_program(binary, year, swaps, folder):
    """Weekdays off and weekend days worked, as the program counts them."""
    # The longest year has 262 weekdays: 280 working days from the eve always pass its end.
    command = [binary, "deadline", "--from", f"{year - 1}-12-31", "--days", "280", "--swaps", swaps, "--json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)
    if run.returncode != 0:
        sys.exit(f"holidays.py: {' '.join(command)} ended with {run.returncode}: {run.stderr.strip()}")
    answer = json.loads(run.stdout)
    counted = {datetime.date.fromisoformat(day) for day in answer["counted"]}
    skipped = {datetime.date.fromisoformat(day["date"]) for day in answer["skipped"]}
    first = datetime.date(year, 1, 1)
    days = {first + datetime.timedelta(n) for n in range((datetime.date(year + 1, 1, 1) - first).days)}
    if counted & skipped or not days <= counted | skipped:
        sys.exit(f"holidays.py: the answer for {year} does not give every day once")
    off = {day for day in skipped & days if day.weekday() < 5}
    worked = {day for day in counted & days if day.weekday() >= 5}
    return {"off": off, "worked": worked}


def from_package(year, swaps):
    """The same from the package; ignoring swaps leaves out the days off that it calls substituted."""
    calendar = holidays.country_holidays("VN", years=year, language="en_US")
    off = {day for day, name in calendar.items() if day.year == year and day.weekday() < 5}
    if swaps == "ignore":
        return {"off": {day for day in off if SWAPPED not in calendar[day]}, "worked": set()}
    return {"off": off, "worked": {day for day in calendar.weekend_workdays if day.year == year}}


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[2], file=sys.stderr)
        return 2
    binary = str(Path(sys.argv[1]).resolve())
    compared, gap, faults = 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for swaps in ("follow", "ignore"):
            for year in YEARS:
                ours, theirs = from_program(binary, year, swaps, folder), from_package(year, swaps)
                for kind in ("off", "worked"):
                    known = {day for day in KNOWN_GAP[kind] if day.year == year and swaps == "follow"}
                    compared += len(ours[kind] | theirs[kind])
                    extra, lacking = ours[kind] - theirs[kind], theirs[kind] - ours[kind]
                    gap += len(extra & known)
                    faults += [f"{day} {kind} ({swaps}): only in hoso" for day in sorted(extra - known)]
                    faults += [f"{day} {kind} ({swaps}): only in the package" for day in sorted(lacking)]
                    for day in sorted(known - extra):
                        faults.append(f"{day} {kind}: the known gap is gone; update KNOWN_GAP and the notes on it")
    for fault in faults:
        print(fault)
    print(
        f"holidays {holidays.__version__} VN, {YEARS[0]}-{YEARS[-1]}: {compared} days compared, "
        f"{gap} in the known gap (swap 2026-01-02 for 2026-01-10), {len(faults)} other differences"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
