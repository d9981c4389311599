//! Files beside the case files by which VS Code knows them: the schema, settings of the folder, the extension it needs.

use std::path::{Path, PathBuf};

use crate::case::json_schema;
use crate::fs;

/// The folder VS Code looks into.
const FOLDER: &str = ".vscode";
/// Settings that hold for whoever opens the folder; theirs to change.
const SETTINGS: &str = include_str!("editor/settings.json");
const EXTENSIONS: &str = include_str!("editor/extensions.json");

/// Writes what is missing beside the case files in `cases` and in the folder of blank files; gives what was made.
///
/// # Errors
/// When the system refuses.
pub fn lay(cases: &Path, blanks: &Path) -> fs::Result<Vec<PathBuf>> {
    let schema = json_schema::text();
    let files = [
        (cases.join(FOLDER).join(json_schema::FILE), schema.as_str()),
        (cases.join(FOLDER).join("settings.json"), SETTINGS),
        (cases.join(FOLDER).join("extensions.json"), EXTENSIONS),
        // A blank file names the schema as it will lie once it is moved up.
        (blanks.join(FOLDER).join(json_schema::FILE), schema.as_str()),
    ];
    let mut made = Vec::new();
    for (path, text) in files {
        if !path.exists() {
            fs::write(&path, text.as_bytes())?;
            made.push(path);
        }
    }
    Ok(made)
}

/// Brings schemas written by another version up to date; one that is not ours, or was taken away, stays as it is.
///
/// # Errors
/// When the system refuses.
pub fn refresh(cases: &Path, blanks: &Path) -> fs::Result<Vec<PathBuf>> {
    let mut renewed = Vec::new();
    for folder in [cases, blanks] {
        let path = folder.join(FOLDER).join(json_schema::FILE);
        let Ok(old) = std::fs::read_to_string(&path) else { continue };
        if old.contains(json_schema::MARK) && fs::write_if_changed(&path, json_schema::text().as_bytes())? {
            renewed.push(path);
        }
    }
    Ok(renewed)
}
