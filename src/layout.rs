//! Document → pages: lines, paragraphs, tables, page breaks.
