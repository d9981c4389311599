//! Objects → file: streams as they come, everything else packed into object streams, one cross-reference stream
//! (ISO 32000-1, 7.5.7 and 7.5.8).

use sha2::{Digest, Sha256};

use super::Error;
use super::text::{deflated, integer, packed, reference};

/// An object's number.
pub(super) type Id = u32;

/// Where an object lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    Missing,
    At(usize),
    Packed { stream: Id, index: usize },
}

/// Objects in one stream; readers unpack a stream whole, so a long document has several.
const OBJECTS_PER_STREAM: usize = 500;

/// A cross-reference table up to this size is written as it is: deflating it takes longer than the rest of the table's making
/// and saves 200 bytes.
const SHORT_TABLE: usize = 1024;

/// Objects waiting to be packed.
#[derive(Debug, Default)]
struct Pack {
    ids: Vec<Id>,
    starts: Vec<usize>,
    bodies: Vec<u8>,
}

/// Data of a stream that is used again and again, packed as small as it goes.
#[derive(Debug)]
pub(super) struct Known {
    data: Vec<u8>,
    digest: [u8; 32],
}

impl Known {
    pub(super) fn of(data: &[u8]) -> Result<Self, Error> {
        let data = packed(data)?;
        let digest = Sha256::digest(&data).into();
        Ok(Self { data, digest })
    }
}

/// A PDF being written.
#[derive(Debug)]
pub(super) struct File {
    bytes: Vec<u8>,
    places: Vec<Place>,
    pack: Pack,
    digest: Sha256,
}

impl File {
    pub(super) fn new() -> Self {
        let mut bytes = Vec::with_capacity(64 * 1024);
        bytes.extend_from_slice(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        Self { bytes, places: vec![Place::Missing], pack: Pack::default(), digest: Sha256::new() }
    }

    /// A number for an object to come.
    pub(super) fn reserve(&mut self) -> Id {
        self.places.push(Place::Missing);
        (self.places.len() - 1) as Id
    }

    /// An object without a stream.
    pub(super) fn object(&mut self, id: Id, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Error> {
        if self.pack.ids.len() == OBJECTS_PER_STREAM {
            self.flush()?;
        }
        self.pack.ids.push(id);
        self.pack.starts.push(self.pack.bodies.len());
        write(&mut self.pack.bodies);
        self.pack.bodies.push(b'\n');
        Ok(())
    }

    /// A stream; `dictionary` are its keys besides the length.
    pub(super) fn stream(&mut self, id: Id, dictionary: &[u8], data: &[u8]) {
        self.digest.update(data);
        self.write_stream(id, dictionary, data);
    }

    /// A stream whose digest is known, since it is the same in many files.
    pub(super) fn known_stream(&mut self, id: Id, dictionary: &[u8], known: &Known) {
        self.digest.update(known.digest);
        self.write_stream(id, dictionary, &known.data);
    }

    fn write_stream(&mut self, id: Id, dictionary: &[u8], data: &[u8]) {
        self.places[id as usize] = Place::At(self.bytes.len());
        let out = &mut self.bytes;
        integer(out, i64::from(id));
        out.extend_from_slice(b" 0 obj\n<<");
        out.extend_from_slice(dictionary);
        out.extend_from_slice(b"/Length ");
        integer(out, data.len() as i64);
        out.extend_from_slice(b">>stream\n");
        out.extend_from_slice(data);
        out.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn flush(&mut self) -> Result<(), Error> {
        let pack = std::mem::take(&mut self.pack);
        if pack.ids.is_empty() {
            return Ok(());
        }
        let stream = self.reserve();
        let mut data = Vec::with_capacity(pack.bodies.len() + 10 * pack.ids.len());
        for (index, (id, start)) in pack.ids.iter().zip(&pack.starts).enumerate() {
            integer(&mut data, i64::from(*id));
            data.push(b' ');
            integer(&mut data, *start as i64);
            data.push(b' ');
            self.places[*id as usize] = Place::Packed { stream, index };
        }
        let mut dictionary = b"/Type/ObjStm/N ".to_vec();
        integer(&mut dictionary, pack.ids.len() as i64);
        dictionary.extend_from_slice(b"/First ");
        integer(&mut dictionary, data.len() as i64);
        dictionary.extend_from_slice(b"/Filter/FlateDecode");
        data.extend_from_slice(&pack.bodies);
        self.stream(stream, &dictionary, &deflated(&data)?);
        Ok(())
    }

    /// The finished file. Its identifier is a digest of its streams, so the same input gives the same bytes.
    pub(super) fn finish(mut self, catalog: Id, information: Id) -> Result<Vec<u8>, Error> {
        self.flush()?;
        let identifier = std::mem::take(&mut self.digest).finalize();
        let own = self.reserve();
        let start = self.bytes.len();
        self.places[own as usize] = Place::At(start);
        let width = if start >= 1 << 24 { 4 } else { 3 };
        let mut table = Vec::with_capacity(self.places.len() * (width + 3));
        for place in &self.places {
            let (kind, middle, last) = match *place {
                Place::Missing => (0, 0, 0),
                Place::At(at) => (1, at, 0),
                Place::Packed { stream, index } => (2, stream as usize, index),
            };
            table.push(kind);
            table.extend_from_slice(&(middle as u32).to_be_bytes()[4 - width..]);
            table.extend_from_slice(&(last as u16).to_be_bytes());
        }
        let mut dictionary = b"/Type/XRef/Size ".to_vec();
        integer(&mut dictionary, self.places.len() as i64);
        dictionary.extend_from_slice(b"/W[1 ");
        integer(&mut dictionary, width as i64);
        dictionary.extend_from_slice(b" 2]/Root ");
        reference(&mut dictionary, catalog);
        dictionary.extend_from_slice(b"/Info ");
        reference(&mut dictionary, information);
        let hex: String = identifier[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        dictionary.extend_from_slice(format!("/ID[<{hex}><{hex}>]").as_bytes());
        if table.len() > SHORT_TABLE {
            dictionary.extend_from_slice(b"/Filter/FlateDecode");
            table = deflated(&table)?;
        }
        self.stream(own, &dictionary, &table);
        self.bytes.extend_from_slice(b"startxref\n");
        integer(&mut self.bytes, start as i64);
        self.bytes.extend_from_slice(b"\n%%EOF\n");
        Ok(self.bytes)
    }
}
