//! Papers made of the books and not of a case: what stands at their head, and writing them.

use std::path::Path;

use chrono::NaiveDate;

use super::Error;
use crate::fs;
use crate::letter::Prepared;
use crate::letter::book::Sheet;
use crate::pipeline::{render, unfit};
use crate::register::Period;
use crate::settings::Issuer;
use crate::workspace::Workspace;

/// Refuses a file that is there already: it may be signed.
pub(super) fn free(path: Option<&Path>) -> Result<(), Error> {
    match path.filter(|path| path.exists()) {
        Some(path) => Err(Error::Plain(format!("Tệp {} đã có.", path.display()), "Chọn một tên khác.".to_owned())),
        None => Ok(()),
    }
}

/// Who issues papers on a day.
pub(super) fn issuer(workspace: &Workspace, day: NaiveDate) -> Result<&Issuer, Error> {
    workspace.settings.issuer(day).ok_or_else(|| {
        Error::Plain(
            "hoso.yaml chưa khai đơn vị ban hành (mục don_vi).".to_owned(),
            "Xem tệp mẫu examples/hoso.yaml.".to_owned(),
        )
    })
}

/// What stands at the head of a paper made today.
pub(super) fn sheet(workspace: &Workspace, period: Option<Period>, by: Option<&str>) -> Result<Sheet, Error> {
    let date = workspace.clock.today();
    let issuer = issuer(workspace, date)?;
    Ok(Sheet {
        company: issuer.company.to_string(),
        centre: issuer.centre.to_string(),
        place: issuer.place.to_string(),
        period,
        date,
        by: by.map(str::to_owned),
    })
}

/// Writes a paper; how many pages it has.
pub(super) fn write(workspace: &Workspace, path: &Path, paper: &Prepared) -> Result<usize, Error> {
    let made = render::render(workspace, paper, None).map_err(|found| Error::Findings(unfit::findings(found)))?;
    fs::write(path, &made.bytes)?;
    Ok(made.pages)
}
