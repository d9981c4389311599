//! What archive, dossier and history refuse, as a failure of a pass: what the disk said is the disk's, whoever passes it on.

use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::Failure;
use crate::{archive, dossier, history, journal};

impl From<archive::Error> for Failure {
    fn from(error: archive::Error) -> Self {
        match error {
            archive::Error::Io(error)
            | archive::Error::Dossier(dossier::Error::Io(error))
            | archive::Error::Journal(journal::Error::Io(error)) => Self::Fs(error),
            damaged => Self::State(damaged.to_string()),
        }
    }
}

impl From<history::Error> for Failure {
    fn from(error: history::Error) -> Self {
        match error {
            history::Error::Io(error) => Self::Fs(error),
            history::Error::Dossier(error) => error.into(),
            lost @ history::Error::Lost(_) => Self::State(lost.to_string()),
        }
    }
}

impl From<dossier::Error> for Failure {
    fn from(error: dossier::Error) -> Self {
        match error {
            dossier::Error::Io(error) => Self::Fs(error),
            other => Self::Findings(vec![
                Diagnostic::error(code::CLOSING_PUT_OFF, format!("Chưa lưu được hồ sơ: {other}."))
                    .hint("Sửa chỗ nêu trên; hồ sơ vẫn còn nguyên, lượt sau chương trình làm lại."),
            ]),
        }
    }
}
