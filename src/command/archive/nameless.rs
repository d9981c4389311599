//! What is written into the archive's journal stays for ever, in a chain no line can be taken from: it must name nobody.

use crate::archive::Listing;
use crate::case::parse;
use crate::command::Error;
use crate::dossier::Dossier;
use crate::persons::Persons;
use crate::pipeline::proof::redact::own_of;
use crate::pipeline::scan::MAX_FILE;
use crate::workspace::Workspace;

/// Refuses `texts`, each with what it is, where one tells of a person any of the dossiers knows, or has a number or an address of mail
/// that looks like somebody's.
///
/// # Errors
/// The refusal. A dossier that cannot be read knows nobody: it can still be held.
pub(super) fn nameless(
    workspace: &Workspace,
    archive: &Listing,
    codes: &[&str],
    texts: &[(&str, &str)],
) -> Result<(), Error> {
    let mut persons = Persons::new(own_of(&workspace.settings));
    for code in codes {
        let name = format!("data/{code}.yaml");
        let archived = archive.versions(code).filter_map(|version| {
            let mut dossier = Dossier::open(&archive.file(version)).ok()?;
            dossier.read(&name, MAX_FILE).ok()
        });
        // Of a dossier opened again, the case file that is worked on may know more.
        let open = std::fs::read(workspace.cases().join(format!("{code}.yaml"))).ok();
        for case in archived.chain(open).filter_map(|bytes| parse::parse(&bytes, code).case) {
            persons.add_case(&case);
        }
    }
    let found = texts.iter().find_map(|(what, text)| Some((what, persons.first_in(text)?)));
    let Some((what, words)) = found else { return Ok(()) };
    Err(Error::Plain(
        format!("Chưa ghi: {what} có “{words}”, là thông tin về người trong hồ sơ hoặc trông như số điện thoại, số giấy tờ, địa chỉ thư điện tử."),
        "Sổ này giữ mọi điều mãi mãi, kể cả sau khi hồ sơ bị hủy. Viết lại mà không nêu tên, số giấy tờ, điện thoại hay địa chỉ của ai; cần thì ghi số văn bản, ví dụ “theo văn bản số 12/TA ngày 05/11/2026”."
            .to_owned(),
    ))
}
