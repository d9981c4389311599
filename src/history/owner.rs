//! Whose file it is, where the system tells.

use std::fs::Metadata;
use std::path::Path;

/// Number of the account a file belongs to.
#[cfg(unix)]
pub(super) fn account(meta: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(meta.uid())
}

/// Number of the account a file belongs to: the standard library does not tell here.
#[cfg(not(unix))]
pub(super) fn account(_: &Metadata) -> Option<u32> {
    None
}

/// Whether the account is the program's own, to which its state belongs: a share that saves everything under that account
/// (`force user`) does not tell who saved.
pub(super) fn is_own(state: &Path, number: u32) -> bool {
    state.metadata().ok().and_then(|meta| account(&meta)) == Some(number)
}

/// The account's name: from the system's list, else asked of the name service, which knows those of a domain.
pub(super) fn name(number: u32) -> Option<String> {
    let text = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    named(&text, number).or_else(|| {
        let asked = std::process::Command::new("getent").args(["passwd", &number.to_string()]).output().ok()?;
        named(&String::from_utf8(asked.stdout).ok()?, number)
    })
}

/// The name in a line `name:x:number:…`.
fn named(text: &str, number: u32) -> Option<String> {
    let of = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(number)).then(|| name.to_owned())
    };
    text.lines().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_number() {
        let text = "root:x:0:0:root:/root:/bin/bash\n# note\n:x:7::/:\nlan:x:1001:1001:Trần Lan,,,:/home/lan:/bin/sh\n";
        assert_eq!(named(text, 1001).as_deref(), Some("lan"));
        assert_eq!(named(text, 0).as_deref(), Some("root"));
        assert_eq!(named(text, 7), None, "no name");
        assert_eq!(named(text, 100), None);
        if cfg!(target_os = "linux") {
            assert_eq!(name(0).as_deref(), Some("root"));
            assert_eq!(name(u32::MAX - 7), None);
        }
    }

    #[test]
    fn the_programs_own_account_tells_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let Some(own) = account(&dir.path().metadata().unwrap()) else { return };
        assert!(is_own(dir.path(), own) && !is_own(dir.path(), own + 1));
    }
}
