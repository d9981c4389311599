#!/usr/bin/env python3
"""Letters by WeasyPrint. Usage: weasyprint_peer.py WORDS FONTS VARIANT

Faces and style sheet are loaded once; the HTML of all letters is written before anything is timed.
"""

import sys
from html import escape
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from peer import letters, serve


def runs(pieces):
    """Running text."""
    out = []
    for piece in pieces:
        if piece.get("break"):
            out.append("<br>")
            continue
        text = escape(piece["text"])
        if piece.get("italic"):
            text = f"<em>{text}</em>"
        if piece.get("bold"):
            text = f"<strong>{text}</strong>"
        out.append(text)
    return "".join(out)


def lines(header):
    """One side of the header."""
    return "".join(
        f'<p class="{line["style"]}"><span class="rule-{line["rule"]}">{runs(line["runs"])}</span></p>' for line in header
    )


def block(of):
    """A block of the letter."""
    match of["block"]:
        case "header":
            low = ("number", "place-date")
            parts = []
            for wanted in (False, True):
                sides = [[line for line in of[side] if (line["style"] in low) == wanted] for side in ("left", "right")]
                parts.append(f'<div class="row"><div class="left">{lines(sides[0])}</div><div class="right">{lines(sides[1])}</div></div>')
            return f'<div class="header">{"".join(parts)}</div>'
        case "kind":
            return f'<h1>{runs(of["runs"])}</h1>'
        case "subject":
            return f'<p class="subject"><span class="rule-{of["rule"]}">{runs(of["runs"])}</span></p>'
        case "addressee":
            return f'<p class="addressee">{runs(of["runs"])}</p>'
        case "heading":
            return f'<h2>{runs(of["runs"])}</h2>'
        case "paragraph":
            return f'<p>{runs(of["runs"])}</p>'
        case "fields":
            widest = max(len(field["label"]) for field in of["fields"])
            return f'<div class="fields" style="--label: {widest * 0.46:.2f}em">' + "".join(
                f'<p><span class="label">{escape(field["label"])}</span> <span class="value">{runs(field["runs"])}</span></p>'
                for field in of["fields"]
            ) + "</div>"
        case "closing":
            recipients, signer = of["recipients"], of["signer"]
            entries = "".join(f"<li>{runs(entry)}</li>" for entry in recipients["entries"])
            offices = "".join(f'<p class="office">{runs(office)}</p>' for office in signer["offices"])
            notes = "".join(f'<p class="note">{runs(note)}</p>' for note in signer["notes"])
            return (
                f'<div class="closing row"><div class="recipients"><p>{escape(recipients["label"])}</p><ul>{entries}</ul></div>'
                f'<div class="signer">{offices}{notes}<p class="name">{runs(signer["name"])}</p></div></div>'
            )
    raise ValueError(of["block"])


def page(letter):
    """A letter as HTML."""
    title, author, subject = (escape(letter[name]) for name in ("title", "author", "subject"))
    body = "".join(map(block, letter["blocks"]))
    return (
        f'<!DOCTYPE html><html lang="{letter["language"]}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{author}"><meta name="description" content="{subject}">'
        f'<meta name="dcterms.created" content="2026-11-20"></head>'
        f'<body>{body}<p class="foot">{runs(letter["foot"])}</p></body></html>'
    )


words, fonts, variant = sys.argv[1:]
pages = [page(letter) for letter in letters(words)]
configuration = FontConfiguration()
faces = "".join(
    f"@font-face {{ font-family: Tinos; src: url({Path(fonts, name).absolute().as_uri()}); font-weight: {weight}; font-style: {style} }}"
    for name, weight, style in [
        ("Tinos-Regular.ttf", "normal", "normal"),
        ("Tinos-Bold.ttf", "bold", "normal"),
        ("Tinos-Italic.ttf", "normal", "italic"),
        ("Tinos-BoldItalic.ttf", "bold", "italic"),
    ]
)
styles = [
    CSS(string=faces, font_config=configuration),
    CSS(filename=str(Path(__file__).with_name("letter.css")), font_config=configuration),
]


def make(place):
    return HTML(string=pages[place]).write_pdf(
        stylesheets=styles, font_config=configuration, pdf_variant=variant, pdf_tags=True
    )


make(0)
serve(len(pages), make)
