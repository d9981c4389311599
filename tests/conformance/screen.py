#!/usr/bin/env python3
"""Draws pictures for the documents.

Usage: screen.py pages OUT.png PAGE.png…           pages side by side, with an edge
       screen.py terminal OUT.png TITLE COMMAND…    what a command prints to a terminal
       screen.py note OUT.png FILE                  a text file as an editor shows it
       screen.py picture OUT.png PNG                a picture with few colours
"""

import os
import pty
import re
import struct
import sys
import textwrap
import unicodedata
from fcntl import ioctl
from pathlib import Path
from subprocess import Popen
from termios import TIOCSWINSZ

from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/croscore/Cousine-{}.ttf"
SIZE, PAD, BAR = 15, 16, 30
COLUMNS, ROWS = 110, 38
# ANSI colours on white.
INK = {"30": "#1f2328", "31": "#c5221f", "32": "#1a7f37", "33": "#9a6700", "34": "#0550ae", "36": "#1b7c83"}


def save(image, out):
    """As few colours as do, so that the file stays small."""
    image.convert("RGB").quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, optimize=True)


def pages(out, names):
    """Pages side by side."""
    sheets = [Image.open(name).convert("RGB") for name in names]
    gap = 14
    width = sum(sheet.width for sheet in sheets) + gap * (len(sheets) + 1)
    image = Image.new("RGB", (width, max(sheet.height for sheet in sheets) + 2 * gap), "#e9ebee")
    draw, x = ImageDraw.Draw(image), gap
    for sheet in sheets:
        image.paste(sheet, (x, gap))
        draw.rectangle((x - 1, gap - 1, x + sheet.width, gap + sheet.height), outline="#b8bcc2")
        x += sheet.width + gap
    save(image, out)


def window(out, title, lines):
    """Lines of (style, text) runs in a plain window."""
    faces = {bold: ImageFont.truetype(FONTS.format("Bold" if bold else "Regular"), SIZE) for bold in (False, True)}
    step, height = faces[False].getlength("0"), SIZE + 6
    columns = max([sum(len(text) for _, _, text in runs) for runs in lines] + [60])
    size = (int(columns * step) + 2 * PAD, BAR + len(lines) * height + 2 * PAD)
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], BAR), fill="#e9ebee")
    draw.text((PAD, 7), title, font=faces[False], fill="#57606a")
    for row, runs in enumerate(lines):
        x = PAD
        for bold, ink, text in runs:
            draw.text((x, BAR + PAD + row * height), text, font=faces[bold], fill=ink)
            x += step * len(text)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline="#b8bcc2")
    save(image, out)


def fold(text, indent):
    """A long line as several; lines that go on are set in a little."""
    return textwrap.wrap(text, COLUMNS, subsequent_indent=indent, drop_whitespace=True, break_long_words=False) or [""]


def run(command):
    """Output of a command that believes it prints to a terminal."""
    ours, its = pty.openpty()
    ioctl(its, TIOCSWINSZ, struct.pack("HHHH", 200, COLUMNS, 0, 0))
    child = Popen(command, stdout=its, stderr=its, env={k: v for k, v in os.environ.items() if k != "NO_COLOR"})
    os.close(its)
    data = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        data += chunk
    child.wait()
    return unicodedata.normalize("NFC", data.decode()).replace("\r", "")


def terminal(out, title, command):
    """What a command prints."""
    lines = []
    for line in run(command).rstrip("\n").split("\n"):
        bold, ink, runs, used = False, INK["30"], [], 0
        for part in re.split(r"(\x1b\[[0-9;]*m)", line):
            if part.startswith("\x1b"):
                for number in part[2:-1].split(";"):
                    bold = {"1": True, "0": False, "": False}.get(number, bold)
                    ink = INK.get(number, INK["30"] if number in ("0", "") else ink)
                continue
            for word in re.findall(r"\s*\S+|\s+", part):
                if used + len(word) > COLUMNS:
                    lines.append(runs)
                    runs, used = [(False, ink, " " * 6)], 6
                    word = word.lstrip()
                runs.append((bold, ink, word))
                used += len(word)
        lines.append(runs)
    if len(lines) > ROWS:
        lines[ROWS:] = [[(False, INK["30"], "…")]]
    window(out, f"$ {title}", lines)


def note(out, name):
    """A text file in an editor."""
    text = unicodedata.normalize("NFC", Path(name).read_text("utf-8-sig"))
    lines = [[(False, INK["30"], part)] for line in text.splitlines() for part in fold(line, "   " if line.startswith(" ") else "")]
    window(out, f"{Path(name).name} - Notepad", lines)


def main():
    match sys.argv[1:]:
        case ["pages", out, *names] if names:
            pages(out, names)
        case ["terminal", out, title, *command] if command:
            terminal(out, title, command)
        case ["picture", out, name]:
            save(Image.open(name), out)
        case ["note", out, name]:
            note(out, name)
        case _:
            print(__doc__.strip(), file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
