#!/usr/bin/env python3
"""Reads the mails answers go out with by Python's email module.

Usage: mails.py FILE.eml…     the letter each carries must lie beside it, byte for byte the same

Exit 0 all right, 1 faults, 2 usage.
"""

import email
import email.header
import email.policy
import re
import sys
import unicodedata
from pathlib import Path


def judge(path):
    """Faults of one mail."""
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    faults = [f"defect: {defect!r}" for part in mail.walk() for defect in part.defects]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"):
        if len(mail.get_all(name, [])) != 1:
            faults.append(f"{name} must stand there once")
    if faults:
        return faults
    if len(mail["To"].addresses) != 1 or "@" not in mail["To"].addresses[0].addr_spec:
        faults.append(f"To is {mail['To']!r}")
    # decode_header keeps adjacent encoded words together (RFC 2047, 6.2); the newer address parser does not.
    to = str(email.header.make_header(email.header.decode_header(email.message_from_bytes(raw)["To"])))
    if not re.match(r"(Ông|Bà|Quý|Công ty|[A-ZĐ]).+ <[^ ]+@[^ ]+>$", to):
        faults.append(f"To reads {to!r}")
    subject = mail["Subject"]
    if not re.fullmatch(r"Trả lời khiếu nại, hồ sơ KN-\d{4}-\d{4,}", subject):
        faults.append(f"the subject reads {subject!r}")
    if mail["Date"].datetime is None or mail["Date"].datetime.tzinfo is None:
        faults.append(f"Date is {mail['Date']!r}")
    if mail["X-Unsent"] != "1":
        faults.append("X-Unsent is not 1")
    body = mail.get_body(("plain",)).get_content()
    for words in ("Kính gửi: ", subject.rsplit(" ", 1)[-1]):
        if words not in body:
            faults.append(f"{words!r} is not in the text")
    if unicodedata.normalize("NFC", subject + body + to) != subject + body + to:
        faults.append("not in NFC")
    if any(len(line) > 998 for line in raw.split(b"\r\n")) or re.search(rb"[^\r]\n", raw):
        faults.append("lines too long or not ended by CR LF (RFC 5322, 2.1.1 and 2.3)")
    letters = list(mail.iter_attachments())
    if len(letters) != 1 or letters[0].get_content_type() != "application/pdf":
        faults.append(f"{len(letters)} attachments, one PDF is due")
        return faults
    beside = path.with_suffix(".pdf")
    if letters[0].get_filename() != beside.name:
        faults.append(f"the attachment is called {letters[0].get_filename()!r}")
    if not beside.is_file() or letters[0].get_content() != beside.read_bytes():
        faults.append(f"the attachment is not {beside.name}")
    return faults


def main():
    files = [Path(name) for name in sys.argv[1:]]
    if not files:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    faults = [f"{path}: {fault}" for path in files for fault in judge(path)]
    print("\n".join(faults), end="\n" if faults else "")
    print(f"mails: {len(files)}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
