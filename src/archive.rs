//! The archive folder: publish, list, verify, extract, reopen.
