//! Updates appended to a PDF by hand (ISO 32000-1, 7.5.6), as programs that sign do it. Shared with the unit tests.

use lopdf::{Document, Object};

/// An update to be appended: objects as text.
pub(crate) struct Update {
    pub(crate) objects: Vec<(u32, String)>,
}

/// The last place of `what`.
pub(crate) fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).rposition(|window| window == what).unwrap()
}

fn start(bytes: &[u8]) -> usize {
    let at = find(bytes, b"startxref") + 9;
    let digits: Vec<u8> =
        bytes[at..].iter().copied().skip_while(u8::is_ascii_whitespace).take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).unwrap().parse().unwrap()
}

pub(crate) fn written(object: &Object) -> String {
    match object {
        Object::Dictionary(dictionary) => {
            let entries =
                dictionary.iter().map(|(key, value)| format!("/{} {}", String::from_utf8_lossy(key), written(value)));
            format!("<<{}>>", entries.collect::<Vec<_>>().join(" "))
        }
        Object::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(" ")),
        Object::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
        Object::Reference(id) => format!("{} {} R", id.0, id.1),
        Object::String(bytes, _) => format!("<{}>", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        Object::Integer(number) => number.to_string(),
        Object::Real(number) => number.to_string(),
        Object::Boolean(value) => value.to_string(),
        Object::Null => "null".to_owned(),
        Object::Stream(_) => panic!("a stream is no direct object"),
    }
}

/// Numbers of catalog and first page, and the first free number.
pub(crate) struct Parts {
    pub(crate) root: u32,
    pub(crate) page: u32,
    pub(crate) content: u32,
    pub(crate) free: u32,
    pub(crate) document: Document,
}

impl Parts {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let page = document.get_pages()[&1];
        Self {
            root: document.trailer.get(b"Root").unwrap().as_reference().unwrap().0,
            page: page.0,
            content: document.get_page_contents(page)[0].0,
            free: document.max_id + 10,
            document,
        }
    }

    /// A dictionary of the file with further entries, as text.
    pub(crate) fn with(&self, number: u32, entries: &[(&str, &str)]) -> String {
        let mut dictionary = self.document.get_object((number, 0)).unwrap().as_dict().unwrap().clone();
        entries.iter().for_each(|(key, _)| drop(dictionary.remove(key.as_bytes())));
        let text = written(&Object::Dictionary(dictionary));
        let more: String = entries.iter().map(|(key, value)| format!("/{key} {value}")).collect();
        format!("{}{more}>>", text.strip_suffix(">>").unwrap())
    }
}

/// Room for a signature value, in bytes.
const ROOM: usize = 64;

impl Update {
    /// A signature in the field `title`, shown in `rect`, added to `bytes`; `fields` are those already there.
    pub(crate) fn signature(bytes: &[u8], title: &str, rect: &str, fields: &str) -> Self {
        let parts = Parts::of(bytes);
        let (field, value) = (parts.free, parts.free + 1);
        let refs = format!("[{fields} {field} 0 R]");
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T({title})/F 132/Rect[{rect}]/P {} 0 R/V {value} 0 R>>",
            parts.page
        );
        let signature = format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261120080000+07'00')/ByteRange[0 0000000000 0000000000 0000000000]/Contents<30{}>>>",
            "00".repeat(ROOM - 1)
        );
        let form = format!("<</Fields{refs}/SigFlags 3>>");
        Self {
            objects: vec![
                (parts.root, parts.with(parts.root, &[("AcroForm", &form)])),
                (parts.page, parts.with(parts.page, &[("Annots", &refs)])),
                (field, widget),
                (value, signature),
            ],
        }
    }

    /// `bytes` with this update behind them.
    pub(crate) fn append(&self, bytes: &[u8]) -> Vec<u8> {
        let parts = Parts::of(bytes);
        let before = start(bytes);
        let mut all = bytes.to_vec();
        all.push(b'\n');
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, text) in &self.objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", all.len()));
            all.extend(format!("{number} 0 obj\n{text}\nendobj\n").into_bytes());
        }
        let at = all.len();
        let info =
            parts.document.trailer.get(b"Info").map(|info| format!("/Info {}", written(info))).unwrap_or_default();
        let size = self.objects.iter().map(|(number, _)| number + 1).max().unwrap_or_default().max(parts.free);
        all.extend(table.into_bytes());
        all.extend(
            format!("trailer\n<</Size {size}/Root {} 0 R{info}/Prev {before}>>\nstartxref\n{at}\n%%EOF\n", parts.root)
                .into_bytes(),
        );
        let empty = b"[0 0000000000 0000000000 0000000000]";
        if all.windows(empty.len()).any(|window| window == empty) {
            let (range, hole) = (find(&all, empty), find(&all, b"/Contents<30") + 9);
            let second = hole + 2 + 2 * ROOM;
            let text = format!("[0 {hole:010} {second:010} {:010}]", all.len() - second);
            all.splice(range..range + empty.len(), text.into_bytes());
        }
        all
    }
}
