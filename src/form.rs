//! Loads `forms/`, fills a form. Sole user of `tera`.
