//! What PDF/A-2a and PDF/UA-1 ask of the file as a whole: XMP, output intent, view settings.

use std::sync::LazyLock;

use super::file::{File, Id, Known};
use super::text::{reference, string};
use super::{Error, Metadata};

/// A compact sRGB profile, CC0.
pub(super) const PROFILE: &[u8] = include_bytes!("../../forms/color/sRGB-v2-magic.icc");

static KNOWN_PROFILE: LazyLock<Option<Known>> = LazyLock::new(|| Known::of(PROFILE).ok());

/// What the catalog leads to.
pub(super) struct Parts {
    pub(super) pages: Id,
    pub(super) tree: Id,
    pub(super) outline: Option<Id>,
}

/// Writes the catalog with all that both standards ask for; its number and that of the information dictionary.
pub(super) fn write(file: &mut File, metadata: &Metadata, language: &str, parts: &Parts) -> Result<(Id, Id), Error> {
    let (catalog, information, xml, profile) = (file.reserve(), file.reserve(), file.reserve(), file.reserve());
    file.stream(xml, b"/Type/Metadata/Subtype/XML", xmp(metadata, language, TAGGED).as_bytes());
    let known = KNOWN_PROFILE.as_ref().ok_or_else(|| Error::Library("sRGB".to_owned()))?;
    file.known_stream(profile, b"/N 3/Filter/FlateDecode", known);
    file.object(catalog, |out| {
        out.extend_from_slice(b"<</Type/Catalog/Pages ");
        reference(out, parts.pages);
        out.extend_from_slice(b"/Metadata ");
        reference(out, xml);
        out.extend_from_slice(b"/Lang");
        string(out, language);
        out.extend_from_slice(b"/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot ");
        reference(out, parts.tree);
        if let Some(outline) = parts.outline {
            out.extend_from_slice(b"/PageMode/UseOutlines/Outlines ");
            reference(out, outline);
        }
        out.extend_from_slice(
            b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile ",
        );
        reference(out, profile);
        out.extend_from_slice(b">>]>>");
    })?;
    let date = moment(metadata);
    let entries = [
        ("Title", metadata.title.as_str()),
        ("Author", &metadata.author),
        ("Subject", &metadata.subject),
        ("Producer", &metadata.producer),
        ("CreationDate", &date),
        ("ModDate", &date),
    ];
    file.object(information, |out| {
        out.extend_from_slice(b"<<");
        for (key, value) in entries.into_iter().filter(|(_, value)| !value.is_empty()) {
            out.push(b'/');
            out.extend_from_slice(key.as_bytes());
            string(out, value);
        }
        out.extend_from_slice(b">>");
    })?;
    Ok((catalog, information))
}

/// When the file was made, as PDF writes a date (ISO 32000-1, 7.9.4).
pub(super) fn moment(metadata: &Metadata) -> String {
    let zone = metadata.created.format("%:z").to_string().replace(':', "'");
    format!("D:{}{zone}'", metadata.created.format("%Y%m%d%H%M%S"))
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a letter claims: PDF/A-2a and PDF/UA-1, with the extension schema that declares the latter (ISO 19005-2, 6.6.2.3).
const TAGGED: [&str; 2] = [
    "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>",
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n",
];

/// What several PDFs with files enclosed claim: PDF/A-3b.
pub(super) fn xmp_of_bundle(metadata: &Metadata, language: &str) -> String {
    xmp(metadata, language, ["<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", ""])
}

/// XMP with what the file claims to be, and the schemas that asks for.
fn xmp(metadata: &Metadata, language: &str, [claim, schemas]: [&str; 2]) -> String {
    let date = metadata.created.format("%Y-%m-%dT%H:%M:%S%:z");
    let optional = |value: &str, around: fn(&str) -> String| {
        if value.is_empty() { String::new() } else { around(&escaped(value)) }
    };
    let author = optional(&metadata.author, |author| {
        format!("<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>")
    });
    let subject = optional(&metadata.subject, |subject| {
        format!("<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt></dc:description>")
    });
    let title = escaped(&metadata.title);
    let producer = escaped(&metadata.producer);
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n\
{claim}\n\
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>{author}{subject}\n\
<pdf:Producer>{producer}</pdf:Producer><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
{schemas}\
</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}
