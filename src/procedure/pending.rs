//! Letters that staff want issued, or issued anew, and the program has not come to yet: the facts alone cannot tell.

use std::collections::BTreeMap;

use crate::settings::{NumberingTime, Settings};

/// What is still to come for a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coming {
    /// It is issued.
    Issue,
    /// The letter of this number and symbol is withdrawn, and another one issued for it.
    Replacement(String),
}

/// What is still to come, by the path of the letter's block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending(BTreeMap<String, Coming>);

impl Pending {
    /// Notes what is to come for the letter at `path`.
    pub fn put(&mut self, path: &str, coming: Coming) {
        self.0.insert(path.to_owned(), coming);
    }

    /// What is to come for the letter at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Coming> {
        self.0.get(path)
    }

    /// Whether nothing is to come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Coming {
    /// What a clerk is told who could do the next step of the letter too early.
    pub(super) fn wait(&self, name: &str, settings: &Settings) -> String {
        let when = when(settings);
        match self {
            Self::Issue => format!(
                "Chờ chương trình ban hành {name} ({when}); tệp PDF hiện trong van-ban. Thấy tệp ấy rồi mới ký, gửi và ghi việc tiếp theo."
            ),
            Self::Replacement(symbol) => format!(
                "Chờ chương trình rút {name} số {symbol} và ban hành bản thay ({when}). Đừng gửi bản số {symbol} còn nằm trong van-ban."
            ),
        }
    }
}

/// When the program comes to it.
#[must_use]
pub fn when(settings: &Settings) -> String {
    let quiet = match settings.quiet_seconds {
        0 => "ở lượt chạy kế tiếp".to_owned(),
        45..=75 => "khoảng một phút sau lần lưu cuối".to_owned(),
        seconds @ 0..120 => format!("khoảng {seconds} giây sau lần lưu cuối"),
        seconds => format!("khoảng {} phút sau lần lưu cuối", seconds.div_ceil(60)),
    };
    match settings.numbering.time {
        NumberingTime::BeforeSigning => quiet,
        NumberingTime::AfterSigning => format!("khi bản đã ký có trong da-ky, {quiet}"),
    }
}
