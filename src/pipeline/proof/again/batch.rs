//! Making a letter of a batch with numbers again: from the row of its table, form, style and settings the batch keeps.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::dossier::LARGEST;
use super::super::letter::{Letter, Place};
use super::super::{Letters, job};
use super::{Again, joined};
use crate::batch::{self, Card, Job, Means, Misfit, output::CARD, table};
use crate::dossier::Dossier;
use crate::form::FormSet;
use crate::fs;
use crate::layout::Style;
use crate::letter::Mode;
use crate::pipeline::scan;
use crate::settings::Settings;

/// The letter at this place of its batch, from the batch's folder while it lies there, else from its dossier.
pub(super) fn again(letters: &Letters<'_>, letter: &Letter, place: &Place) -> Result<Vec<u8>, Again> {
    let mut files = Files::of(letters, letter, place)
        .ok_or_else(|| Again::impossible("không còn thư mục hay hồ sơ lưu của loạt"))?;
    let card = files.read(CARD).and_then(|bytes| serde_json::from_slice::<Card>(&bytes).ok());
    let card = card.ok_or_else(|| lost(CARD))?;
    let fonts = letters.fonts(&card.program, &card.fonts)?;
    let data = files.names().into_iter().find(|name| name.starts_with(job::DATA)).unwrap_or_default();
    let bytes = files.read(&data).filter(|bytes| fs::sha256(bytes) == card.data).ok_or_else(|| lost("bảng dữ liệu"))?;
    let ending = data.rsplit_once('.').map_or("", |(_, ending)| ending);
    let mut table = table::parse(bytes, ending).map_err(|problem| Again::impossible(&problem.message))?;
    table.rows.retain(|row| row.number == place.row);

    let settings = Settings::parse(&files.text(job::SETTINGS)?, job::SETTINGS);
    let settings = settings.map_err(|faults| Again::impossible(&joined(faults)))?;
    let style = Style::parse(&files.text(job::STYLE)?).map_err(|error| Again::impossible(&error.to_string()))?;
    let mut forms = Vec::new();
    for name in files.names().iter().filter(|name| *name != job::STYLE) {
        if let Some(form) = name.strip_prefix(job::FORMS) {
            forms.push((form.to_owned(), files.text(name)?));
        }
    }
    let forms = FormSet::load(&forms).map_err(|faults| Again::impossible(&joined(faults)))?;

    let means = Means { settings: &settings, forms: &forms, style: &style, fonts: &fonts };
    let mode = Mode::Issue { number: place.number };
    let job = Job::new(means, &card.form, Some(&card.signer), card.date, mode)
        .ok_or_else(|| lost(&card.form))?
        .map_err(|refused| Again::impossible(&refused.to_string()))?;
    let checked = batch::check(job.declaration(), table, &fonts);
    let row = checked.rows.first().ok_or_else(|| Again::Impossible {
        reason: format!("dòng {} của bảng dữ liệu không còn đúng", place.row),
    })?;
    let rendered = batch::render(&job, row, Some(place.number));
    let said = |misfits: Vec<Misfit>| joined(misfits.into_iter().map(|misfit| misfit.finding).collect());
    rendered.map(|rendered| rendered.bytes).map_err(|misfits| Again::impossible(&said(misfits)))
}

fn lost(what: &str) -> Again {
    Again::Impossible { reason: format!("{what} của loạt không còn hoặc đã bị sửa") }
}

/// What a batch keeps beside its letters.
enum Files {
    /// In its folder, until it is sealed.
    Folder(PathBuf),
    /// In its dossier, with the digests of its manifest.
    Dossier(Box<Dossier>, BTreeMap<String, String>),
}

impl Files {
    fn of(letters: &Letters<'_>, letter: &Letter, place: &Place) -> Option<Self> {
        let folder = letters.workspace.map(|workspace| workspace.job_folder(&place.job));
        if let Some(folder) = folder.filter(|folder| folder.join(CARD).exists()) {
            return Some(Self::Folder(folder));
        }
        let archived = letters.dossiers.get(&place.job).into_iter().flatten();
        letter.dossier.iter().chain(archived).find_map(|path| {
            let mut dossier = Dossier::open(path).ok()?;
            let digests = dossier.digests().ok()?;
            Some(Self::Dossier(Box::new(dossier), digests))
        })
    }

    /// Names relative to the batch's folder, in order.
    fn names(&self) -> Vec<String> {
        match self {
            Self::Folder(folder) => {
                scan::attachments(folder).unwrap_or_default().into_iter().map(|file| file.name).collect()
            }
            Self::Dossier(_, digests) => {
                digests.keys().filter_map(|name| Some(name.strip_prefix("data/")?.to_owned())).collect()
            }
        }
    }

    /// A file; nothing when it is missing or not what the manifest says.
    fn read(&mut self, name: &str) -> Option<Vec<u8>> {
        match self {
            Self::Folder(folder) => fs::read(&folder.join(name)).ok(),
            Self::Dossier(dossier, digests) => {
                let name = format!("data/{name}");
                let bytes = dossier.read(&name, LARGEST).ok()?;
                (digests.get(&name) == Some(&fs::sha256(&bytes))).then_some(bytes)
            }
        }
    }

    fn text(&mut self, name: &str) -> Result<String, Again> {
        self.read(name).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| lost(name))
    }
}
