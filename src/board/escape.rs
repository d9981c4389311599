//! Text into HTML and addresses.

use std::fmt::Write as _;

/// Text for an element or a quoted attribute. Control characters, which HTML does not know, are left out.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A path below the page's folder as a relative address (RFC 3986): everything but unreserved characters and `/` encoded.
pub(super) fn address(path: &str) -> String {
    // "./" keeps a colon in the first part from being read as a scheme.
    let mut out = String::from("./");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Base64 (RFC 4648) of what a hash in hex stands for; the form in which a content security policy names a script.
pub(super) fn base64_of_hex(hex: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    let bytes: Vec<u32> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)).collect();
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().chain([0, 0].iter()).take(3).fold(0, |bits, byte| bits * 256 + byte);
        for place in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            out.push(if place <= group.len() { char::from(LETTERS[index]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(
            html("<script>alert(1)</script> & \"Công ty\" 'A'\u{0}\u{1b}"),
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Công ty&quot; &#39;A&#39;"
        );
        assert_eq!(html("một\nhai\tba"), "một hai ba");
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(address("KN-2026-0001/van-ban/a b.pdf"), "./KN-2026-0001/van-ban/a%20b.pdf");
        assert_eq!(address("javascript:alert(1).yaml"), "./javascript%3Aalert%281%29.yaml");
        assert_eq!(address("ghi chú #1?.yaml"), "./ghi%20ch%C3%BA%20%231%3F.yaml");
        assert_eq!(address("100%.yaml"), "./100%25.yaml");
    }

    #[test]
    fn base64_as_in_the_standard() {
        // RFC 4648, section 10: "f", "fo", "foo", "foobar".
        for (hex, text) in [("66", "Zg=="), ("666f", "Zm8="), ("666f6f", "Zm9v"), ("666f6f626172", "Zm9vYmFy")] {
            assert_eq!(base64_of_hex(hex), text);
        }
    }
}
