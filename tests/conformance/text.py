#!/usr/bin/env python3
"""Compares the text of PDFs with the markup they were made from.

Usage: text.py FILE.pdf…   beside each lies FILE.xml, the filled form

What a reader must find is worked out here from the markup alone: words in reading order, labels of lists and fields, capitals
where the style asks for them. It must come back from `pdfinfo -struct-text` (what a screen reader gets) and from
`pdftotext -raw` (what is drawn; there page numbers, the watermark and repeated table heads are taken out first), the same
after folding white space, and in NFC. Exit 0 all right, 1 faults, 2 usage.
"""

import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Styles of capitals (forms/kieu.yaml, `hoa`).
CAPITALS = {"nation", "parent-body", "issuing-body", "urgency", "kind", "office", "appendix-title"}
# Order of letters in lists (Decree 30/2020, App. I).
LETTERS = "abcdđeghiklmnopqrstuvxy"
# Words of this length and more (codes, addresses) may be divided at the end of a line.
LONG = 12
BLOCKS = {
    "header", "urgency", "kind", "subject", "addressee", "addressees", "basis", "h", "p", "ol", "ul", "table", "fields",
    "columns", "rules", "closing", "signatures", "appendix", "page-break", "space", "foot", "chart",
}  # fmt: skip


def roman(number):
    """Small Roman numeral."""
    text = ""
    for value, sign in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]:
        text, number = text + sign * (number // value), number % value
    return text


def label(kind, index):
    """Label of an item, counted from 0."""
    if kind == "a":
        more, last = divmod(index, len(LETTERS))
        return (LETTERS[more - 1] if more else "") + LETTERS[last] + ")"
    return roman(index + 1) + "." if kind == "i" else f"{index + 1}."


def words(element, style=""):
    """Running text of an element."""
    parts = [element.text or ""]
    for child in element:
        match child.tag:
            case "br":
                parts.append(" ")
            case "blank":
                parts.append("\ufffc")
            case "missing":
                parts.append("[" + "".join(child.itertext()) + "]")
            case _:
                parts.append(words(child))
        parts.append(child.tail or "")
    text = "".join(parts)
    return text.upper() if style in CAPITALS else text


def mixed(element):
    """A cell, item or column: running text and blocks."""
    out, running = [], element.text or ""
    for child in element:
        if child.tag in BLOCKS:
            out += [running, *block(child)]
            running = child.tail or ""
        else:
            wrapper = ET.Element("x")
            tail, child.tail = child.tail, None
            wrapper.append(child)
            running += words(wrapper) + (tail or "")
            child.tail = tail
    return [*out, running]


def signer(element):
    """Office, note and name."""
    order = {"office": 0, "note": 1, "name": 2}
    parts = sorted(element, key=lambda part: order[part.tag])
    return [words(part, "office" if part.tag == "office" else "") for part in parts]


def rows(element):
    """Cells of a table or part of it, in order."""
    return [text for cell in element.iter() if cell.tag in ("td", "th") for text in mixed(cell)]


def block(element):
    """Texts of a block in reading order."""
    get = element.get
    match element.tag:
        case "header":
            sides = [[words(line, line.get("style")) for line in side] for side in element]
            return sides[0] + sides[1]
        case "kind" | "urgency":
            return [words(element, element.tag)]
        case "ol" | "ul":
            kind = get("type", "1")
            return [
                text
                for index, item in enumerate(element)
                for text in ["-" if element.tag == "ul" else label(kind, index), *mixed(item)]
            ]
        case "table":
            head = [part for part in element if part.tag == "thead"]
            return [t for part in head for t in rows(part)] + [t for p in element if p.tag != "thead" for t in (mixed_row(p) if p.tag == "tr" else rows(p))]
        case "fields":
            return [text for field in element for text in (field.get("label").rstrip(":") + ":", words(field))]
        case "addressees":
            entries = [words(entry) for entry in element]
            if not entries:
                return []
            return [get("label", "Kính gửi:")] + ([t for e in entries for t in ("-", e)] if len(entries) > 1 else entries)
        case "columns":
            return [text for column in element for text in mixed(column)]
        case "rules":
            return [get("label", "")]
        case "closing":
            out = []
            for part in sorted(element, key=lambda part: part.tag != "recipients"):
                if part.tag == "recipients":
                    out.append(part.get("label", "Nơi nhận:"))
                    out += [text for entry in part for text in ("-", words(entry))]
                else:
                    out += signer(part)
            return out
        case "signatures":
            return [text for who in element for text in signer(who)]
        case "appendix":
            return [get("title").upper(), get("note", ""), *mixed(element)]
        case "page-break" | "space" | "chart":
            return []
        case _:
            return [words(element)]


def chart_words(root):
    """Words a chart may show: series, labels, figures."""
    charts = list(root.iter("chart"))
    texts = [part.text or "" for chart in charts for part in chart.iter("series")]
    return set(fold(texts + [bar.get("label") for chart in charts for bar in chart.iter("bar")]))


def mixed_row(row):
    """Cells of a row outside head and body."""
    return [text for cell in row for text in mixed(cell)]


def fold(texts):
    """Words of texts, NFC, without marks of word processors and places for writing."""
    text = " ".join(texts).replace("\ufffc", "")
    text = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]", "", text)
    return unicodedata.normalize("NFC", text).split()


def differ(wanted, found):
    """Where two lists of words part, as a sentence; a long word may come back in pieces. None when they are the same."""
    at = 0
    for index, word in enumerate(wanted):
        got = found[at] if at < len(found) else ""
        at += 1
        while got != word and len(word) >= LONG and word.startswith(got) and at < len(found):
            got += found[at]
            at += 1
        if got != word:
            return f"word {index + 1}: “{' '.join(wanted[max(0, index - 3) : index + 3])}” came back as “{' '.join(found[max(0, at - 4) : at + 3])}”"
    return None if at == len(found) else f"“{' '.join(found[at : at + 8])}” is not in the markup"


def run(*command):
    """Output of a program that must end well."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def drawn(pdf, root, foot):
    """Words as they are drawn, without what only decorates a page."""
    heads = [fold(rows(part)) for part in root.iter("thead")]
    mark = "".join(fold([root.get("watermark", "")]))
    out = []
    pages = run("pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-").split("\f")[:-1]
    number = 1
    for index, page in enumerate(pages):
        page = page.split()
        number += 1 if index else 0
        # Turned letters come back one by one.
        if mark and "".join(page[: len(mark)]) == mark:
            page = page[len(mark) :]
        if index:
            if page[:1] == [str(number)]:
                page = page[1:]
            else:
                number = 1  # an appendix counts anew and its first page has no number
            for head in heads:
                if head and page[: len(head)] == head and contains(out, head):
                    page = page[len(head) :]
        elif foot:
            if page[-len(foot) :] != foot:
                return out + page
            page = page[: -len(foot)]
        out += page
    return out


def contains(many, few):
    """Whether a run of words occurs."""
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


def judge(pdf):
    """Faults of one file."""
    root = ET.fromstring(pdf.with_suffix(".xml").read_text("utf-8").lstrip("\ufeff"))
    wanted = fold(text for child in root if child.tag != "foot" for text in block(child))
    foot = fold(text for child in root if child.tag == "foot" for text in block(child))
    # Tags take their time to read; drafts and copies for signature differ from the issued letter in few words only.
    by_tags = not pdf.stem.endswith(("_du-thao", "_trinh-ky")) or "_thuong_" in pdf.stem
    try:
        tagged = by_tags and run("pdfinfo", "-struct-text", "-enc", "UTF-8", str(pdf))
        seen = drawn(pdf, root, foot)
    except RuntimeError as error:
        return [str(error)]
    faults = []
    if any(word != unicodedata.normalize("NFC", word) for word in seen):
        faults.append("the text is not in NFC")
    if by_tags and (fault := differ(wanted + foot, tagged_words(tagged))):
        faults.append(f"tagged text, {fault}")
    # A row that is divided is drawn page by page, cell by cell: there only the tags keep the order.
    if any(True for _ in root.iter("chart")):
        # A chart's words come with its figures, in no order of their own.
        known = chart_words(root)
        beside = [word for word in (Counter(seen) - Counter(wanted)).elements() if word not in known and not word.isdigit()]
        if lacking := list((Counter(wanted) - Counter(seen)).elements()):
            beside += lacking
        return faults + ([f"drawn text, “{' '.join(beside[:8])}” beside the charts is not that of the markup"] if beside else [])
    divided = any(True for tag in ("table", "columns") for _ in root.iter(tag)) and Counter(wanted) == Counter(seen)
    if not divided and (fault := differ(wanted, seen)):
        faults.append(f"drawn text, {fault}")
    return faults


def tagged_words(text):
    """Words of `pdfinfo -struct-text`: lines in quotation marks, each a piece of text."""
    pieces, figure = [], False
    for line in text.splitlines():
        if piece := re.fullmatch(r'\s*"(.*)"\s*', line):
            if not figure:
                pieces.append(piece[1])
        elif element := re.match(r"\s*([A-Za-z0-9]+)(?: \(|:|$)", line):
            # What a figure shows is said by its words of its own, which are no text of the page.
            figure = element[1] == "Figure"
    return " ".join(pieces).split()


def main():
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    files = [Path(name) for name in sys.argv[1:]]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(judge, files))
    faults = [f"{path.name}: {fault}" for path, some in zip(files, found) for fault in some]
    print("\n".join(faults), end="\n" if faults else "")
    print(f"text: {len(files)} files compared with their markup, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
