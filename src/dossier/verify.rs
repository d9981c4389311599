//! Proof of a dossier, entry by entry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::repacked;
use super::structure::{self, EntryAt, Structure};
use super::write::raw_digest;
use super::{
    BAG_INFO, BAGIT, BAGIT_NAME, LISTED_TAG_FILES, MANIFEST, MAX_SIZE, TAG_FILES, TAG_MANIFEST, ZIP_MANIFEST,
    check_name, is_bomb, may_stand,
};
use crate::diagnostic::{Diagnostic, code};
use crate::fs;

/// Longest tag file read into memory.
const MAX_TAG_FILE: u64 = 64 << 20;

/// What reading an entry showed.
pub(super) struct Read1 {
    sha256: String,
    size: u64,
    /// The text, kept for tag files only.
    text: Option<String>,
}

/// Everything wrong with the dossier at `path`, naming the damaged entries; empty when not a bit differs from what was
/// written. Knows nothing of the archive's journal.
///
/// # Errors
/// When the system refuses to read the file.
pub fn verify(path: &Path) -> fs::Result<Vec<Diagnostic>> {
    let mut findings = examine(path)?.1;
    let place = path.display().to_string();
    for finding in &mut findings {
        finding.file = Some(place.clone());
        finding.hint.get_or_insert_with(|| {
            "Khôi phục tệp hồ sơ này từ bản sao lưu; không sửa và không nén lại tệp trong kho lưu trữ.".into()
        });
    }
    Ok(findings)
}

/// Names, order and sizes of the entries.
pub(super) fn check_entries(found: &mut Structure) {
    let mut findings = Vec::new();
    let mut folded = BTreeSet::new();
    let mut before: Option<&str> = None;
    let mut total = 0_u64;
    for entry in &found.entries {
        let name = entry.name();
        let why = match (entry.exact_name(), name.strip_prefix("data/")) {
            (None, _) => Some("tên không phải UTF-8"),
            (Some(_), Some(path)) => check_name(path).err(),
            (Some(name), None) => (!TAG_FILES.contains(&name)).then_some("tệp này không thuộc hồ sơ"),
        };
        if let Some(why) = why {
            findings
                .push(Diagnostic::error(code::DOSSIER_ENTRY_NAME, format!("mục \"{}\": {why}", name.escape_debug())));
        }
        if !folded.insert(name.to_lowercase()) {
            findings.push(Diagnostic::error(code::DOSSIER_ENTRY_NAME, format!("mục \"{name}\" có hai lần")));
        }
        if let (Some(before), Some(this)) = (before, entry.exact_name())
            && before > this
        {
            findings.push(Diagnostic::error(code::DOSSIER_STRUCTURE, format!("mục \"{name}\" không đúng thứ tự")));
        }
        before = entry.exact_name();
        total += u64::from(entry.size);
        let swollen = entry.deflated() && is_bomb(entry.compressed.into(), entry.size.into());
        let tag_too_large = !name.starts_with("data/") && u64::from(entry.size) > MAX_TAG_FILE;
        if swollen || tag_too_large || total > MAX_SIZE {
            findings.push(Diagnostic::error(
                code::DOSSIER_TOO_LARGE,
                format!("mục \"{name}\" bung ra lớn hơn mức được phép ({} byte)", entry.size),
            ));
        }
        if !matches!(entry.method, 0 | 8) || (!entry.deflated() && entry.size != entry.compressed) {
            findings.push(Diagnostic::error(
                code::DOSSIER_ENTRY_DAMAGED,
                format!("mục \"{name}\" bị hỏng: cách nén hoặc kích thước không đúng"),
            ));
        }
    }
    found.findings.extend(findings);
}

fn examine(path: &Path) -> fs::Result<(Vec<EntryAt>, Vec<Diagnostic>)> {
    let mut file = fs::context(File::open(path), "mở", path)?;
    let mut found = fs::context(structure::examine(&mut file), "đọc", path)?;
    check_entries(&mut found);
    if !found.findings.is_empty()
        && let Some(findings) = repacked::examine(path, &found)?
    {
        return Ok((found.entries, findings));
    }
    let Structure { entries, mut damaged, mut findings } = found;
    // A bomb is not unpacked, a name that leads out not followed.
    if findings.iter().any(|f| f.code == code::DOSSIER_TOO_LARGE || f.code == code::DOSSIER_ENTRY_NAME) {
        return Ok((entries, findings));
    }
    let opened = fs::context(File::open(path), "mở", path).map(ZipArchive::new)?;
    let mut archive = match opened.map_err(Unread::from) {
        Ok(archive) => Some(archive),
        Err(Unread::System(source)) => return fs::context(Err(source), "đọc", path),
        Err(Unread::Damaged(_)) => None,
    };
    if archive.is_none() && findings.is_empty() {
        findings.push(Diagnostic::error(code::DOSSIER_STRUCTURE, "tệp zip không mở được"));
    }
    let mut contents = BTreeMap::new();
    let mut zipped = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let name = entry.name();
        if damaged.contains(&name) {
            continue;
        }
        if entry.deflated() {
            zipped.insert(name.clone(), fs::context(raw_digest(&mut file, entry), "đọc", path)?);
        }
        let Some(archive) = archive.as_mut() else { continue };
        match read_entry(archive, index, &name, entry.size.into()) {
            Ok(read) => {
                contents.insert(name, read);
            }
            Err(Unread::System(source)) => return fs::context(Err(source), "đọc", path),
            Err(Unread::Damaged(why)) => {
                findings.push(Diagnostic::error(
                    code::DOSSIER_ENTRY_DAMAGED,
                    format!("mục \"{name}\" bị hỏng: nội dung không còn đúng như khi lưu ({why})"),
                ));
                damaged.push(name);
            }
        }
    }
    if archive.is_some() {
        let known: BTreeSet<_> = entries.iter().map(EntryAt::name).collect();
        let mut bag = Bag { known, contents, zipped, damaged, findings };
        bag.check();
        findings = bag.findings;
    }
    Ok((entries, findings))
}

/// The entries whose own bytes are whole, whatever stands around them, and the names of all that can be made out.
pub(super) fn sound_entries(path: &Path) -> fs::Result<(Vec<EntryAt>, BTreeSet<String>)> {
    let mut file = fs::context(File::open(path), "mở", path)?;
    let found = fs::context(structure::examine(&mut file), "đọc", path)?;
    let names = found.entries.iter().map(EntryAt::name).collect();
    let whole = |entry: &EntryAt| {
        let named = entry.exact_name().is_some_and(may_stand);
        if !named || found.damaged.contains(&entry.name()) {
            return Ok(false);
        }
        structure::is_whole(&mut file, entry)
    };
    let mut whole = whole;
    let mut sound = Vec::new();
    for entry in &found.entries {
        if fs::context(whole(entry), "đọc", path)? {
            sound.push(entry.clone());
        }
    }
    Ok((sound, names))
}

/// Why an entry was not read: a disk that does not give it now proves nothing against it.
pub(super) enum Unread {
    System(io::Error),
    Damaged(String),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        // What the system says carries its number; what the unpacking finds does not.
        if error.raw_os_error().is_some() { Self::System(error) } else { Self::Damaged(error.to_string()) }
    }
}

impl From<ZipError> for Unread {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            error => Self::Damaged(error.to_string()),
        }
    }
}

pub(super) fn read_entry(
    archive: &mut ZipArchive<File>,
    index: usize,
    name: &str,
    announced: u64,
) -> Result<Read1, Unread> {
    let damaged = |why: &str| Unread::Damaged(why.to_owned());
    let reader = archive.by_index(index)?;
    if reader.encrypted() || reader.name_raw() != name.as_bytes() {
        return Err(damaged("tên hoặc cách mã hóa không khớp"));
    }
    let (keep, mut kept) = (!name.starts_with("data/"), Vec::new());
    // One byte past the declared size shows that an entry swells; the rest of it is not unpacked.
    let (sha256, size) = fs::sha256_reader(reader.take(announced + 1), |piece| {
        if keep {
            kept.extend_from_slice(piece);
        }
        Ok(())
    })?;
    if size != announced {
        return Err(damaged("kích thước không đúng"));
    }
    let text = keep.then(|| String::from_utf8(kept)).transpose().map_err(|_| damaged("không phải UTF-8"))?;
    Ok(Read1 { sha256, size, text })
}

/// The bag's own view: manifests against entries.
pub(super) struct Bag {
    pub(super) known: BTreeSet<String>,
    pub(super) contents: BTreeMap<String, Read1>,
    pub(super) zipped: BTreeMap<String, String>,
    pub(super) damaged: Vec<String>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Bag {
    fn text(&self, name: &str) -> Option<&str> {
        self.contents.get(name)?.text.as_deref()
    }

    fn say(&mut self, message: String) {
        self.findings.push(Diagnostic::error(code::DOSSIER_MANIFEST, message));
    }

    pub(super) fn check(&mut self) {
        for name in TAG_FILES {
            if !self.known.contains(name) {
                self.say(format!("hồ sơ thiếu tệp {name}"));
            }
        }
        if self.text(BAGIT_NAME).is_some_and(|text| text != BAGIT) {
            self.say(format!("tệp {BAGIT_NAME} không đúng mẫu BagIt 1.0"));
        }
        let digests = |bag: &Self| bag.contents.iter().map(|(n, read)| (n.clone(), read.sha256.clone())).collect();
        let all: BTreeMap<String, String> = digests(self);
        let tags = LISTED_TAG_FILES.map(str::to_owned).into_iter().collect();
        self.compare(TAG_MANIFEST, &all, &tags);
        let payload = self.known.iter().filter(|name| name.starts_with("data/")).cloned().collect();
        self.compare(MANIFEST, &all, &payload);
        let zipped = std::mem::take(&mut self.zipped);
        self.compare(ZIP_MANIFEST, &zipped, &zipped.keys().cloned().collect());
        self.check_oxum(&payload);
    }

    fn compare(&mut self, manifest: &str, digests: &BTreeMap<String, String>, expected: &BTreeSet<String>) {
        let Some(text) = self.text(manifest).map(str::to_owned) else { return };
        let mut listed = BTreeSet::new();
        for line in text.lines() {
            let Some((digest, name)) = line.split_once("  ") else {
                self.say(format!("tệp {manifest} có dòng không đúng mẫu: {line}"));
                continue;
            };
            if !listed.insert(name.to_owned()) {
                self.say(format!("tệp {manifest} ghi \"{name}\" hai lần"));
            }
            if !self.known.contains(name) {
                self.findings.push(Diagnostic::error(
                    code::DOSSIER_MANIFEST,
                    format!("tệp {manifest} ghi \"{name}\" nhưng hồ sơ không có mục này"),
                ));
            } else if digests.get(name).is_some_and(|found| found != digest)
                && !self.damaged.iter().any(|bad| bad == name || bad == manifest)
            {
                self.damaged.push(name.to_owned());
                self.findings.push(Diagnostic::error(
                    code::DOSSIER_ENTRY_DAMAGED,
                    format!("mục \"{name}\" bị hỏng: mã băm không khớp tệp {manifest}"),
                ));
            }
        }
        for name in expected {
            if !listed.contains(name) {
                self.say(format!("mục \"{name}\" không được ghi trong tệp {manifest}"));
            }
        }
    }

    fn check_oxum(&mut self, payload: &BTreeSet<String>) {
        let sizes = payload.iter().map(|name| self.contents.get(name).map(|read| read.size));
        let Some(bytes) = sizes.sum::<Option<u64>>() else { return };
        let expected = format!("Payload-Oxum: {bytes}.{}", payload.len());
        if self.text(BAG_INFO).is_some_and(|text| !text.lines().any(|line| line == expected)) {
            self.say(format!("tệp {BAG_INFO} ghi số tệp hoặc dung lượng không đúng"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_does_not_give_an_entry_is_no_damage() {
        let is_system = |error: Unread| matches!(error, Unread::System(_));
        assert!(is_system(io::Error::from_raw_os_error(5).into()));
        assert!(is_system(ZipError::Io(io::Error::from_raw_os_error(5)).into()));
        // As flate2 says of bytes that are none of its own.
        assert!(!is_system(io::Error::new(io::ErrorKind::InvalidInput, "corrupt deflate stream").into()));
        assert!(!is_system(ZipError::InvalidPassword.into()));
    }
}
