//! The letters of a case: which there are, their state, and the view a form is filled with.
