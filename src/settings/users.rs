//! `nguoi-dung.yaml`: who may look into the archive from other machines.
//!
//! A file of its own: `hoso.yaml` goes into every dossier, and passwords do not belong there, not even hashed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::case::Text;
use crate::diagnostic::Diagnostic;

/// Name of the file, beside `hoso.yaml`.
pub const FILE: &str = "nguoi-dung.yaml";

/// The users.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// Each of them.
    #[serde(rename = "nguoi_dung", default)]
    pub users: Vec<User>,
    /// Addresses of proxies that say truly whom they ask for.
    #[serde(rename = "proxy_tin_cay", default)]
    pub trusted: Vec<Text>,
}

/// Who may log in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What is typed to log in.
    #[serde(rename = "ten")]
    pub id: Text,
    /// Name and surname: what the access log says.
    #[serde(rename = "ho_ten")]
    pub name: Text,
    /// Hash of the password, as `hoso serve --hash-password` prints it.
    #[serde(rename = "mat_khau")]
    pub password: Text,
}

impl Users {
    /// Reads the text of the file; `file` is how findings name it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        super::parse::users(text, file)
    }

    /// The addresses of the proxies.
    #[must_use]
    pub fn proxies(&self) -> Vec<IpAddr> {
        self.trusted.iter().filter_map(|one| one.as_str().parse().ok()).map(|one: IpAddr| one.to_canonical()).collect()
    }

    /// The user of that log-in name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id.as_str() == id)
    }
}
