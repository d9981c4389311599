#!/usr/bin/env python3
"""Signs an issued letter with pyHanko and a certificate of its own, honestly and not.

Usage: sign.py LETTER DIR

Writes into DIR: signed/*.pdf, the letter with signatures added as people's programs add them, and altered/*.pdf, copies whose
appended part does more than sign. What a file's name says is what was done. Every file of signed/ is checked here: pyHanko must
find the signatures intact, so that hoso is not judged by a broken file. Exit 0 all made, 1 a signature that is not intact, 2 usage.
"""

import sys
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from asn1crypto import keys, x509
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko import stamp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

BOX = (310, 120, 540, 180)
# Under the seal on the left: a second signer's place.
OTHER_BOX = (60, 60, 200, 110)


def certificate(name):
    """A key and a self-signed certificate, for signatures and for time stamps."""
    key = rsa.generate_private_key(65537, 2048)
    subject = cx509.Name([
        cx509.NameAttribute(cx509.NameOID.COUNTRY_NAME, "VN"),
        cx509.NameAttribute(cx509.NameOID.COMMON_NAME, name),
    ])
    now = datetime.now(timezone.utc)
    built = (
        cx509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(cx509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(cx509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            cx509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True
        )
        .add_extension(cx509.ExtendedKeyUsage([cx509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return x509.Certificate.load(built.public_bytes(serialization.Encoding.DER)), keys.PrivateKeyInfo.load(der)


CERT, KEY = certificate("Đỗ Minh Tuấn")
SIGNER = signers.SimpleSigner(signing_cert=CERT, signing_key=KEY, cert_registry=SimpleCertificateStore())
STAMPER = timestamps.DummyTimeStamper(tsa_cert=CERT, tsa_key=KEY, fixed_dt=datetime(2026, 11, 20, 8, tzinfo=timezone.utc))
TRUST = {"trust_roots": [CERT], "allow_fetching": False}


def sign(data, field, box=None, page=0, style=None, update=None, before=None, **more):
    """`data` with one signature more; `before` changes the file in the same update."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    if before:
        before(writer)
    spec = fields.SigFieldSpec(field, on_page=page, box=box) if box else None
    stamper = more.pop("timestamper", None)
    meta = signers.PdfSignatureMetadata(field_name=field, reason="Ký ban hành", location="Hà Nội", **more)
    signing = signers.PdfSigner(meta, signer=SIGNER, timestamper=stamper, new_field_spec=spec, stamp_style=style)
    return signing.sign_pdf(writer).getvalue()


def update(data, change):
    """`data` with an update that does `change`."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_of(writer):
    """The first page and the reference to it."""
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    return page, page.get_object()


def add(owner, key, item):
    """Adds to the list under `key`, which may not be there yet."""
    owner[pdf_name(key)] = generic.ArrayObject([*(owner[key] if key in owner else []), item])


def overprint(writer):
    """Words printed over the first page, as a stamp does."""
    style = stamp.TextStampStyle(stamp_text="Đã đồng ý bồi hoàn 182.600.000 đồng".encode("ascii", "ignore").decode())
    stamp.TextStamp(writer, style).apply(0, 100, 400)


def more_content(writer):
    """A further content stream."""
    reference, page = page_of(writer)
    stream = writer.add_object(generic.StreamObject(stream_data=b"q 0 0 0 rg 100 400 200 20 re f Q"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), stream])
    writer.mark_update(reference)


def other_content(writer):
    """The content stream itself written anew."""
    _, page = page_of(writer)
    reference = page.raw_get("/Contents")
    if isinstance(reference, generic.ArrayObject):
        reference = reference.raw_get(0)
    stream = reference.get_object()
    stream._data = stream.data + b"\nq 0 0 0 rg 100 400 200 20 re f Q"
    stream._encoded_data = None
    writer.mark_update(reference)


def note(writer):
    """A note on the page that is no signature."""
    reference, page = page_of(writer)
    annotation = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 400, 300, 430)]),
        pdf_name("/Contents"): generic.pdf_string("Bồi hoàn gấp đôi"),
        pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
    }))
    add(page, "/Annots", annotation)
    writer.mark_update(reference)


def title(writer):
    """Another title in the description."""
    writer.set_info(generic.DictionaryObject({pdf_name("/Title"): generic.pdf_string("Văn bản khác")}))


def text_field(writer):
    """A form field with words in it."""
    reference, page = page_of(writer)
    field = writer.add_object(generic.DictionaryObject({
        pdf_name("/FT"): pdf_name("/Tx"),
        pdf_name("/T"): generic.pdf_string("so_tien"),
        pdf_name("/V"): generic.pdf_string("182.600.000"),
        pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 400, 300, 430)]),
    }))
    add(page, "/Annots", field)
    writer.mark_update(reference)
    form = writer.root["/AcroForm"] if "/AcroForm" in writer.root else generic.DictionaryObject()
    add(form, "/Fields", field)
    writer.root["/AcroForm"] = form
    writer.update_root()


def empty_fields(data):
    """Two empty fields, as somebody prepares a file to be signed."""
    def change(writer):
        fields.append_signature_field(writer, fields.SigFieldSpec("NguoiKy", box=BOX))
        fields.append_signature_field(writer, fields.SigFieldSpec("VanThu", box=OTHER_BOX))
    return update(data, change)


def with_dss(data):
    """Material to check the signatures later (PAdES-LT)."""
    reader = PdfFileReader(BytesIO(data))
    signature = reader.embedded_signatures[0]
    out = BytesIO(data)
    DocumentSecurityStore.add_dss(
        out, sig_contents=signature.pkcs7_content, certs=[CERT], validation_context=ValidationContext(**TRUST)
    )
    return out.getvalue()


def with_document_stamp(data):
    """A time stamp over the whole file (PAdES-LTA)."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    return signers.PdfTimeStamper(STAMPER, field_name="DauThoiGian").timestamp_pdf(writer, "sha256").getvalue()


def honest(letter):
    """The letter with signatures and nothing else, by name."""
    pades = {"subfilter": fields.SigSeedSubFilter.PADES}
    text = stamp.TextStampStyle(stamp_text="Signed by: %(signer)s\nTime: %(ts)s".replace("%(signer)s", "Do Minh Tuan"))
    invisible = sign(letter, "ChuKy1")
    visible = sign(letter, "ChuKy1", box=BOX, style=text)
    files = {
        "invisible": invisible,
        "visible": visible,
        "visible-plain": sign(letter, "ChuKy1", box=BOX),
        "pades": sign(letter, "ChuKy1", box=BOX, style=text, **pades),
        "pades-timestamp": sign(letter, "ChuKy1", box=BOX, timestamper=STAMPER, **pades),
        "certified": sign(letter, "ChuKy1", certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS),
        "certified-visible": sign(letter, "ChuKy1", box=BOX, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS),
        "twice-invisible": sign(invisible, "ChuKy2"),
        "twice-visible": sign(visible, "ChuKy2", box=OTHER_BOX, style=text),
        "visible-then-invisible": sign(visible, "ChuKy2"),
        "three": sign(sign(visible, "ChuKy2", box=OTHER_BOX), "ChuKy3"),
        "last-page": sign(letter, "ChuKy1", box=BOX, page=-1),
    }
    prepared = empty_fields(letter)
    files["prepared-fields"] = sign(sign(prepared, "NguoiKy", style=text), "VanThu")
    files["dss"] = with_dss(files["pades"])
    files["dss-and-document-timestamp"] = with_document_stamp(files["dss"])
    files["document-timestamp"] = with_document_stamp(letter)
    files["dss-then-second"] = sign(files["dss"], "ChuKy2", box=OTHER_BOX)
    return files


def altered(letter, signed):
    """Copies whose appended part does more than sign, by name."""
    changes = {"overprint": overprint, "more-content": more_content, "other-content": other_content, "note": note, "title": title, "text-field": text_field}
    files = {}
    for name, change in changes.items():
        files[f"{name}-in-the-signing-update"] = sign(letter, "ChuKy1", box=BOX, before=change)
        files[f"{name}-after-signing"] = update(signed, change)
        files[f"{name}-and-signed-again"] = sign(update(signed, change), "ChuKy2")
    files["not-signed-update"] = empty_fields(letter)
    files["field-over-the-page"] = sign(letter, "ChuKy1", box=(0, 0, 595, 842))
    return files


def intact(name, data):
    """What pyHanko finds wrong with the signatures of an honest file."""
    faults = []
    context = ValidationContext(**TRUST, moment=None)
    reader = PdfFileReader(BytesIO(data))
    if not reader.embedded_signatures:
        faults.append(f"{name}: no signature")
    for signature in reader.embedded_signatures:
        if signature.sig_object.get("/Type") == "/DocTimeStamp":
            continue
        status = validate_pdf_signature(signature, context)
        if not (status.intact and status.valid):
            faults.append(f"{name}, {signature.field_name}: intact {status.intact}, valid {status.valid}")
    return faults


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    letter, target = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
    good = honest(letter)
    faults = [fault for name, data in good.items() for fault in intact(name, data)]
    bad = altered(letter, good["visible"])
    for folder, files in (("signed", good), ("altered", bad)):
        (target / folder).mkdir(parents=True)
        for name, data in files.items():
            if not data.startswith(letter):
                faults.append(f"{name}: does not begin with the letter")
            (target / folder / f"{name}.pdf").write_bytes(data)
    print("\n".join(faults), end="\n" if faults else "")
    print(f"sign: {len(good)} signed, {len(bad)} altered, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
