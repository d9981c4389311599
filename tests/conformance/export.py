"""Compares an exported dossier with its zip, unpacked by unzip. Usage: export.py XML DIRECTORY

Documents as many as the list has, in the order of time, numbers and symbols the same, each file there with the digest named.
"""

import csv
import hashlib
import pathlib
import sys
import xml.etree.ElementTree as tree


def main(xml: str, directory: str) -> int:
    data = pathlib.Path(directory) / "data"
    root = tree.parse(xml).getroot()
    faults = []
    if root.tag != "Dossier":
        faults.append(f"root is {root.tag}")
    with open(data / "muc-luc.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    documents = root.findall("Documents/Document")
    if len(documents) != len(rows) or root.findtext("DocTotal") != str(len(rows)):
        faults.append(f"{len(documents)} documents, the list has {len(rows)}")
    dates = [document.findtext("IssuedDate") or "9999" for document in documents]
    if dates != sorted(dates):
        faults.append(f"not in the order of time: {dates}")
    told = sorted(f"{d.findtext('CodeNumber')}/{d.findtext('CodeNotation')}".strip("/") for d in documents)
    listed = sorted(row["Số, ký hiệu"] for row in rows)
    if told != listed:
        faults.append(f"symbols {told}, not {listed}")
    for place, document in enumerate(documents, 1):
        if document.findtext("DocOrdinal") != str(place):
            faults.append(f"document {place} is numbered {document.findtext('DocOrdinal')}")
        for name in ("TypeName", "OrganName", "Subject", "Language"):
            if not (document.findtext(name) or "").strip():
                faults.append(f"document {place} has no {name}")
    files = root.findall("Documents/Document/File")
    for file in files:
        digest = hashlib.sha256((data / file.text).read_bytes()).hexdigest()
        if digest != file.get("sha256"):
            faults.append(f"{file.text}: {file.get('sha256')}, not {digest}")
    for fault in faults:
        print(f"{xml}: {fault}")
    print(f"{len(documents)} documents, {len(files)} files, {len(faults)} faults")
    return 1 if faults or not documents else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
