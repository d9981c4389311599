//! One complaint and all that belongs to it: the facts staff record in a case file.
