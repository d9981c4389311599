//! Passwords: Argon2id (RFC 9106) hashes in PHC form. Sole user of `argon2`.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use unicode_normalization::UnicodeNormalization as _;

/// The hash of a password with a salt of its own, for `nguoi-dung.yaml`; nothing where the system has no random numbers.
#[must_use]
pub fn hash(password: &str) -> Option<String> {
    let hashed: PasswordHash = Argon2::default().hash_password(composed(password).as_bytes()).ok()?;
    Some(hashed.to_string())
}

/// Keyboards write one letter with its accent as one sign or as two.
fn composed(password: &str) -> String {
    password.nfc().collect()
}

/// Whether a text is such a hash.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.starts_with("$argon2") && PasswordHash::new(text).is_ok_and(|hash| hash.hash.is_some())
}

/// Whether `password` is the one of the hash. Where there is no hash, as of a name nobody has, it takes as long to say no.
pub(super) fn verify(password: &str, hash: Option<&str>) -> bool {
    let password = composed(password);
    let Some(hash) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), b"nobody has this!");
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let own = hash("mật khẩu của Thu").unwrap();
        assert!(is_hash(&own) && own.starts_with("$argon2id$v=19$"), "{own}");
        assert_ne!(hash("mật khẩu của Thu").unwrap(), own, "each has a salt of its own");
        assert!(verify("mật khẩu của Thu", Some(&own)));
        let decomposed: String = "mật khẩu của Thu".nfd().collect();
        assert!(decomposed != "mật khẩu của Thu" && verify(&decomposed, Some(&own)));
        assert!(!verify("mat khau cua Thu", Some(&own)));
        assert!(!verify("", Some(&own)) && !verify("mật khẩu của Thu", None) && !verify("x", Some("x")));
    }

    #[test]
    fn a_plain_text_is_no_hash() {
        for text in ["hunter2", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", ""] {
            assert!(!is_hash(text), "{text}");
        }
    }
}
