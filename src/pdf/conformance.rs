//! What PDF/A-2a and PDF/UA-1 ask of the file as a whole: XMP, output intent, view settings, identifiers.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Document, Object, SaveOptions, Stream, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::program::library;
use super::{Error, Metadata};
use crate::layout::Layout;

/// A compact sRGB profile, CC0.
const PROFILE: &[u8] = include_bytes!("../../forms/color/sRGB-v2-magic.icc");

/// Adds metadata, output intent and view settings, and drops what neither standard allows.
pub(super) fn add(file: &mut Document, layout: &Layout, metadata: &Metadata) -> Result<(), Error> {
    let xmp = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(metadata, &layout.language).into_bytes(),
    )
    .with_compression(false);
    let xmp = file.add_object(xmp);
    let profile = file.add_object(Stream::new(dictionary! { "N" => 3 }, PROFILE.to_vec()));
    let catalog = file.catalog_mut().map_err(library)?;
    catalog.set("Metadata", xmp);
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB"),
        "DestOutputProfile" => profile,
    };
    catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.remove(b"PageLayout");
    catalog.remove(b"PageMode");
    let zone = metadata.created.format("%:z").to_string().replace(':', "'");
    let date = Object::string_literal(format!("D:{}{zone}'", metadata.created.format("%Y%m%d%H%M%S")));
    let mut info = dictionary! {
        "Title" => text(&metadata.title),
        "Producer" => text(&metadata.producer),
        "CreationDate" => date.clone(),
        "ModDate" => date,
    };
    if !metadata.author.is_empty() {
        info.set("Author", text(&metadata.author));
    }
    if !metadata.subject.is_empty() {
        info.set("Subject", text(&metadata.subject));
    }
    if let Ok(id) = file.trailer.get(b"Info").and_then(Object::as_reference) {
        file.objects.insert(id, Object::Dictionary(info));
    } else {
        let id = file.add_object(info);
        file.trailer.set("Info", id);
    }
    Ok(())
}

/// A text string in UTF-16 with byte-order mark.
fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::string_literal(value);
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// XMP with the PDF/A and PDF/UA identifiers and the extension schema that declares the latter (ISO 19005-2, 6.6.2.3).
fn xmp(metadata: &Metadata, language: &str) -> String {
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
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>\n\
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>{author}{subject}\n\
<pdf:Producer>{producer}</pdf:Producer><xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n\
</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// Objects in one object stream.
const OBJECTS_PER_STREAM: usize = 500;
/// Level of compression: beyond it a letter shrinks by less than 1 %.
const LEVEL: u32 = 6;

/// Compresses every stream but the XMP, which programs without a PDF reader must find.
fn compress(file: &mut Document) -> Result<(), Error> {
    for object in file.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.allows_compression
            && !stream.dict.has(b"Filter")
        {
            let mut encoder = ZlibEncoder::new(Vec::with_capacity(stream.content.len() / 2), Compression::new(LEVEL));
            let packed = encoder.write_all(&stream.content).and_then(|()| encoder.finish());
            stream.set_content(packed.map_err(|error| Error::Library(error.to_string()))?);
            stream.dict.set("Filter", "FlateDecode");
        }
    }
    Ok(())
}

/// Compresses, sets `/ID` from the content, and writes the file with object streams.
pub(super) fn save(mut file: Document) -> Result<Vec<u8>, Error> {
    file.version = "1.7".to_owned();
    file.prune_objects();
    compress(&mut file)?;
    let mut digest = Sha256::new();
    for (id, object) in &file.objects {
        digest.update(id.0.to_be_bytes());
        if let Object::Stream(stream) = object {
            digest.update(&stream.content);
        } else {
            digest.update(format!("{object:?}"));
        }
    }
    let id = Object::String(digest.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![id.clone(), id]);
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(OBJECTS_PER_STREAM)
        .compression_level(LEVEL)
        .build();
    let mut bytes = Vec::new();
    file.save_with_options(&mut bytes, options).map_err(|error| Error::Library(error.to_string()))?;
    Ok(bytes)
}
