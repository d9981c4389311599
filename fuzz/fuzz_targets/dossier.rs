//! A file that claims to be a dossier; and dossiers we wrote, in which one byte is changed: that is always found.

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use hoso::dossier::{self, Contents, Dossier, Source};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = base.join(format!("hoso-fuzz-dossier-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder in memory");
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let Some((mode, bytes)) = bytes.split_first() else { return };
    let path = FOLDER.join("x.zip");
    if *mode & 1 == 0 {
        std::fs::write(&path, bytes).expect("written");
        read(&path);
    } else {
        made(&path, bytes);
    }
});

/// Whatever can be opened can be read without more than was promised.
fn read(path: &Path) {
    let findings = dossier::verify(path).expect("readable");
    let Ok(mut dossier) = Dossier::open(path) else {
        assert!(!findings.is_empty(), "refused, and nothing wrong with it");
        return;
    };
    let _ = (dossier.info(), dossier.digests());
    let names: Vec<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    for name in names {
        if let Ok(read) = dossier.read(&name, 1 << 20) {
            assert!(read.len() <= (1 << 20) + 1);
        }
    }
}

/// The first two bytes say which byte is changed and how; the rest are files, parted by zeros.
fn made(path: &Path, bytes: &[u8]) {
    let [at, bits, rest @ ..] = bytes else { return };
    let mut contents = Contents::new("KN-2026-0001", 1);
    for (number, file) in rest.split(|byte| *byte == 0).take(8).enumerate() {
        let (name, content) = file.split_at(file.len().min(12));
        let name = format!("dinh-kem/{number}{}", String::from_utf8_lossy(name));
        contents.add(&name, Source::Bytes(content.to_vec()));
    }
    if dossier::write(path, &contents).is_err() {
        return;
    }
    let findings = dossier::verify(path).expect("readable");
    assert!(findings.is_empty(), "what we wrote does not prove itself: {findings:?}");
    if *bits == 0 {
        return;
    }
    let mut whole = std::fs::read(path).expect("readable");
    let place = usize::from(*at) * whole.len() / 256;
    whole[place] ^= *bits;
    std::fs::write(path, &whole).expect("written");
    assert!(!dossier::verify(path).expect("readable").is_empty(), "byte {place} changed and not found");
    read(path);
}
