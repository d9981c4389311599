//! A filled form as blocks and inlines; parses the markup.
