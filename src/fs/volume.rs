//! What kind of volume a folder lies on: whether the system tells of changes there, and whether locks can be relied on.

use std::path::Path;

/// The kind of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// A disk of this machine, or what cannot be told from one.
    Local,
    /// A share of another machine, with what an operator calls it.
    Network(&'static str),
    /// A file system made by a program (FUSE): what lies behind it is not known.
    Fuse,
}

/// Magic numbers of file systems whose files other machines change (`linux/magic.h` and the makers' sources).
const NETWORK: [(u32, &str); 14] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "9P"),
    (0x5346_414F, "AFS"),
    (0x6B41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x564C, "NCP"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x786F_4256, "vboxsf"),
    (0x0116_1970, "GFS2"),
];

/// Magic number of FUSE.
const FUSE: u32 = 0x6573_5546;

impl Volume {
    /// The volume of `path`, or of the nearest folder above it that is there.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        #[cfg(debug_assertions)]
        if let Some(told) = told(path) {
            return told;
        }
        path.ancestors().find_map(Self::ask).unwrap_or(Self::Local)
    }

    #[cfg(target_os = "linux")]
    fn ask(path: &Path) -> Option<Self> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let found = rustix::fs::statfs(path).ok()?;
        // Kernels hold the number in a word of 32 or of 64 bits, with or without sign: its lower half is meant.
        let bytes = i128::from(found.f_type).to_le_bytes();
        Some(Self::by_magic(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
    }

    #[cfg(not(target_os = "linux"))]
    fn ask(path: &Path) -> Option<Self> {
        use std::path::{Component, Prefix};
        let whole = path.canonicalize().ok()?;
        let unc = |part: Component| match part {
            Component::Prefix(prefix) => matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)),
            _ => false,
        };
        Some(if whole.components().next().is_some_and(unc) { Self::Network("SMB") } else { Self::Local })
    }

    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux gives the number"))]
    fn by_magic(magic: u32) -> Self {
        if magic == FUSE {
            return Self::Fuse;
        }
        NETWORK.iter().find(|(known, _)| *known == magic).map_or(Self::Local, |(_, name)| Self::Network(name))
    }

    /// Whether changes by other machines raise events here.
    #[must_use]
    pub fn tells_of_changes(self) -> bool {
        self == Self::Local
    }

    /// What an operator calls it; nothing for a local disk.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Local => None,
            Self::Network(name) => Some(name),
            Self::Fuse => Some("FUSE"),
        }
    }
}

/// In debug builds `HOSO_VOLUME=<folder>=NFS` says that a folder lies on such a volume, for tests.
#[cfg(debug_assertions)]
fn told(path: &Path) -> Option<Volume> {
    let told = std::env::var("HOSO_VOLUME").ok()?;
    let (folder, name) = told.rsplit_once('=')?;
    let known = || NETWORK.iter().find(|(_, known)| *known == name).map(|(_, name)| Volume::Network(name));
    path.starts_with(folder).then(|| if name == "FUSE" { Some(Volume::Fuse) } else { known() })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_from_disks() {
        // Numbers from statfs(2).
        for (magic, name) in [(0x6969, Some("NFS")), (0xFF53_4D42, Some("SMB")), (0x6573_5546, Some("FUSE"))] {
            assert_eq!(Volume::by_magic(magic).name(), name);
            assert!(!Volume::by_magic(magic).tells_of_changes());
        }
        // ext4, xfs, btrfs, tmpfs, overlayfs.
        for magic in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630] {
            assert_eq!(Volume::by_magic(magic), Volume::Local, "{magic:x}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_yet_lies_where_its_parent_does() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Volume::of(&dir.path().join("a/b/c")), Volume::of(dir.path()));
    }
}
