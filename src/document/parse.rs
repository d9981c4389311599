//! Markup text → `Document`.

use roxmltree::Node;

use super::attribute::{Attributes, fault, fold};
use super::inline::{Collector, NAMES};
use super::malformed::malformed;
use super::{
    Align, Block, Cell, Chart, ChartKind, Counting, Document, Error, HeaderLine, Inlines, Paragraph, Recipients, Row,
    Signer, plain_text,
};

/// Deepest nesting of elements.
pub(super) const DEEPEST: usize = 24;
/// Most columns of a table.
const MOST_COLUMNS: usize = 20;
/// Most dotted lines in one block, and largest empty room in points.
const MOST_LINES: usize = 40;
const LARGEST_SPACE: f64 = 400.0;

/// Reads a filled form.
///
/// # Errors
/// The first fault: not well-formed, an unknown element or attribute, a value out of range; with its line and column.
pub fn parse(markup: &str) -> Result<Document, Error> {
    let markup = markup.trim_start_matches('\u{feff}');
    let tree = roxmltree::Document::parse(markup).map_err(|error| malformed(markup, &error))?;
    let root = tree.root_element();
    if root.tag_name().name() != "van-ban" {
        return Err(fault(root, format!("Phần tử gốc phải là <van-ban>, không phải <{}>.", root.tag_name().name())));
    }
    let attributes = Attributes::of(root, &["title", "subject", "author", "watermark", "orientation"])?;
    let mut document = Document {
        title: attributes.text("title").ok_or_else(|| fault(root, "Phần tử <van-ban> thiếu thuộc tính “title”."))?,
        subject: attributes.text("subject").unwrap_or_default(),
        author: attributes.text("author").unwrap_or_default(),
        language: "vi-VN".to_owned(),
        watermark: attributes.text("watermark"),
        landscape: attributes.choice("orientation", &[("portrait", false), ("landscape", true)])?.unwrap_or(false),
        ..Document::default()
    };
    for child in only_elements(root)? {
        if child.tag_name().name() == "foot" {
            if document.foot.is_some() {
                return Err(fault(child, "Chỉ được có một phần tử <foot>."));
            }
            Attributes::of(child, &[])?;
            document.foot = Some(words(child)?).filter(|words| !words.is_empty());
        } else {
            document.blocks.push(block(child, 1)?);
        }
    }
    Ok(document)
}

/// The element children of `node`, which may hold no text of its own.
fn only_elements<'a, 'input>(node: Node<'a, 'input>) -> Result<Vec<Node<'a, 'input>>, Error> {
    let mut elements = Vec::new();
    for child in node.children() {
        if child.is_element() {
            elements.push(child);
        } else if child.is_text() && !fold(child.text().unwrap_or_default()).is_empty() {
            return Err(fault(
                child,
                format!("Chữ đặt trực tiếp trong <{}> cần nằm trong một phần tử con.", node.tag_name().name()),
            ));
        }
    }
    Ok(elements)
}

/// The children of `node`, all of which must be called `name` and have only the attributes `known`.
fn only_named<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Result<Vec<Node<'a, 'input>>, Error> {
    let elements = only_elements(node)?;
    match elements.iter().find(|child| child.tag_name().name() != name) {
        Some(stranger) => Err(unexpected(*stranger, node, &[name])),
        None => Ok(elements),
    }
}

fn unexpected(child: Node<'_, '_>, parent: Node<'_, '_>, wanted: &[&str]) -> Error {
    fault(
        child,
        format!(
            "Không dùng phần tử <{}> trong <{}>; chỉ dùng: {}.",
            child.tag_name().name(),
            parent.tag_name().name(),
            wanted.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(", ")
        ),
    )
}

fn words(node: Node<'_, '_>) -> Result<Inlines, Error> {
    let mut collector = Collector::default();
    collector.add_children(node)?;
    Ok(collector.finish())
}

fn plain_words(node: Node<'_, '_>) -> Result<Inlines, Error> {
    Attributes::of(node, &[])?;
    words(node)
}

/// The blocks in `node`; running text between them becomes paragraphs without indent.
fn blocks(node: Node<'_, '_>, align: Option<Align>, depth: usize) -> Result<Vec<Block>, Error> {
    if depth > DEEPEST {
        return Err(fault(node, "Các phần tử lồng nhau quá sâu."));
    }
    let mut blocks = Vec::new();
    let mut running = Collector::default();
    let flush = |running: &mut Collector, blocks: &mut Vec<Block>| {
        let collected = std::mem::take(running);
        if !collected.is_empty() {
            blocks.push(Block::Paragraph(Paragraph {
                content: collected.finish(),
                align,
                flush: true,
                ..Paragraph::default()
            }));
        }
    };
    for child in node.children() {
        if child.is_element() && !NAMES.contains(&child.tag_name().name()) {
            flush(&mut running, &mut blocks);
            let mut found = block(child, depth + 1)?;
            if let Block::Paragraph(paragraph) = &mut found {
                paragraph.align = paragraph.align.or(align);
            }
            blocks.push(found);
        } else {
            running.add(child)?;
        }
    }
    flush(&mut running, &mut blocks);
    Ok(blocks)
}

fn block(node: Node<'_, '_>, depth: usize) -> Result<Block, Error> {
    let name = node.tag_name().name();
    Ok(match name {
        "header" => header(node)?,
        "urgency" => Block::Urgency(plain_words(node)?),
        "kind" => Block::Kind(plain_words(node)?),
        "subject" => Block::Subject { rule: Attributes::of(node, &["rule"])?.rule()?, content: words(node)? },
        "addressee" => Block::Addressee(plain_words(node)?),
        "addressees" => {
            let attributes = Attributes::of(node, &["label"])?;
            Block::Addressees {
                label: attributes.text("label").unwrap_or_else(|| "Kính gửi:".to_owned()),
                to: only_named(node, "to")?.into_iter().map(plain_words).collect::<Result<_, _>>()?,
            }
        }
        "basis" => Block::Basis(plain_words(node)?),
        "h" => {
            let level = Attributes::of(node, &["level"])?.count("level", 1, 3)?.unwrap_or(1);
            Block::Heading { level, content: words(node)? }
        }
        "p" => {
            let attributes = Attributes::of(node, &["align", "indent", "keep", "style"])?;
            Block::Paragraph(Paragraph {
                align: attributes.align()?,
                flush: attributes.choice("indent", &[("no", true), ("yes", false)])?.unwrap_or(false),
                keep: attributes.choice("keep", &[("next", true)])?.unwrap_or(false),
                style: attributes.text("style"),
                content: words(node)?,
            })
        }
        "ol" => {
            let counting = Attributes::of(node, &["type"])?
                .choice("type", &[("1", Counting::Decimal), ("a", Counting::Letter), ("i", Counting::Roman)])?;
            list(node, Some(counting.unwrap_or(Counting::Decimal)), depth)?
        }
        "ul" => {
            Attributes::of(node, &[])?;
            list(node, None, depth)?
        }
        "table" => table(node, depth)?,
        "chart" => chart(node)?,
        "fields" => {
            Attributes::of(node, &[])?;
            let mut fields = Vec::new();
            for field in only_named(node, "f")? {
                let label = Attributes::of(field, &["label"])?
                    .text("label")
                    .ok_or_else(|| fault(field, "Phần tử <f> thiếu thuộc tính “label”."))?;
                fields.push((label, words(field)?));
            }
            Block::Fields(fields)
        }
        "columns" => {
            let weights = Attributes::of(node, &["widths"])?.weights("widths")?;
            let mut columns = Vec::new();
            for column in only_named(node, "col")? {
                Attributes::of(column, &[])?;
                columns.push(blocks(column, None, depth + 1)?);
            }
            let widths = weights.unwrap_or_else(|| vec![1.0; columns.len()]);
            if widths.len() != columns.len() || columns.is_empty() {
                return Err(fault(
                    node,
                    format!("<columns> có {} cột nhưng “widths” nêu {}.", columns.len(), widths.len()),
                ));
            }
            Block::Columns { widths, columns }
        }
        "rules" => {
            let attributes = Attributes::of(node, &["lines", "label"])?;
            only_elements(node)?;
            Block::Rules {
                lines: attributes.count("lines", 1, MOST_LINES)?.unwrap_or(1),
                label: attributes.text("label"),
            }
        }
        "closing" => closing(node)?,
        "signatures" => {
            Attributes::of(node, &[])?;
            let signers = only_named(node, "signer")?.into_iter().map(signer).collect::<Result<Vec<_>, _>>()?;
            if !(1..=4).contains(&signers.len()) {
                return Err(fault(node, "<signatures> cần từ một đến bốn <signer>."));
            }
            Block::Signatures(signers)
        }
        "appendix" => {
            let attributes = Attributes::of(node, &["title", "note"])?;
            if depth > 1 {
                return Err(fault(node, "<appendix> phải nằm ngay trong <van-ban>."));
            }
            Block::Appendix {
                title: attributes.text("title").ok_or_else(|| fault(node, "<appendix> thiếu thuộc tính “title”."))?,
                note: attributes.text("note"),
                blocks: blocks(node, None, depth + 1)?,
            }
        }
        "page-break" => {
            Attributes::of(node, &[])?;
            Block::PageBreak
        }
        "space" => Block::Space(Attributes::of(node, &["size"])?.number("size", 0.0, LARGEST_SPACE)?.unwrap_or(6.0)),
        other => return Err(fault(node, format!("Không có phần tử <{other}>, hoặc không dùng được ở chỗ này."))),
    })
}

fn header(node: Node<'_, '_>) -> Result<Block, Error> {
    Attributes::of(node, &[])?;
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for side in only_elements(node)? {
        Attributes::of(side, &[])?;
        let lines = match side.tag_name().name() {
            "left" => &mut left,
            "right" => &mut right,
            _ => return Err(unexpected(side, node, &["left", "right"])),
        };
        for line in only_named(side, "line")? {
            let attributes = Attributes::of(line, &["style", "rule"])?;
            lines.push(HeaderLine {
                style: attributes.text("style").ok_or_else(|| fault(line, "<line> thiếu thuộc tính “style”."))?,
                rule: attributes.rule()?,
                content: words(line)?,
            });
        }
    }
    Ok(Block::Header { left, right })
}

fn list(node: Node<'_, '_>, counting: Option<Counting>, depth: usize) -> Result<Block, Error> {
    let mut items = Vec::new();
    for item in only_named(node, "li")? {
        Attributes::of(item, &[])?;
        items.push(blocks(item, None, depth + 1)?);
    }
    Ok(Block::List { counting, items })
}

fn table(node: Node<'_, '_>, depth: usize) -> Result<Block, Error> {
    let attributes = Attributes::of(node, &["widths", "fitted", "borders"])?;
    let fitted = attributes.choice("fitted", &[("yes", true), ("no", false)])?.unwrap_or(false);
    let borders = attributes.choice("borders", &[("yes", true), ("no", false)])?.unwrap_or(true);
    let (mut head, mut body) = (Vec::new(), Vec::new());
    for part in only_elements(node)? {
        match part.tag_name().name() {
            "thead" | "tbody" => {
                Attributes::of(part, &[])?;
                let rows = if part.tag_name().name() == "thead" { &mut head } else { &mut body };
                for found in only_named(part, "tr")? {
                    rows.push((row(found, depth)?, found));
                }
            }
            "tr" => body.push((row(part, depth)?, part)),
            _ => return Err(unexpected(part, node, &["thead", "tbody", "tr"])),
        }
    }
    let columns = |row: &Row| row.iter().map(|cell| cell.span).sum::<usize>();
    let widths = match attributes.weights("widths")? {
        Some(widths) => widths,
        None => vec![1.0; head.iter().chain(&body).map(|(row, _)| columns(row)).max().unwrap_or(0)],
    };
    if !(1..=MOST_COLUMNS).contains(&widths.len()) {
        return Err(fault(node, format!("Bảng cần từ 1 đến {MOST_COLUMNS} cột.")));
    }
    for (row, place) in head.iter().chain(&body) {
        if columns(row) != widths.len() {
            return Err(fault(*place, format!("Hàng này có {} cột, bảng có {} cột.", columns(row), widths.len())));
        }
    }
    let rows = |rows: Vec<(Row, Node<'_, '_>)>| rows.into_iter().map(|(row, _)| row).collect();
    Ok(Block::Table { widths, fitted, borders, head: rows(head), body: rows(body) })
}

/// Least and largest height of a chart in points; most bars and series, and largest value of one.
const CHART_HEIGHTS: (f64, f64) = (80.0, 600.0);
const MOST_BARS: usize = 100;
const MOST_SERIES: usize = 4;
const LARGEST_VALUE: u32 = 1_000_000_000;

fn chart(node: Node<'_, '_>) -> Result<Block, Error> {
    let attributes = Attributes::of(node, &["type", "alt", "height"])?;
    let kinds = [("columns", ChartKind::Columns), ("bars", ChartKind::Bars)];
    let mut chart = Chart {
        kind: attributes.choice("type", &kinds)?.unwrap_or(ChartKind::Columns),
        alt: attributes.text("alt").ok_or_else(|| fault(node, "<chart> thiếu thuộc tính “alt”: lời tả biểu đồ."))?,
        height: 0.0,
        series: Vec::new(),
        bars: Vec::new(),
    };
    for part in only_elements(node)? {
        match part.tag_name().name() {
            "series" => chart.series.push(plain_text(&plain_words(part)?)),
            "bar" => {
                let attributes = Attributes::of(part, &["label", "values"])?;
                let label = attributes.text("label").ok_or_else(|| fault(part, "<bar> thiếu thuộc tính “label”."))?;
                let values = attributes.text("values").unwrap_or_default();
                let values: Option<Vec<u32>> = values
                    .split_whitespace()
                    .map(|value| value.parse().ok().filter(|value| *value <= LARGEST_VALUE))
                    .collect();
                let values = values.ok_or_else(|| {
                    fault(part, "Thuộc tính “values” của <bar> cần các số nguyên không âm cách nhau bằng dấu cách.")
                })?;
                chart.bars.push((label, values));
            }
            _ => return Err(unexpected(part, node, &["series", "bar"])),
        }
    }
    let series = chart.series.len();
    if !(1..=MOST_SERIES).contains(&series) || !(1..=MOST_BARS).contains(&chart.bars.len()) {
        let message = format!("<chart> cần từ 1 đến {MOST_SERIES} <series> và từ 1 đến {MOST_BARS} <bar>.");
        return Err(fault(node, message));
    }
    if let Some((label, values)) = chart.bars.iter().find(|(_, values)| values.len() != series) {
        let message = format!("Mục “{label}” của <chart> có {} giá trị, cần {series}: mỗi <series> một.", values.len());
        return Err(fault(node, message));
    }
    chart.height = attributes.number("height", CHART_HEIGHTS.0, CHART_HEIGHTS.1)?.unwrap_or(match chart.kind {
        ChartKind::Columns => 180.0,
        // Each bar as high as its figure, and some room between two labels.
        ChartKind::Bars => (45.0 + chart.bars.len() as f64 * (12.0 * series as f64 + 8.0)).min(CHART_HEIGHTS.1),
    });
    Ok(Block::Chart(chart))
}

fn row(node: Node<'_, '_>, depth: usize) -> Result<Row, Error> {
    Attributes::of(node, &[])?;
    let mut row = Vec::new();
    for cell in only_elements(node)? {
        let head = match cell.tag_name().name() {
            "th" => true,
            "td" => false,
            _ => return Err(unexpected(cell, node, &["th", "td"])),
        };
        let attributes = Attributes::of(cell, &["align", "colspan"])?;
        let align = attributes.align()?;
        row.push(Cell {
            head,
            span: attributes.count("colspan", 1, MOST_COLUMNS)?.unwrap_or(1),
            align,
            blocks: blocks(cell, align, depth + 1)?,
        });
    }
    Ok(row)
}

fn closing(node: Node<'_, '_>) -> Result<Block, Error> {
    Attributes::of(node, &[])?;
    let (mut recipients, mut who) = (None, None);
    for part in only_elements(node)? {
        match part.tag_name().name() {
            "recipients" if recipients.is_none() => {
                let label = Attributes::of(part, &["label"])?.text("label").unwrap_or_else(|| "Nơi nhận:".to_owned());
                let entries = only_named(part, "r")?.into_iter().map(plain_words).collect::<Result<_, _>>()?;
                recipients = Some(Recipients { label, entries });
            }
            "signer" if who.is_none() => who = Some(signer(part)?),
            "recipients" | "signer" => {
                return Err(fault(part, format!("<closing> chỉ có một <{}>.", part.tag_name().name())));
            }
            _ => return Err(unexpected(part, node, &["recipients", "signer"])),
        }
    }
    Ok(Block::Closing { recipients, signer: who })
}

fn signer(node: Node<'_, '_>) -> Result<Signer, Error> {
    Attributes::of(node, &[])?;
    let mut signer = Signer::default();
    for part in only_elements(node)? {
        let content = plain_words(part)?;
        match part.tag_name().name() {
            "office" => signer.offices.push(content),
            "note" => signer.notes.push(content),
            "name" if signer.name.is_none() => signer.name = Some(content).filter(|name| !name.is_empty()),
            "name" => return Err(fault(part, "<signer> chỉ có một <name>.")),
            _ => return Err(unexpected(part, node, &["office", "note", "name"])),
        }
    }
    Ok(signer)
}
