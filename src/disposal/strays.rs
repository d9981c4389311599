//! Copies of a dossier where no pass and no journal looks for them: laid into the archive or among the case files by people.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::traces;
use crate::archive::{Listing, Lot};
use crate::case::CaseCode;
use crate::case::value::Value;
use crate::pipeline::scan::MAX_FILE;
use crate::workspace::Workspace;
use crate::{dossier, encoding, fs};

/// How a zip begins.
const ZIP: [u8; 4] = *b"PK\x03\x04";

/// Files that no journal accounts for, and what each says of the dossiers it may hold.
#[derive(Debug, Default)]
pub(super) struct Strays {
    found: Vec<Stray>,
}

#[derive(Debug)]
struct Stray {
    path: PathBuf,
    /// Of a file in the archive; a copy among the case files is somebody's, whatever its bytes.
    size: Option<u64>,
    /// What may name a dossier: its path, and what stands in it. Nothing where that could not be read.
    says: Option<String>,
}

impl Strays {
    /// Looks through the whole archive folder and everything beside the case files, once for all dossiers.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub(super) fn look(workspace: &Workspace, archive: &Listing) -> fs::Result<Self> {
        let known: BTreeSet<PathBuf> = archive.list().map(|(_, publication)| archive.file(publication)).collect();
        let mut strays = Self::default();
        for (entry, relative) in files(workspace.archive())? {
            if known.contains(entry.path()) {
                continue;
            }
            let size = fs::context(entry.metadata().map_err(Into::into), "đọc", entry.path())?.len();
            let says = if is_zip(entry.path())? {
                dossier::peek(entry.path()).ok().map(|inside| format!("{relative}\n{inside}"))
            } else {
                Some(format!("{relative}\n{}", claims(entry.path(), size)?))
            };
            strays.found.push(Stray { path: entry.into_path(), size: Some(size), says });
        }
        for (entry, relative) in files(workspace.cases())? {
            let path = entry.path();
            let first = relative.split('/').next().unwrap_or_default();
            // What lies in the folder of another case is that case's, whatever it is called, unless it is a case file.
            let of_case = relative.contains('/') && CaseCode::parse(first).is_ok();
            if of_case && !path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
                continue;
            }
            let says = if !of_case && is_zip(path)? {
                dossier::peek(path).unwrap_or_default()
            } else {
                claims(path, fs::context(entry.metadata().map_err(Into::into), "đọc", path)?.len())?
            };
            let name = if of_case { first } else { relative.as_str() };
            strays.found.push(Stray { says: Some(format!("{name}\n{says}")), path: path.to_owned(), size: None });
        }
        Ok(strays)
    }

    /// Files in the archive that are, byte for byte, one of these versions: they go with it.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(super) fn identical(&self, lots: &[Lot]) -> fs::Result<BTreeSet<PathBuf>> {
        let mut found = BTreeSet::new();
        for stray in &self.found {
            let alike: Vec<&Lot> = lots.iter().filter(|lot| stray.size == Some(lot.size)).collect();
            if !alike.is_empty() && stray.path.exists() {
                let (sha256, _) = fs::sha256_file(&stray.path)?;
                if alike.iter().any(|lot| lot.sha256 == sha256) {
                    found.insert(stray.path.clone());
                }
            }
        }
        Ok(found)
    }

    /// Files that may hold anything of the dossier `code`, but for those in `ours`; a person must look at them.
    pub(super) fn of(&self, code: &str, ours: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let holds = |stray: &&Stray| stray.says.as_ref().is_none_or(|says| names(says, code));
        // What lies in a folder that goes as a whole goes with it; another dossier may have taken it along by now.
        let goes = |path: &Path| path.ancestors().any(|above| ours.contains(above)) || path.symlink_metadata().is_err();
        self.found.iter().filter(holds).map(|stray| stray.path.clone()).filter(|path| !goes(path)).collect()
    }
}

/// Files and links below `dir` with their path from there; folders that are links are gone into.
fn files(dir: &Path) -> fs::Result<Vec<(DirEntry, String)>> {
    let mut found = Vec::new();
    if !dir.exists() {
        return Ok(found);
    }
    for entry in WalkDir::new(dir).min_depth(1).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let relative = entry.path().strip_prefix(dir).unwrap_or(entry.path());
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                let relative = parts.join("/");
                found.push((entry, relative));
            }
            // A link into itself, or to nothing; a file that is gone by now.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) if error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound) => {}
            Err(error) => return Err(fs::unlisted(dir, error)),
        }
    }
    Ok(found)
}

fn is_zip(path: &Path) -> fs::Result<bool> {
    let mut begins = [0; ZIP.len()];
    let mut file = match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        other => fs::context(other, "mở", path)?,
    };
    let is_whole = fs::context(file.read_exact(&mut begins).map(|()| true).or_else(short), "đọc", path)?;
    Ok((is_whole && begins == ZIP) || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")))
}

fn short(error: std::io::Error) -> std::io::Result<bool> {
    if error.kind() == std::io::ErrorKind::UnexpectedEof { Ok(false) } else { Err(error) }
}

/// The lines of a text that say whose case file it is, or whose bag.
fn claims(path: &Path, size: u64) -> fs::Result<String> {
    if size > MAX_FILE {
        return Ok(String::new());
    }
    let Some(bytes) = fs::read_if_there(path)? else { return Ok(String::new()) };
    Ok(claimed(&bytes))
}

/// The same of its bytes.
pub(super) fn claimed(bytes: &[u8]) -> String {
    let text = encoding::decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned());
    let is_claim = |line: &&str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
        line.starts_with("ma_ho_so") || line.starts_with(dossier::CODE_FIELD)
    };
    text.lines().filter(is_claim).collect::<Vec<_>>().join("\n")
}

/// Whether a text names the code anywhere, in whatever capitals: as part of a name, and not of a longer number.
pub(super) fn names(text: &str, code: &str) -> bool {
    traces::mentions(text.to_uppercase().as_bytes(), &[code.to_uppercase()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_any_name_and_in_the_lines_that_claim_it() {
        for text in ["Ban sao KN-2026-0034.zip", "cu/kn-2026-0034/data/x", "xKN-2026-0034 (2).yaml"] {
            assert!(names(text, "KN-2026-0034"), "{text}");
        }
        assert!(!names("KN-2026-00341.zip", "KN-2026-0034"));
        assert_eq!(claimed(b"a: 1\n  ma_ho_so: KN-2026-0034 # a\nb: KN-2026-0001\n"), "  ma_ho_so: KN-2026-0034 # a");
        assert_eq!(claimed(b"\"ma_ho_so\": \"KN-2026-0034\""), "\"ma_ho_so\": \"KN-2026-0034\"");
        assert_eq!(claimed(b"External-Identifier: KN-2026-0034\r\n"), "External-Identifier: KN-2026-0034");
    }
}
