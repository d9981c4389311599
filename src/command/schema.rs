//! `hoso schema`: the JSON Schema of a case file.

use super::{Context, Error, Outcome};
use crate::case::json_schema;

pub(super) fn run(context: &Context) -> Result<Outcome, Error> {
    context.say(&json_schema::text())?;
    Ok(Outcome::Fine)
}
