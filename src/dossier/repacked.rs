//! A zip another program has packed: what stands around the entries is not ours, what is in them may still be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use zip::ZipArchive;

use super::structure::{EntryAt, Structure};
use super::verify::{Bag, Unread, read_entry};
use super::{MAX_ENTRIES, MAX_SIZE, is_bomb, may_stand};
use crate::diagnostic::{Diagnostic, code};
use crate::fs;

/// Headers that differ from ours in so many entries are no damage: a byte hit here or there concerns one, and the one behind it.
const DAMAGED_AT_MOST: usize = 2;

/// What is wrong with a zip another program has packed: that it has, and whatever its content shows. `None` where it is not that: one
/// of ours with damage, or one that cannot be trusted to be read the same by everybody.
pub(super) fn examine(path: &Path, found: &Structure) -> fs::Result<Option<Vec<Diagnostic>>> {
    let file = fs::context(File::open(path), "mở", path)?;
    let mut headers = fs::context(file.try_clone(), "mở", path)?;
    let Ok(mut archive) = ZipArchive::new(file) else { return Ok(None) };
    let Some(entries) = listed(&mut archive, &mut headers) else { return Ok(None) };
    if found.damaged.len() <= DAMAGED_AT_MOST && found.entries.len() == archive.len() {
        return Ok(None);
    }
    let message =
        "tệp zip không còn như hoso đã ghi: một chương trình khác đã đóng gói lại (nội dung các mục được xét riêng)";
    let mut findings = vec![Diagnostic::error(code::DOSSIER_STRUCTURE, message)];
    let (mut contents, mut damaged) = (BTreeMap::new(), Vec::new());
    for (index, name, size) in &entries {
        match read_entry(&mut archive, *index, name, *size) {
            Ok(read) => {
                contents.insert(name.clone(), read);
            }
            Err(Unread::System(source)) => return fs::context(Err(source), "đọc", path),
            Err(Unread::Damaged(why)) => {
                let message = format!("mục \"{name}\" bị hỏng: không đọc được nội dung ({why})");
                findings.push(Diagnostic::error(code::DOSSIER_ENTRY_DAMAGED, message));
                damaged.push(name.clone());
            }
        }
    }
    let known = entries.into_iter().map(|(_, name, _)| name).collect();
    // How the entries were deflated says nothing now.
    let mut bag = Bag { known, contents, zipped: BTreeMap::new(), damaged, findings };
    bag.check();
    Ok(Some(bag.findings))
}

/// The files: place, name and size of each. `None` where one has a name that may not stand in a dossier or that its two headers do not
/// agree on, stands there twice, is encrypted, or swells beyond measure.
fn listed(archive: &mut ZipArchive<File>, headers: &mut File) -> Option<Vec<(usize, String, u64)>> {
    if archive.len() > MAX_ENTRIES {
        return None;
    }
    let (mut entries, mut folded, mut total) = (Vec::new(), BTreeSet::new(), 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).ok()?;
        let name = std::str::from_utf8(entry.name_raw()).ok()?.to_owned();
        let (size, packed, at) = (entry.size(), entry.compressed_size(), entry.header_start());
        let (is_dir, encrypted) = (entry.is_dir(), entry.encrypted());
        drop(entry);
        if is_dir && size == 0 {
            continue;
        }
        total = total.saturating_add(size);
        let same = EntryAt::local(headers, at).ok()??.name() == name;
        let fits = total <= MAX_SIZE && (size == packed || !is_bomb(packed, size));
        if !same || !fits || encrypted || !may_stand(&name) || !folded.insert(name.to_lowercase()) {
            return None;
        }
        entries.push((index, name, size));
    }
    (!entries.is_empty()).then_some(entries)
}
