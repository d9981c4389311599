//! Append-only text journals, each line chained by hash to the one before.
