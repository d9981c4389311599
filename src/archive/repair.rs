//! Restoring damaged or missing dossiers from a second copy of the archive's folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Archive, Publication, Result, join};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier;
use crate::fs;

/// What the name of a damaged dossier set aside goes on with after `.zip`.
pub(super) const DAMAGED: &str = ".hong-";

/// How a dossier was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The second copy's file, as it is.
    Copy,
    /// Entry by entry: those named from the second copy, the others from the damaged file itself.
    Entries(Vec<String>),
}

/// A dossier restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// Place in the archive's folder.
    pub path: String,
    /// From what.
    pub source: Source,
    /// Where the damaged file lies now; nothing when there was none.
    pub set_aside: Option<PathBuf>,
}

/// Restores the dossiers with these codes (none: all) whose file is missing or not the one published, from `copy`, a second copy of
/// the archive's folder. Only a file with the digest the journal has comes into its place; the damaged one is set aside. Sound ones are
/// not touched. Gives the number of dossiers looked at as well.
///
/// # Errors
/// When the system refuses to write. What could not be restored is among the findings.
pub fn repair(
    archive: &Archive,
    copy: &Path,
    codes: &[String],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Vec<Repaired>, Vec<Diagnostic>, usize)> {
    let wanted: BTreeSet<&String> = codes.iter().collect();
    let publications: Vec<&Publication> =
        archive.list().map(|(_, one)| one).filter(|one| wanted.is_empty() || wanted.contains(&one.meta.code)).collect();
    let (mut repaired, mut findings) = (Vec::new(), Vec::new());
    for publication in &publications {
        let file = archive.file(publication);
        let here = digest(&file);
        if here.as_ref().is_ok_and(|found| found.as_deref() == Some(&publication.sha256)) {
            progress(1, publications.len());
            continue;
        }
        match one(&file, &join(copy, &publication.path), publication)? {
            Ok(source) => {
                let set_aside = place(&file)?;
                let Publication { meta, path, .. } = *publication;
                repaired.push(Repaired {
                    code: meta.code.clone(),
                    version: meta.version,
                    path: path.clone(),
                    source,
                    set_aside,
                });
            }
            Err(why) => {
                let message = format!(
                    "không khôi phục được hồ sơ {} phiên bản {}: {why}",
                    publication.meta.code, publication.meta.version
                );
                let finding =
                    Diagnostic::error(code::DOSSIER_NOT_RESTORED, message).in_file(file.display().to_string());
                findings.push(finding.hint("Thử với một bản sao lưu khác; tệp hỏng vẫn nằm nguyên chỗ cũ."));
            }
        }
        progress(1, publications.len());
    }
    Ok((repaired, findings, publications.len()))
}

/// Makes the file anew aside, whole; or says why not.
fn one(file: &Path, second: &Path, publication: &Publication) -> Result<std::result::Result<Source, String>> {
    let aside = fs::aside(file);
    if let Some(folder) = file.parent() {
        fs::create_dir(folder)?;
    }
    let there = match digest(second) {
        Ok(there) => there,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if there.as_deref() == Some(&publication.sha256) {
        fs::attempt("chép", &aside, || {
            std::fs::copy(second, &aside)?;
            std::fs::File::options().write(true).open(&aside)?.sync_all()
        })?;
        return proved(&aside, publication, Source::Copy);
    }
    let copies: Vec<&Path> = [file, second].into_iter().filter(|copy| copy.is_file()).collect();
    if copies.len() < 2 {
        let why = if there.is_none() {
            "bản sao không có tệp này"
        } else {
            "tệp trong bản sao cũng hỏng, và ở đây không có tệp nào"
        };
        return Ok(Err(why.to_owned()));
    }
    match dossier::mend(&copies, &aside) {
        Ok(Some(origins)) => {
            let names = origins.into_iter().filter(|(_, place)| *place == 1).map(|(name, _)| name).collect();
            proved(&aside, publication, Source::Entries(names))
        }
        Ok(None) => Ok(Err("cả hai bản cùng hỏng ở một mục".to_owned())),
        Err(dossier::Error::Io(error)) if error.path == aside => Err(error.into()),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn proved(aside: &Path, publication: &Publication, source: Source) -> Result<std::result::Result<Source, String>> {
    if digest(aside)?.as_deref() == Some(&publication.sha256) {
        return Ok(Ok(source));
    }
    fs::remove_file(aside)?;
    Ok(Err("ghép từ hai bản lại không ra đúng tệp đã lưu".to_owned()))
}

/// Puts the file made aside into its place; says where the damaged one is now.
fn place(file: &Path) -> Result<Option<PathBuf>> {
    let mut set_aside = None;
    if file.exists() {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let free = (1..).map(|n: u32| file.with_file_name(format!("{name}{DAMAGED}{n}"))).find(|path| !path.exists());
        let free = free.unwrap_or_else(|| file.with_file_name(format!("{name}{DAMAGED}")));
        fs::rename(file, &free)?;
        set_aside = Some(free);
    }
    fs::rename(&fs::aside(file), file)?;
    Ok(set_aside)
}

fn digest(path: &Path) -> fs::Result<Option<String>> {
    match fs::sha256_file(path) {
        Ok((sha256, _)) => Ok(Some(sha256)),
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
