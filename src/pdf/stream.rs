//! Operators → content stream. The page model is that of `printpdf`; its own writer builds an object for each word and is
//! too slow for batches. Tests hold both writers equal.

use printpdf::{Color, DictItem, Op, PdfFontHandle, TextItem};

use super::Error;
use super::program::{Program, Programs};
use super::text::{escaped, integer, is_special, number};

/// Decimals of lengths in points.
const POINT: u32 = 2;
/// Decimals of the sine and cosine of slanted text.
const TURN: u32 = 5;

fn unknown(what: &str) -> Error {
    Error::Library(format!("thao tác {what}"))
}

/// The content stream of one page.
///
/// # Errors
/// When an operator is none of those this program draws with.
pub(super) fn encode(ops: &[Op], programs: &Programs) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(8 * 1024);
    let mut font: Option<&Program> = None;
    for op in ops {
        match op {
            Op::StartTextSection => out.extend_from_slice(b"BT\n"),
            Op::EndTextSection => out.extend_from_slice(b"ET\n"),
            Op::SetTextCursor { pos } => {
                numbers(&mut out, &[pos.x.0, pos.y.0]);
                out.extend_from_slice(b"Td\n");
            }
            Op::SetTextMatrix { matrix } => {
                let matrix = matrix.as_array();
                for turn in &matrix[..4] {
                    number(&mut out, *turn, TURN);
                    out.push(b' ');
                }
                numbers(&mut out, &matrix[4..]);
                out.extend_from_slice(b"Tm\n");
            }
            Op::SetFont { font: PdfFontHandle::External(id), size } => {
                font = programs.iter().find(|program| program.id() == *id);
                out.push(b'/');
                out.extend_from_slice(id.0.as_bytes());
                out.push(b' ');
                numbers(&mut out, &[size.0]);
                out.extend_from_slice(b"Tf\n");
            }
            Op::ShowText { items } => text(&mut out, items, font)?,
            Op::SetFillColor { col } => color(&mut out, col, ["g", "rg"])?,
            Op::SetOutlineColor { col } => color(&mut out, col, ["G", "RG"])?,
            Op::SetOutlineThickness { pt } => {
                numbers(&mut out, &[pt.0]);
                out.extend_from_slice(b"w\n");
            }
            Op::SetLineDashPattern { dash } => {
                out.push(b'[');
                numbers(&mut out, &dash.pattern);
                out.extend_from_slice(b"] ");
                numbers(&mut out, &[dash.offset]);
                out.extend_from_slice(b"d\n");
            }
            Op::DrawLine { line } if !line.is_closed && line.points.iter().all(|point| !point.bezier) => {
                path(&mut out, line.points.iter().map(|point| point.p));
                out.extend_from_slice(b"S\n");
            }
            Op::DrawPolygon { polygon } => {
                for ring in &polygon.rings {
                    path(&mut out, ring.points.iter().map(|point| point.p));
                    out.extend_from_slice(b"h\n");
                }
                out.extend_from_slice(b"f\n");
            }
            Op::BeginMarkedContent { tag } => {
                out.extend_from_slice(format!("/{tag} BMC\n").as_bytes());
            }
            Op::BeginMarkedContentWithProperties { tag, properties: DictItem::Dict { map } } => {
                let Some(DictItem::Int(mark)) = map.get("MCID") else { return Err(unknown("BDC")) };
                out.push(b'/');
                out.extend_from_slice(tag.as_bytes());
                out.extend_from_slice(b"<</MCID ");
                integer(&mut out, *mark);
                out.extend_from_slice(b">>BDC\n");
            }
            Op::EndMarkedContent => out.extend_from_slice(b"EMC\n"),
            other => return Err(unknown(&format!("{other:?}"))),
        }
    }
    Ok(out)
}

fn numbers(out: &mut Vec<u8>, values: &[f32]) {
    for value in values {
        number(out, *value, POINT);
        out.push(b' ');
    }
}

fn path(out: &mut Vec<u8>, points: impl Iterator<Item = printpdf::Point>) {
    for (index, point) in points.enumerate() {
        numbers(out, &[point.x.0, point.y.0]);
        out.extend_from_slice(if index == 0 { b"m\n" } else { b"l\n" });
    }
}

fn color(out: &mut Vec<u8>, color: &Color, [grey, rgb]: [&str; 2]) -> Result<(), Error> {
    let operator = match color {
        Color::Greyscale(color) => {
            numbers(out, &[color.percent]);
            grey
        }
        Color::Rgb(color) => {
            numbers(out, &[color.r, color.g, color.b]);
            rgb
        }
        _ => return Err(unknown("màu")),
    };
    out.extend_from_slice(operator.as_bytes());
    out.push(b'\n');
    Ok(())
}

fn text(out: &mut Vec<u8>, items: &[TextItem], font: Option<&Program>) -> Result<(), Error> {
    let font = font.ok_or_else(|| unknown("Tj"))?;
    let several = items.len() > 1 || matches!(items, [TextItem::Offset(_)]);
    if several {
        out.push(b'[');
    }
    for item in items {
        match item {
            TextItem::Text(words) => {
                out.push(b'(');
                out.reserve(4 * words.len());
                for letter in words.chars() {
                    let code = font.code(letter).to_be_bytes();
                    if code.iter().any(|byte| is_special(*byte)) {
                        code.iter().for_each(|byte| escaped(out, *byte));
                    } else {
                        out.extend_from_slice(&code);
                    }
                }
                out.push(b')');
            }
            TextItem::Offset(thousandths) => number(out, *thousandths, 0),
            TextItem::GlyphIds(_) => return Err(unknown("TJ")),
        }
    }
    out.extend_from_slice(if several { b"]TJ\n" } else { b"Tj\n" });
    Ok(())
}
