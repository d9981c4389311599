//! Process one case: the whole path.
