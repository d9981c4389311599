#!/usr/bin/env python3
"""Makes bad files from good ones, so that the judges can be judged.

Usage: damage.py untagged|unembedded|unnamed IN.pdf OUT.pdf   of a file without object streams
       damage.py stream IN.pdf OUT.pdf                        one bit in the head of the last page's stream
       damage.py flip POSITION IN OUT                         one bit, POSITION a share of the length from 0 to 1

Replacements keep every length, so that the file stays whole and only its meaning changes. Exit 0, 2 usage.
"""

import re
import sys
from pathlib import Path

EDITS = {
    # The catalogue no longer leads to the structure tree.
    "untagged": (b"/StructTreeRoot ", b"/XtructTreeRoot "),
    # The first font program is out of reach.
    "unembedded": (b"/FontFile2 ", b"/FontFileX "),
    # The title bar would show the file name.
    "unnamed": (b"/DisplayDocTitle true", b"/DisplayDocTitle null"),
}


def main():
    match sys.argv[1:]:
        case [what, source, target] if what in EDITS:
            old, new = EDITS[what]
            data = Path(source).read_bytes()
            if old not in data:
                sys.exit(f"damage.py: {old.decode()} is not in {source}")
            Path(target).write_bytes(data.replace(old, new, 1))
        case ["stream", source, target]:
            data = bytearray(Path(source).read_bytes())
            # Streams of pages are the last before the metadata; qpdf does not look into those of fonts.
            before = data.index(b"/Type/Metadata")
            streams = list(re.finditer(rb"/FlateDecode(?:/Length \d+)?>>stream\r?\n", data[:before]))
            if not streams:
                sys.exit(f"damage.py: no compressed stream in {source}")
            data[streams[-1].end()] ^= 0x10
            Path(target).write_bytes(data)
        case ["flip", position, source, target]:
            data = bytearray(Path(source).read_bytes())
            data[min(int(float(position) * len(data)), len(data) - 1)] ^= 0x10
            Path(target).write_bytes(data)
        case _:
            print(__doc__.strip(), file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
