//! A letter on its page, tagged.

use std::error::Error;
use std::num::NonZeroU16;

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, ListNumbering, Node, SpanTag, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};

use crate::face::Faces;
use crate::letter::{Block, Field, HeaderLine, Letter, Recipients, Run, Signer};
use crate::text::{self, Align, Style};

const MM: f32 = 72.0 / 25.4;
const WIDTH: f32 = 210.0 * MM;
const HEIGHT: f32 = 297.0 * MM;
const LEFT: f32 = 30.0 * MM;
const MEASURE: f32 = 160.0 * MM;
const TOP: f32 = 20.0 * MM;
const BOTTOM: f32 = HEIGHT - 20.0 * MM;
const RULE: f32 = 0.6;
/// hoso tightens a letter that would not fit its page; here every letter is as tight as that.
const LEADING: f32 = 15.0;
const ROOM_TO_SIGN: f32 = 50.0;

const BODY: Style = Style {
    size: 13.0,
    leading: LEADING,
    after: 6.0,
    align: Align::Justify,
    indent: 12.7 * MM,
    bold: false,
    italic: false,
};
const CENTRED: Style = Style { after: 0.0, align: Align::Center, indent: 0.0, ..BODY };
const KIND: Style = Style { size: 14.0, leading: 18.0, bold: true, ..CENTRED };
const SUBJECT: Style = Style { after: 10.0, ..KIND };
const ADDRESSEE: Style = Style { after: 6.0, ..CENTRED };
const HEADING: Style = Style { align: Align::Left, bold: true, ..BODY };
const FIELD: Style = Style { after: 3.0, align: Align::Left, indent: 0.0, ..BODY };
const OFFICE: Style = Style { bold: true, ..CENTRED };
const NOTE: Style = Style { size: 12.0, leading: 15.0, italic: true, ..CENTRED };
const LABEL: Style = Style { size: 12.0, align: Align::Left, bold: true, italic: true, ..CENTRED };
const ENTRY: Style = Style { size: 11.0, leading: 13.5, align: Align::Left, ..CENTRED };
const FOOT: Style = Style { size: 11.0, leading: 13.5, ..CENTRED };

fn header_style(name: &str) -> Style {
    let small = Style { size: 12.0, leading: 16.0, ..CENTRED };
    match name {
        "parent-body" => small,
        "nation" | "issuing-body" => Style { bold: true, ..small },
        "motto" => Style { leading: 16.0, bold: true, ..CENTRED },
        "place-date" => Style { italic: true, ..CENTRED },
        _ => CENTRED,
    }
}

/// The letter as PDF; krilla refuses what would not be valid.
pub fn export(letter: &Letter, faces: &Faces) -> Result<Vec<u8>, Box<dyn Error>> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| format!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).ok_or("no page of this size")?);
    let tree = draw(page.surface(), letter, faces)?;
    page.finish();
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(letter.title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    let made = DateTime::new(2026).month(11).day(20).hour(0).minute(0).second(0).utc_offset_hour(7);
    document.set_metadata(
        Metadata::new()
            .title(letter.title.clone())
            .description(letter.subject.clone())
            .authors(vec![letter.author.clone()])
            .language(letter.language.clone())
            .creation_date(made),
    );
    document.finish().map_err(|error| format!("{error:?}").into())
}

/// Draws the letter; gives its structure.
fn draw(surface: Surface<'_>, letter: &Letter, faces: &Faces) -> Result<TagTree, String> {
    let mut sheet = Sheet { surface, faces, top: TOP };
    let mut tree = TagTree::new();
    for block in &letter.blocks {
        for group in sheet.block(block)? {
            tree.push(group);
        }
    }
    if sheet.top > BOTTOM {
        return Err(format!("more than one page, by {} pt", sheet.top - BOTTOM));
    }
    tree.push(sheet.foot(&letter.foot)?);
    sheet.surface.finish();
    Ok(tree)
}

struct Sheet<'a, 'b> {
    surface: Surface<'a>,
    faces: &'b Faces,
    /// Top of the free room.
    top: f32,
}

type Groups = Result<Vec<TagGroup>, String>;

impl Sheet<'_, '_> {
    fn block(&mut self, block: &Block) -> Groups {
        let heading = |level: u16, runs: &[Run]| -> Result<TagGroup, String> {
            let title = runs.iter().map(|run| run.text.as_str()).collect();
            Ok(TagGroup::new(Tag::Hn(NonZeroU16::new(level).ok_or("no level 0")?, Some(title))))
        };
        Ok(match block {
            Block::Header { left, right } => vec![self.header(left, right)?],
            Block::Kind { runs } => vec![self.paragraph(heading(1, runs)?, runs, KIND)?],
            Block::Subject { rule, runs } => {
                let group = self.paragraph(TagGroup::new(Tag::P), runs, Style { after: 0.0, ..SUBJECT })?;
                self.rule_below(rule.as_deref(), runs, SUBJECT, LEFT, MEASURE)?;
                self.top += SUBJECT.after;
                vec![group]
            }
            Block::Addressee { runs } => vec![self.paragraph(TagGroup::new(Tag::P), runs, ADDRESSEE)?],
            Block::Heading { runs } => vec![self.paragraph(heading(2, runs)?, runs, HEADING)?],
            Block::Paragraph { runs } => vec![self.paragraph(TagGroup::new(Tag::P), runs, BODY)?],
            Block::Fields { fields } => self.fields(fields)?,
            Block::Closing { recipients, signer } => self.closing(recipients, signer)?,
        })
    }

    fn paragraph(&mut self, group: TagGroup, runs: &[Run], style: Style) -> Result<TagGroup, String> {
        self.paragraph_in(group, runs, style, LEFT, MEASURE)
    }

    fn paragraph_in(
        &mut self,
        mut group: TagGroup,
        runs: &[Run],
        style: Style,
        left: f32,
        measure: f32,
    ) -> Result<TagGroup, String> {
        for node in self.lines(runs, style, left, measure)? {
            group.push(node);
        }
        self.top += style.after;
        Ok(group)
    }

    /// Draws the lines of a text, each a marked piece of content.
    fn lines(&mut self, runs: &[Run], style: Style, left: f32, measure: f32) -> Result<Vec<Node>, String> {
        let faces = self.faces;
        let mut nodes = Vec::new();
        for (index, line) in text::lines(runs, style, measure, faces)?.into_iter().enumerate() {
            let room = measure - line.width;
            let mut x = left
                + match style.align {
                    Align::Center => room / 2.0,
                    Align::Left | Align::Justify if index == 0 => style.indent,
                    Align::Left | Align::Justify => 0.0,
                };
            let baseline = self.top + style.leading / 2.0 + 0.316 * style.size;
            nodes.push(self.surface.start_tagged(ContentTag::Span(SpanTag::empty())).into());
            for piece in &line.pieces {
                let font = piece.font(faces);
                self.surface.draw_glyphs(
                    Point::from_xy(x, baseline),
                    &piece.glyphs,
                    font,
                    &piece.text,
                    style.size,
                    false,
                );
                x += piece.width;
            }
            self.surface.end_tagged();
            self.top += style.leading;
        }
        Ok(nodes)
    }

    fn rule(&mut self, from: f32, length: f32, y: f32) -> Result<(), String> {
        let mut path = PathBuilder::new();
        path.move_to(from, y);
        path.line_to(from + length, y);
        let path = path.finish().ok_or("no path")?;
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(None::<Fill>);
        self.surface.set_stroke(Some(Stroke { width: RULE, opacity: NormalizedF32::ONE, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
        self.surface.end_tagged();
        Ok(())
    }

    fn rule_below(
        &mut self,
        rule: Option<&str>,
        runs: &[Run],
        style: Style,
        left: f32,
        measure: f32,
    ) -> Result<(), String> {
        let Some(rule) = rule else { return Ok(()) };
        let widest = text::lines(runs, style, measure, self.faces)?.iter().map(|line| line.width).fold(0.0, f32::max);
        let length = if rule == "half" { widest * 0.4 } else { widest };
        self.rule(left + (measure - length) / 2.0, length, self.top + 2.5)?;
        self.top += 5.5;
        Ok(())
    }

    /// Two columns; number and date stand side by side.
    fn header(&mut self, left: &[HeaderLine], right: &[HeaderLine]) -> Result<TagGroup, String> {
        let width = MEASURE * 0.42;
        let columns = [(left, LEFT, width), (right, LEFT + width, MEASURE - width)];
        let is_low = |line: &&HeaderLine| matches!(line.style.as_str(), "number" | "place-date");
        let mut group = TagGroup::new(Tag::Div);
        let top = self.top;
        let mut ends = Vec::new();
        let mut groups = [Vec::new(), Vec::new()];
        for (side, (lines, x, measure)) in columns.iter().enumerate() {
            self.top = top;
            for line in lines.iter().filter(|line| !is_low(line)) {
                let style = header_style(&line.style);
                groups[side].push(self.paragraph_in(TagGroup::new(Tag::P), &line.runs, style, *x, *measure)?);
                self.rule_below(line.rule.as_deref(), &line.runs, style, *x, *measure)?;
            }
            ends.push(self.top);
        }
        let low = ends.into_iter().fold(top, f32::max) + 6.0;
        let mut end = low;
        for (side, (lines, x, measure)) in columns.iter().enumerate() {
            self.top = low;
            for line in lines.iter().filter(is_low) {
                let style = header_style(&line.style);
                groups[side].push(self.paragraph_in(TagGroup::new(Tag::P), &line.runs, style, *x, *measure)?);
            }
            end = end.max(self.top);
        }
        groups.into_iter().flatten().for_each(|paragraph| group.push(paragraph));
        self.top = end + 7.0;
        Ok(group)
    }

    /// Label and value on one line, one paragraph each.
    fn fields(&mut self, fields: &[Field]) -> Groups {
        let mut widest: f32 = 0.0;
        for field in fields {
            widest = widest.max(text::width(&field.label, 0, FIELD.size, self.faces)?);
        }
        let mut groups = Vec::new();
        for field in fields {
            let mut group = TagGroup::new(Tag::P);
            let top = self.top;
            let label = [Run { text: format!("{}\u{a0}", field.label), bold: false, italic: false, breaks: false }];
            for node in self.lines(&label, FIELD, LEFT, MEASURE)? {
                group.push(node);
            }
            self.top = top;
            let from = widest + 6.0;
            for node in self.lines(&field.runs, FIELD, LEFT + from, MEASURE - from)? {
                group.push(node);
            }
            self.top += FIELD.after;
            groups.push(group);
        }
        self.top += BODY.after - FIELD.after;
        Ok(groups)
    }

    fn closing(&mut self, recipients: &Recipients, signer: &Signer) -> Groups {
        let half = MEASURE / 2.0;
        let top = self.top;
        let label = [Run { text: recipients.label.clone(), bold: false, italic: false, breaks: false }];
        let mut groups = vec![self.paragraph_in(TagGroup::new(Tag::P), &label, LABEL, LEFT, half - 8.0)?];
        let mut list = TagGroup::new(Tag::L(ListNumbering::None));
        let dash = [Run { text: "- ".to_owned(), bold: false, italic: false, breaks: false }];
        let indent = text::width("- ", 0, ENTRY.size, self.faces)?;
        for entry in &recipients.entries {
            let mut item = TagGroup::new(Tag::LI);
            let at = self.top;
            item.push(self.paragraph_in(TagGroup::new(Tag::Lbl), &dash, ENTRY, LEFT, half)?);
            self.top = at;
            let inner = half - 8.0 - indent;
            item.push(self.paragraph_in(TagGroup::new(Tag::LBody), entry, ENTRY, LEFT + indent, inner)?);
            list.push(item);
        }
        groups.push(list);
        let left_end = self.top;
        self.top = top;
        let mut signed = TagGroup::new(Tag::Div);
        for office in &signer.offices {
            signed.push(self.paragraph_in(TagGroup::new(Tag::P), office, OFFICE, LEFT + half, half)?);
        }
        for note in &signer.notes {
            signed.push(self.paragraph_in(TagGroup::new(Tag::P), note, NOTE, LEFT + half, half)?);
        }
        self.top += ROOM_TO_SIGN;
        signed.push(self.paragraph_in(TagGroup::new(Tag::P), &signer.name, OFFICE, LEFT + half, half)?);
        groups.push(signed);
        self.top = self.top.max(left_end);
        Ok(groups)
    }

    fn foot(&mut self, runs: &[Run]) -> Result<TagGroup, String> {
        let count = text::lines(runs, FOOT, MEASURE, self.faces)?.len() as f32;
        self.top = HEIGHT - 9.0 * MM - count * FOOT.leading;
        self.rule(LEFT, MEASURE, self.top - 2.0)?;
        self.paragraph(TagGroup::new(Tag::P), runs, FOOT)
    }
}
