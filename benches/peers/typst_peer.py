#!/usr/bin/env python3
"""Letters by Typst (PyPI `typst`). Usage: typst_peer.py WORDS FONTS STANDARD[,STANDARD]

One compiler for all letters, so faces and template are loaded once; each letter's words come in as an input.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import typst

from peer import letters, serve

words, fonts, standards = sys.argv[1:]
inputs = [json.dumps(letter, ensure_ascii=False) for letter in letters(words)]
compiler = typst.Compiler(
    str(Path(__file__).with_name("letter.typ")), font_paths=[fonts], ignore_system_fonts=True
)


def make(place):
    return compiler.compile(
        format="pdf",
        sys_inputs={"letter": inputs[place]},
        pdf_standards=standards.split(","),
        timestamp=int(datetime(2026, 11, 20).timestamp()),
    )


make(0)
serve(len(inputs), make)
