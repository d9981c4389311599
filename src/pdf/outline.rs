//! Bookmarks of a merged file: one for each letter (ISO 32000-1, 12.3.3).

use super::Error;
use super::file::{File, Id};
use super::text::{integer, reference, string};

/// Writes a bookmark for each title, leading to its page; the number of the outline.
pub(super) fn write(file: &mut File, titles: &[(&str, Id)]) -> Result<Id, Error> {
    let outline = file.reserve();
    let ids: Vec<Id> = titles.iter().map(|_| file.reserve()).collect();
    for (index, (title, page)) in titles.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| ids.get(before));
        let after = ids.get(index + 1);
        file.object(ids[index], |out| {
            out.extend_from_slice(b"<</Title");
            string(out, title);
            for (key, id) in [("/Parent ", Some(&outline)), ("/Prev ", before), ("/Next ", after)] {
                if let Some(id) = id {
                    out.extend_from_slice(key.as_bytes());
                    reference(out, *id);
                }
            }
            out.extend_from_slice(b"/Dest[");
            reference(out, *page);
            out.extend_from_slice(b"/XYZ null null null]>>");
        })?;
    }
    file.object(outline, |out| {
        out.extend_from_slice(b"<</Type/Outlines/Count ");
        integer(out, ids.len() as i64);
        for (key, id) in [("/First ", ids.first()), ("/Last ", ids.last())] {
            if let Some(id) = id {
                out.extend_from_slice(key.as_bytes());
                reference(out, *id);
            }
        }
        out.extend_from_slice(b">>");
    })?;
    Ok(outline)
}
