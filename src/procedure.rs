//! Where a case stands in the ten steps: letters due, terms, next action.
