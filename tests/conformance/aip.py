"""Judges an archival package. Usage: aip.py SCHEMAS PACKAGE DIRECTORY  (DIRECTORY: the dossier, unpacked by unzip)

METS against the schema of the Library of Congress (SCHEMAS/mets.xsd); every file of the dossier in the package and named
by METS and PREMIS with its size and digest; EAD.xml and PREMIS.xml with the digests METS gives; every event of the dossier in PREMIS.
"""

import hashlib
import json
import pathlib
import sys
import urllib.parse

from lxml import etree

METS = "{http://www.loc.gov/METS/}"
PREMIS = "{http://www.loc.gov/premis/v3}"
EAD = "{http://ead3.archivists.org/schema/}"
HREF = "{http://www.w3.org/1999/xlink}href"


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(schemas: pathlib.Path, package: pathlib.Path, unpacked: pathlib.Path) -> int:
    faults = []
    schema = etree.XMLSchema(etree.parse(schemas / "mets.xsd"))
    mets = etree.parse(package / "METS.xml")
    if not schema.validate(mets):
        faults += [f"METS.xml: {error}" for error in schema.error_log]
    for reference in mets.iter(f"{METS}mdRef"):
        name = reference.get(HREF)
        if digest(package / name) != reference.get("CHECKSUM") or (package / name).stat().st_size != int(reference.get("SIZE")):
            faults.append(f"{name} is not what METS says")
    told = {}
    for file in mets.iter(f"{METS}file"):
        path = urllib.parse.unquote(file.find(f"{METS}FLocat").get(HREF))
        told[path] = file.get("CHECKSUM")
        if digest(package / path) != file.get("CHECKSUM") or (package / path).stat().st_size != int(file.get("SIZE")):
            faults.append(f"{path} is not what METS says")
    data = unpacked / "data"
    files = {f"representations/rep1/data/{f.relative_to(data)}": digest(f) for f in data.rglob("*") if f.is_file()}
    if files != told:
        faults.append(f"METS names {sorted(told)}, the dossier holds {sorted(files)}")
    pointed = {pointer.get("FILEID") for pointer in mets.iter(f"{METS}fptr")}
    if pointed != {file.get("ID") for file in mets.iter(f"{METS}file")}:
        faults.append("the structural map does not point to every file")
    premis = etree.parse(package / "PREMIS.xml")
    objects = {
        o.findtext(f"{PREMIS}objectIdentifier/{PREMIS}objectIdentifierValue"): o.findtext(f".//{PREMIS}messageDigest")
        for o in premis.iter(f"{PREMIS}object")
    }
    if objects != files:
        faults.append("PREMIS names other objects")
    events = [json.loads(line) for line in (data / "su-kien.jsonl").read_text("utf-8").splitlines()]
    held = [e.findtext(f"{PREMIS}eventDateTime") for e in premis.iter(f"{PREMIS}event")]
    if held != [event["eventDateTime"] for event in events] or not events:
        faults.append("PREMIS tells other events")
    agents = {a.findtext(f"{PREMIS}agentIdentifier/{PREMIS}agentIdentifierValue"): a.findtext(f"{PREMIS}agentName") for a in premis.iter(f"{PREMIS}agent")}
    linked = [agents.get(e.findtext(f"{PREMIS}linkingAgentIdentifier/{PREMIS}linkingAgentIdentifierValue"), "") for e in premis.iter(f"{PREMIS}event")]
    if linked != [event.get("linkingAgentIdentifier", "") for event in events]:
        faults.append(f"PREMIS links other agents: {linked}")
    ead = etree.parse(package / "EAD.xml")
    for dao in ead.iter(f"{EAD}dao"):
        if not (package / urllib.parse.unquote(dao.get("href"))).is_file():
            faults.append(f"EAD names {dao.get('href')}, which is not there")
    items = len(list(ead.iter(f"{EAD}c")))
    for fault in faults:
        print(f"{package}: {fault}")
    print(f"{len(told)} files, {len(held)} events, {items} documents, {len(faults)} faults")
    return 1 if faults or not told or not items else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
