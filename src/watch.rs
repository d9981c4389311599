//! Events and scans → settled paths. Sole user of `notify`.
