//! Pages → PDF/A-2a and PDF/UA-1 bytes. Sole user of `printpdf` and `lopdf`.
