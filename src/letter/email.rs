//! The mail an answer goes out with. Sole user of `mail-builder`.
