//! The archival package of Circular 05/2025/TT-BNV: METS.xml, EAD.xml and PREMIS.xml beside `representations/rep1/data`, digests
//! by SHA-256, times at +07:00.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::markup::{Markup, Written};
use super::{Exported, LARGEST};
use crate::dossier::{self, Dossier};
use crate::fs;

/// Where the files of the dossier lie in the package.
const DATA: &str = "representations/rep1/data";

/// A file of the package.
struct Piece {
    /// Below the package's folder.
    path: String,
    size: u64,
    sha256: String,
    mime: &'static str,
}

/// An event in the life of the case, as the dossier tells it.
struct Happened {
    id: String,
    kind: String,
    time: String,
    detail: String,
    agent: String,
}

/// Writes the package of an open dossier into `dir`, which must be new or empty. Gives the number of files of the dossier.
///
/// # Errors
/// When `dir` holds something, an entry is damaged, or the system refuses.
pub fn write(
    exported: &Exported,
    dossier: &mut Dossier,
    dir: &Path,
    now: DateTime<FixedOffset>,
) -> dossier::Result<usize> {
    fs::create_dir(dir)?;
    if fs::context(std::fs::read_dir(dir), "đọc thư mục", dir)?.next().is_some() {
        return Err(dossier::Error::NotEmpty(dir.to_owned()));
    }
    let digests = dossier.digests()?;
    let payload: Vec<(String, u64)> = dossier
        .entries()
        .iter()
        .filter(|item| item.name.starts_with("data/"))
        .map(|item| (item.name.clone(), item.size))
        .collect();
    let data = DATA.split('/').fold(dir.to_owned(), |path, part| path.join(part));
    let mut pieces = Vec::new();
    for (name, size) in payload {
        dossier.extract_entry(&name, &data, false)?;
        let below = name.strip_prefix("data/").unwrap_or(&name);
        let sha256 = digests.get(&name).cloned().unwrap_or_default();
        pieces.push(Piece { path: format!("{DATA}/{below}"), size, sha256, mime: mime(below) });
    }
    let happened = happened(dossier)?;
    let ead = fs::context(ead(exported, now), "ghi", dir)?;
    let premis = fs::context(premis(&pieces, &happened), "ghi", dir)?;
    let mets = fs::context(mets(exported, &pieces, [("EAD.xml", &ead), ("PREMIS.xml", &premis)], now), "ghi", dir)?;
    for (name, bytes) in [("EAD.xml", &ead), ("PREMIS.xml", &premis), ("METS.xml", &mets)] {
        fs::write(&dir.join(name), bytes)?;
    }
    Ok(pieces.len())
}

fn happened(dossier: &mut Dossier) -> dossier::Result<Vec<Happened>> {
    let lines = dossier.read("data/su-kien.jsonl", LARGEST)?;
    let events = String::from_utf8_lossy(&lines)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .collect::<Vec<_>>();
    let text = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
    Ok(events
        .iter()
        .map(|event| Happened {
            id: text(event, "eventIdentifier"),
            kind: text(event, "eventType"),
            time: text(event, "eventDateTime"),
            detail: text(event, "eventDetail"),
            agent: text(event, "linkingAgentIdentifier"),
        })
        .collect())
}

fn mets(
    exported: &Exported,
    pieces: &[Piece],
    described: [(&str, &Vec<u8>); 2],
    now: DateTime<FixedOffset>,
) -> Written {
    let code = exported.meta.code.as_str();
    let now = now.to_rfc3339();
    let mut out = Markup::new()?;
    let root = [
        ("xmlns", "http://www.loc.gov/METS/"),
        ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
        ("OBJID", code),
        ("LABEL", &exported.title),
        ("TYPE", "Dossier"),
    ];
    out.within("mets", &root, |out| {
        out.within("metsHdr", &[("CREATEDATE", &now)], |out| {
            out.within("agent", &[("ROLE", "CREATOR"), ("TYPE", "OTHER"), ("OTHERTYPE", "SOFTWARE")], |out| {
                out.field("name", "hoso")?;
                out.field("note", env!("CARGO_PKG_VERSION"))
            })?;
            out.within("agent", &[("ROLE", "ARCHIVIST"), ("TYPE", "ORGANIZATION")], |out| {
                out.field("name", &exported.creator)
            })
        })?;
        let reference = |(name, bytes): (&str, &Vec<u8>), kind: &str, out: &mut Markup| {
            let (size, digest) = (bytes.len().to_string(), fs::sha256(bytes));
            let attributes = [
                ("LOCTYPE", "URL"),
                ("xlink:type", "simple"),
                ("xlink:href", name),
                ("MDTYPE", kind),
                ("MIMETYPE", "text/xml"),
                ("SIZE", &size),
                ("CREATED", &now),
                ("CHECKSUM", &digest),
                ("CHECKSUMTYPE", "SHA-256"),
            ];
            out.empty("mdRef", &attributes)
        };
        out.within("dmdSec", &[("ID", "dmd-ead"), ("STATUS", "CURRENT")], |out| reference(described[0], "EAD", out))?;
        out.within("amdSec", &[("ID", "amd")], |out| {
            let own = [("ID", "digiprov-premis"), ("STATUS", "CURRENT")];
            out.within("digiprovMD", &own, |out| reference(described[1], "PREMIS", out))
        })?;
        out.within("fileSec", &[], |out| {
            out.within("fileGrp", &[("ID", "rep1"), ("USE", "representations/rep1")], |out| {
                (1..).zip(pieces).try_for_each(|(number, piece): (u32, _)| {
                    let (id, size) = (format!("file-{number}"), piece.size.to_string());
                    let attributes = [
                        ("ID", id.as_str()),
                        ("MIMETYPE", piece.mime),
                        ("SIZE", &size),
                        ("CHECKSUM", &piece.sha256),
                        ("CHECKSUMTYPE", "SHA-256"),
                    ];
                    out.within("file", &attributes, |out| {
                        let place = address(&piece.path);
                        let place = [("LOCTYPE", "URL"), ("xlink:type", "simple"), ("xlink:href", place.as_str())];
                        out.empty("FLocat", &place)
                    })
                })
            })
        })?;
        out.within("structMap", &[("TYPE", "PHYSICAL"), ("LABEL", "package")], |out| {
            out.within("div", &[("LABEL", code)], |out| {
                let metadata = [("LABEL", "metadata"), ("DMDID", "dmd-ead"), ("ADMID", "digiprov-premis")];
                out.empty("div", &metadata)?;
                out.within("div", &[("LABEL", "representations/rep1")], |out| {
                    (1..=pieces.len())
                        .try_for_each(|number| out.empty("fptr", &[("FILEID", &format!("file-{number}"))]))
                })
            })
        })
    })?;
    out.done()
}

fn ead(exported: &Exported, now: DateTime<FixedOffset>) -> Written {
    let meta = &exported.meta;
    let mut out = Markup::new()?;
    out.within("ead", &[("xmlns", "http://ead3.archivists.org/schema/")], |out| {
        out.within("control", &[], |out| {
            out.field("recordid", &meta.code)?;
            out.within("filedesc", &[], |out| {
                out.within("titlestmt", &[], |out| out.field("titleproper", &exported.title))
            })?;
            out.empty("maintenancestatus", &[("value", "new")])?;
            out.within("maintenanceagency", &[], |out| out.field("agencyname", &exported.creator))?;
            out.within("maintenancehistory", &[], |out| {
                out.within("maintenanceevent", &[], |out| {
                    out.empty("eventtype", &[("value", "created")])?;
                    out.field("eventdatetime", &now.to_rfc3339())?;
                    out.empty("agenttype", &[("value", "machine")])?;
                    out.field("agent", concat!("hoso ", env!("CARGO_PKG_VERSION")))
                })
            })
        })?;
        out.within("archdesc", &[("level", "file")], |out| {
            out.within("did", &[], |out| {
                out.field("unitid", &meta.code)?;
                out.field("unittitle", &exported.title)?;
                range(out, meta.from, meta.to)?;
                corporate(out, &exported.creator)?;
                let extent = format!("{} văn bản, {} trang", exported.documents.len(), meta.pages);
                out.field("physdesc", &extent)?;
                out.within("langmaterial", &[], |out| {
                    out.within("language", &[("langcode", "vie")], |out| out.text(super::LANGUAGE))
                })
            })?;
            out.within("accessrestrict", &[], |out| out.field("p", super::RIGHTS))?;
            out.within("appraisal", &[], |out| out.field("p", &format!("Thời hạn bảo quản: {}", meta.retention)))?;
            out.within("dsc", &[], |out| {
                exported.documents.iter().try_for_each(|document| {
                    out.within("c", &[("level", "item")], |out| {
                        out.within("did", &[], |out| {
                            if !document.symbol.is_empty() {
                                out.field("unitid", &document.symbol)?;
                            }
                            out.field("unittitle", &document.subject)?;
                            if let Some(date) = document.date {
                                let standard = date.to_string();
                                let day = [("standarddate", standard.as_str())];
                                out.within("unitdatestructured", &[], |out| {
                                    out.within("datesingle", &day, |out| out.text(&standard))
                                })?;
                            }
                            if !document.author.is_empty() {
                                corporate(out, &document.author)?;
                            }
                            match &document.file {
                                Some((file, _)) => {
                                    let href = address(&format!("{DATA}/{file}"));
                                    let place = [("daotype", "borndigital"), ("href", href.as_str())];
                                    out.empty("dao", &place)
                                }
                                None => Ok(()),
                            }
                        })
                    })
                })
            })
        })
    })?;
    out.done()
}

fn range(out: &mut Markup, from: chrono::NaiveDate, to: chrono::NaiveDate) -> std::io::Result<()> {
    let (from, to) = (from.to_string(), to.to_string());
    out.within("unitdatestructured", &[], |out| {
        out.within("daterange", &[], |out| {
            out.within("fromdate", &[("standarddate", &from)], |out| out.text(&from))?;
            out.within("todate", &[("standarddate", &to)], |out| out.text(&to))
        })
    })
}

fn corporate(out: &mut Markup, name: &str) -> std::io::Result<()> {
    out.within("origination", &[], |out| out.within("corpname", &[], |out| out.field("part", name)))
}

fn premis(pieces: &[Piece], happened: &[Happened]) -> Written {
    let mut out = Markup::new()?;
    let root = [
        ("xmlns", "http://www.loc.gov/premis/v3"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("version", "3.0"),
    ];
    // A person who acts several times is one agent.
    let mut agents: BTreeMap<&str, String> = BTreeMap::new();
    for event in happened.iter().filter(|event| !event.agent.is_empty()) {
        let next = format!("agent-{}", agents.len() + 1);
        agents.entry(&event.agent).or_insert(next);
    }
    out.within("premis", &root, |out| {
        for piece in pieces {
            out.within("object", &[("xsi:type", "file")], |out| {
                identified(out, "object", &piece.path)?;
                out.within("objectCharacteristics", &[], |out| {
                    out.within("fixity", &[], |out| {
                        out.field("messageDigestAlgorithm", "SHA-256")?;
                        out.field("messageDigest", &piece.sha256)
                    })?;
                    out.field("size", &piece.size.to_string())?;
                    out.within("format", &[], |out| {
                        out.within("formatDesignation", &[], |out| out.field("formatName", piece.mime))
                    })
                })
            })?;
        }
        for event in happened {
            out.within("event", &[], |out| {
                identified(out, "event", &event.id)?;
                out.field("eventType", &event.kind)?;
                out.field("eventDateTime", &event.time)?;
                out.within("eventDetailInformation", &[], |out| out.field("eventDetail", &event.detail))?;
                match agents.get(event.agent.as_str()) {
                    Some(id) => out.within("linkingAgentIdentifier", &[], |out| {
                        out.field("linkingAgentIdentifierType", "local")?;
                        out.field("linkingAgentIdentifierValue", id)
                    }),
                    None => Ok(()),
                }
            })?;
        }
        let mut agents: Vec<(&str, &String)> = agents.iter().map(|(name, id)| (*name, id)).collect();
        agents.sort_by_key(|(_, id)| (id.len(), (*id).clone()));
        agents.into_iter().try_for_each(|(name, id)| {
            out.within("agent", &[], |out| {
                identified(out, "agent", id)?;
                out.field("agentName", name)
            })
        })
    })?;
    out.done()
}

fn identified(out: &mut Markup, what: &str, value: &str) -> std::io::Result<()> {
    out.within(&format!("{what}Identifier"), &[], |out| {
        out.field(&format!("{what}IdentifierType"), "local")?;
        out.field(&format!("{what}IdentifierValue"), value)
    })
}

/// A path as a relative address (RFC 3986): what stands for itself stays, every other byte as %XX.
fn address(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

pub(super) fn mime(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "yaml" | "yml" => "application/yaml",
        "json" => "application/json",
        "jsonl" => "application/jsonl",
        "csv" => "text/csv",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "eml" => "message/rfc822",
        "mp3" => "audio/mpeg",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_ascii_and_lead_back() {
        assert_eq!(address("data/đơn 1%.pdf"), "data/%C4%91%C6%A1n%201%25.pdf");
        assert_eq!(address("a-b_c.~/D9"), "a-b_c.~/D9");
    }
}
