//! Which folder lies at a path.

use std::path::Path;

/// A folder, whatever it is called: its device and number, where the system tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    id: (u64, u64),
}

impl Place {
    /// The folder at `path`; nothing when there is none, or it cannot be asked.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let meta = path.metadata().ok().filter(std::fs::Metadata::is_dir)?;
        Some(Self { id: id(&meta) })
    }
}

#[cfg(unix)]
fn id(meta: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (meta.dev(), meta.ino())
}

/// A share that goes away takes its path with it here.
#[cfg(not(unix))]
fn id(_: &std::fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_folder_of_the_same_name_is_another_place() {
        let dir = tempfile::tempdir().unwrap();
        let (path, away) = (dir.path().join("ho-so"), dir.path().join("away"));
        assert_eq!(Place::of(&path), None);
        std::fs::create_dir(&path).unwrap();
        let first = Place::of(&path);
        std::fs::write(path.join("x"), "x").unwrap();
        assert!(first.is_some() && Place::of(&path) == first, "what lies in it does not matter");
        std::fs::rename(&path, &away).unwrap();
        assert_eq!(Place::of(&path), None);
        std::fs::create_dir(&path).unwrap();
        assert!(!cfg!(unix) || Place::of(&path) != first);
        assert_eq!(Place::of(&away), first);
    }
}
