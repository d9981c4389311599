//! One verb a file: resolve arguments, call the library, print.
