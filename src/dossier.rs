//! A closed case as a BagIt bag inside one deterministic zip: write, open, verify. Sole user of `zip`.
