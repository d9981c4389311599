//! The letter register.
