"""What the peers in Python have in common: letters as words, and the loop that is timed from outside."""

import json
import sys
import time
from pathlib import Path


def letters(path):
    """The letters `press words` wrote."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def serve(count, make):
    """Answers each line "FROM COUNT [DIR]" with "SECONDS BYTES"; `make` gives the PDF of the letter at a place."""
    print("ready", flush=True)
    for line in sys.stdin:
        start, many, *folder = line.split()
        start, many = int(start), int(many)
        if start + many > count:
            sys.exit(f"not so many letters: {line}")
        made = []
        began = time.perf_counter()
        for place in range(start, start + many):
            made.append(make(place))
        seconds = time.perf_counter() - began
        if folder:
            for place, pdf in enumerate(made, start):
                Path(folder[0], f"{place}.pdf").write_bytes(pdf)
        print(seconds, sum(map(len, made)), flush=True)
