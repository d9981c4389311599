//! A workspace in a folder of its own, and the program run over it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

/// The day every test is run for, unless it says otherwise.
pub(crate) const TODAY: &str = "2026-11-20";

/// What the program keeps in the watched folder for everybody.
pub(crate) const BOARD: [&str; 2] = ["bang-theo-doi.html", "han-xu-ly.ics"];

/// What lies in the watched folder of a desk without open cases.
pub(crate) const LEFT: [&str; 3] = ["_moi", BOARD[0], BOARD[1]];

/// A tree without the board, which tells of everything.
pub(crate) fn without_board(mut tree: Tree) -> Tree {
    tree.retain(|name, _| !BOARD.iter().any(|file| name.ends_with(file)) && name != ".hoso/bang-theo-doi.json");
    tree
}

/// Every file below a folder with its bytes; links by what they point to, empty folders by name.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// A folder for a test. In memory where the system has that: the program syncs each step, and tests make thousands.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).unwrap()
}

/// The program, with nothing of the caller's environment that changes what it does.
pub(crate) fn hoso(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoso"));
    command.current_dir(dir);
    for name in [
        "HOSO_KILL_AT",
        "HOSO_KILL_LOG",
        "HOSO_FAIL_AT",
        "HOSO_FAIL_LOG",
        "HOSO_FAIL_LISTING",
        "SOURCE_DATE_EPOCH",
        "NO_COLOR",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            status: output.status,
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Exit code; a killed program has none.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    /// Every finding in the JSON of `build` or `check`, wherever it stands: code, line (0 where there is none), message.
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        gather(&self.json(), &mut findings);
        findings
    }

    /// The findings of one code.
    #[track_caller]
    pub(crate) fn of_code(&self, code: &str) -> Vec<Finding> {
        self.findings().into_iter().filter(|finding| finding.code == code).collect()
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) code: String,
    pub(crate) severity: String,
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) message: String,
    pub(crate) hint: String,
}

fn gather(value: &Value, findings: &mut Vec<Finding>) {
    match value {
        Value::Object(object) => {
            if let (Some(code), Some(severity)) = (object.get("code").and_then(Value::as_str), object.get("severity")) {
                let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                findings.push(Finding {
                    code: code.to_owned(),
                    severity: severity.as_str().unwrap().to_owned(),
                    file: text("file"),
                    line: value["span"]["line"].as_u64().unwrap_or_default(),
                    message: text("message"),
                    hint: text("hint"),
                });
            } else {
                object.values().for_each(|inner| gather(inner, findings));
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(inner, findings)),
        _ => {}
    }
}

/// A workspace.
pub(crate) struct Desk {
    dir: TempDir,
}

impl Desk {
    /// An empty workspace with the settings of the samples, which issue at once.
    pub(crate) fn new() -> Self {
        Self::with_settings(|text| text)
    }

    /// The same with settings changed by `change`.
    pub(crate) fn with_settings(change: impl FnOnce(String) -> String) -> Self {
        let desk = Self { dir: scratch() };
        desk.write("hoso.yaml", change(crate::samples::settings()).as_bytes());
        for name in ["ho-so", "archive", ".hoso"] {
            std::fs::create_dir_all(desk.path(name)).unwrap();
        }
        desk
    }

    /// A copy of all of it, file times included.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self { dir: scratch() };
        copy_dir(self.root(), copy.root());
        copy
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file as an editor does: in place.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Saves a case file.
    pub(crate) fn save(&self, code: &str, text: &str) {
        self.write(&format!("ho-so/{code}.yaml"), text.as_bytes());
    }

    /// Saves a case file that has lain untouched for `age`.
    pub(crate) fn save_aged(&self, code: &str, text: &str, age: Duration) {
        self.save(code, text);
        let file = std::fs::File::options().append(true).open(self.path(&format!("ho-so/{code}.yaml"))).unwrap();
        file.set_modified(past(age)).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    /// Names in a folder, sorted; none where there is no folder.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(name)).into_iter().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program in this workspace on the test's day, with `args`.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_on(TODAY, args)
    }

    pub(crate) fn command_on(&self, today: &str, args: &[&str]) -> Command {
        let mut command = hoso(self.root());
        command.args(["--today", today]).args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
    }

    /// One pass, its report read as JSON.
    pub(crate) fn build(&self) -> Run {
        self.run(&["--json", "build"])
    }

    /// Every file with its bytes.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        grow(self.root(), self.root(), &mut tree);
        tree
    }

    /// The register of letters: number and symbol, date, state of each row, by register and number.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let register =
            String::from_utf8(std::fs::read(self.path(".hoso/so-dang-ky.jsonl")).unwrap_or_default()).unwrap();
        let rows = register.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|row| row["muc"].clone()).map(|fact| describe(&fact)).collect()
    }
}

fn describe(fact: &Value) -> String {
    let text = |key: &str| {
        find(fact, key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default()
    };
    let symbol = text("so_ky_hieu");
    if symbol.is_empty() {
        format!("rút {}", text("so"))
    } else {
        format!("{symbol} {} {}", text("ngay"), text("van_ban"))
    }
}

/// The first value of this key, at whatever depth.
fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(key).or_else(|| object.values().find_map(|inner| find(inner, key)))
}

#[expect(clippy::disallowed_methods, reason = "a file's time is set by the system's clock")]
fn past(age: Duration) -> SystemTime {
    SystemTime::now() - age
}

fn copy_dir(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_dir(&entry.path(), &target);
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).unwrap(), &target).unwrap();
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Copies the folder `from` with all in it to `to`.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    copy_dir(from, to);
}

/// Every file below `root` with its bytes.
pub(crate) fn tree_of(root: &Path) -> Tree {
    let mut tree = Tree::new();
    grow(root, root, &mut tree);
    tree
}

fn grow(root: &Path, dir: &Path, tree: &mut Tree) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            tree.insert(format!("{name}/"), Vec::new());
            grow(root, &entry.path(), tree);
        } else if kind.is_symlink() {
            tree.insert(name, std::fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes());
        } else {
            tree.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// SQLite counts in it each time it was written, so its bytes tell nothing; what it says is asked where it matters.
const INDEX: &str = ".hoso/tra-cuu.sqlite";

/// Paths in which two trees differ, with how.
pub(crate) fn differences(expected: &Tree, found: &Tree) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    names
        .into_iter()
        .filter(|name| *name != INDEX)
        .filter_map(|name| match (expected.get(name), found.get(name)) {
            (Some(a), Some(b)) if a == b => None,
            (Some(a), Some(b)) => Some(format!("{name}: other bytes ({} and {})", a.len(), b.len())),
            (Some(_), None) => Some(format!("{name}: missing")),
            (None, _) => Some(format!("{name}: one too many")),
        })
        .collect()
}
