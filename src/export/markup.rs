//! XML, written element by element.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document's bytes, UTF-8.
pub(super) type Written = std::io::Result<Vec<u8>>;

/// A document that is being written.
pub(super) struct Markup(Writer<Vec<u8>>);

impl Markup {
    pub(super) fn new() -> std::io::Result<Self> {
        let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(out))
    }

    /// An element with attributes and what `inner` writes.
    pub(super) fn within(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        self.0.write_event(Event::Start(tag(name, attributes)))?;
        inner(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element that says all in its attributes.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> std::io::Result<()> {
        self.0.write_event(Event::Empty(tag(name, attributes)))
    }

    /// An element with nothing but text.
    pub(super) fn field(&mut self, name: &str, text: &str) -> std::io::Result<()> {
        self.within(name, &[], |out| out.text(text))
    }

    pub(super) fn text(&mut self, text: &str) -> std::io::Result<()> {
        self.0.write_event(Event::Text(BytesText::new(&legal(text))))
    }

    pub(super) fn done(self) -> Written {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn tag<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, legal(value).as_str()));
    }
    tag
}

/// Without signs XML 1.0 does not know.
pub(super) fn legal(text: &str) -> String {
    let known = |c: &char| !c.is_control() || matches!(c, '\t' | '\n');
    text.chars().filter(known).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}
