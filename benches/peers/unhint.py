"""Writes faces without their hinting, as hoso has them. Usage: unhint.py FROM TO"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

HINTING = ("cvt ", "fpgm", "prep", "hdmx", "VDMX", "LTSH", "gasp", "DSIG")

source, target = map(Path, sys.argv[1:])
target.mkdir(exist_ok=True)
for path in source.glob("*.ttf"):
    face = TTFont(path, recalcTimestamp=False)
    for table in HINTING:
        if table in face:
            del face[table]
    for glyph in face["glyf"].glyphs.values():
        glyph.expand(face["glyf"])
        if hasattr(glyph, "program"):
            glyph.program.fromBytecode(b"")
    face.save(target / path.name)
