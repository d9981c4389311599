//! `hoso.yaml`: issuer, signers, terms, numbering, retention, calendar choice, paths.
