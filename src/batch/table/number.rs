//! A number as the sheet shows it, decimals after a comma, thousands parted by points.

use std::borrow::Cow;

use crate::batch::declaration::with_marks;

/// Digits a sheet keeps of a number; what lies behind them is the rest of binary arithmetic (0.1 + 0.2).
const KEPT: usize = 15;

/// What a number format asks for. Colours, conditions, units and blanks are left out: they are no part of the number.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Format {
    /// Digits before the comma at least.
    whole: usize,
    /// Digits after the comma: at least, at most.
    part: (usize, usize),
    grouped: bool,
    percent: bool,
}

impl Format {
    /// Reads the code of a format, its section for positive numbers; `None` for "General", fractions, powers of ten and text.
    fn parse(code: &str) -> Option<Self> {
        let mut format = Self::default();
        let (mut point, mut any) = (false, false);
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                ';' => break,
                '"' => drop(letters.by_ref().find(|letter| *letter == '"')),
                '[' => drop(letters.by_ref().find(|letter| *letter == ']')),
                '\\' | '_' | '*' => drop(letters.next()),
                '0' if point => format.part = (format.part.1 + 1, format.part.1 + 1),
                '#' if point => format.part.1 += 1,
                '0' => format.whole += 1,
                '#' | '?' if !point => {}
                '.' if !point => point = true,
                ',' if !point => format.grouped = true,
                '%' => format.percent = true,
                ' ' | '-' | '+' | '(' | ')' | '$' | '€' | '₫' => {}
                _ => return None,
            }
            any |= matches!(letter, '0' | '#');
        }
        any.then_some(format)
    }
}

/// A number in writing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// What the sheet shows.
    pub(super) text: String,
    /// Whether the format fills it up with zeros at the front, as codes are kept.
    pub(super) filled: bool,
}

/// How a sheet shows a number under this format.
pub(super) fn shown(number: f64, code: &str) -> Shown {
    let format = Format::parse(code);
    let size = number.abs();
    if !number.is_finite() || size >= 1e15 || (size > 0.0 && size < 1e-9) {
        return Shown { text: number.to_string().replace('.', ","), filled: false };
    }
    let (mut whole, mut part) = decimal(size, if format.is_some_and(|format| format.percent) { 2 } else { 0 });
    let Some(format) = format else {
        let sign = if number < 0.0 { "-" } else { "" };
        return Shown { text: written(sign, &whole, &part), filled: false };
    };
    let (least, most) = format.part;
    round(&mut whole, &mut part, most);
    while part.len() < least {
        part.push('0');
    }
    let filled =
        whole.len() <= format.whole && format.whole > 1 && part.is_empty() && !format.grouped && !format.percent;
    let mut whole = Cow::from(format!("{whole:0>width$}", width = format.whole));
    if format.grouped {
        whole = with_marks(&whole).into();
    }
    let nothing = whole.bytes().chain(part.bytes()).all(|digit| !(b'1'..=b'9').contains(&digit));
    let sign = if number < 0.0 && !nothing { "-" } else { "" };
    let percent = if format.percent { "%" } else { "" };
    Shown { text: written(sign, &whole, &part) + percent, filled }
}

/// Digits before and after the comma of `size`, the comma moved right by `moved` places.
fn decimal(size: f64, moved: i32) -> (String, String) {
    let scientific = format!("{size:.*e}", KEPT - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let before = exponent.parse::<i32>().unwrap_or(0) + 1 + moved;
    let (whole, part) = match usize::try_from(before) {
        Err(_) => ("0".to_owned(), "0".repeat(before.unsigned_abs() as usize) + &digits),
        Ok(0) => ("0".to_owned(), digits),
        Ok(before) if before >= digits.len() => (format!("{digits:0<before$}"), String::new()),
        Ok(before) => (digits[..before].to_owned(), digits[before..].to_owned()),
    };
    (whole, part.trim_end_matches('0').to_owned())
}

/// Rounds to `places` digits after the comma, halves away from zero, as sheets do.
fn round(whole: &mut String, part: &mut String, places: usize) {
    if part.len() <= places {
        return;
    }
    let up = part.as_bytes()[places] >= b'5';
    part.truncate(places);
    if !up {
        return;
    }
    let mut digits: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    let full = digits.iter().rev().take_while(|digit| **digit == b'9').count();
    let length = digits.len();
    digits[length - full..].fill(b'0');
    match digits[..length - full].last_mut() {
        Some(digit) => *digit += 1,
        None => digits.insert(0, b'1'),
    }
    let after = digits.split_off(digits.len() - places);
    *whole = digits.into_iter().map(char::from).collect();
    *part = after.into_iter().map(char::from).collect();
}

fn written(sign: &str, whole: &str, part: &str) -> String {
    let comma = if part.is_empty() { "" } else { "," };
    format!("{sign}{whole}{comma}{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_sheet_shows_them() {
        // As LibreOffice Calc shows them, with its points and commas exchanged; but for units, fractions and powers of ten.
        for (number, code, text) in [
            (15.0, "General", "15"),
            (0.1 + 0.2, "", "0,3"),
            (-2.5, "General", "-2,5"),
            (1_250_000.0, "General", "1250000"),
            (1_250_000.0, "#,##0", "1.250.000"),
            (1_250_000.4, "#,##0\\ \"đ\"", "1.250.000"),
            (999.995, "#,##0.00", "1.000,00"),
            (0.25, "0%", "25%"),
            (0.075, "0.0%", "7,5%"),
            (0.0755, "0.00%", "7,55%"),
            (1.0, "0%", "100%"),
            (0.005, "0%", "1%"),
            (12.0, "0.00", "12,00"),
            (2.675, "0.00", "2,68"),
            (12.5, "0.##", "12,5"),
            (12.0, "0.0#", "12,0"),
            (0.004, "0.00", "0,00"),
            (-0.004, "0.00", "0,00"),
            (-1234.5, "#,##0.0;[Red]-#,##0.0", "-1.234,5"),
            (3.0, "[$-42A]0.0_)", "3,0"),
            (9.996, "0.00", "10,00"),
            (0.5, "# ?/?", "0,5"),
            (12_345.0, "0.00E+00", "12345"),
        ] {
            assert_eq!(shown(number, code), Shown { text: text.to_owned(), filled: false }, "{number} {code}");
        }
    }

    #[test]
    fn zeros_at_the_front_make_a_code() {
        assert_eq!(shown(912_345_678.0, "0000000000"), Shown { text: "0912345678".to_owned(), filled: true });
        assert_eq!(shown(12.0, "00"), Shown { text: "12".to_owned(), filled: true });
        assert!(!shown(123.0, "00").filled && !shown(1.0, "0").filled && !shown(1.0, "00.0").filled);
    }

    #[test]
    fn numbers_beyond_a_sheets_digits_stay_as_they_are() {
        assert_eq!(shown(1e20, "#,##0").text, "100000000000000000000");
        assert_eq!(shown(1e-12, "0.00").text, "0,000000000001");
    }
}
