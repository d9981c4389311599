//! The officers' page: the archive searched, looked into and downloaded with a browser; nothing is changed by it.
//!
//! No name from a request ever touches the file system: a dossier is looked up by its code in the archive's journal, a file of it by
//! its place in the dossier's own list. Pages hold what they say and need no script; nothing is loaded from elsewhere.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};

use crate::archive::access::Checks;
use crate::archive::{self, Listing};
use crate::settings::users::Users;
use crate::workspace::Workspace;

mod dossier;
mod download;
mod guard;
mod html;
mod lists;
mod login;
mod password;
mod search;
mod seen;
mod session;

pub use password::{hash, is_hash};

use session::{Attempts, Sessions};

/// Pages made at once; each may open a dossier.
const AT_ONCE: usize = 8;
/// Once told to stop, pages under way have so long.
const GRACE: Duration = Duration::from_secs(5);
/// Longest body of a request in bytes: a log-in form.
const LONGEST_BODY: usize = 4096;

/// What every page is made from.
struct Desk {
    workspace: Workspace,
    users: Users,
    listing: Mutex<Listing>,
    checks: Mutex<Checks>,
    sessions: Mutex<Sessions>,
    attempts: Mutex<Attempts>,
    pages: Semaphore,
    /// Hashing a password takes memory and time: one after the other.
    hashing: Semaphore,
    /// Where it listens: whatever else a browser takes this machine for is refused while nobody logs in.
    address: SocketAddr,
}

type Shared = Arc<Desk>;

/// Who asks.
#[derive(Debug, Clone)]
struct Who {
    /// Name for the access log; empty where nobody logs in.
    name: String,
    /// The session's key, where there is one.
    session: Option<String>,
}

impl Desk {
    /// The archive as its journal tells now.
    fn archive<T>(&self, read: impl FnOnce(&Listing) -> T) -> archive::Result<T> {
        let mut listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        listing.follow(&self.workspace.archive_journal())?;
        Ok(read(&listing))
    }

    /// What the access log tells of checks now.
    fn checks<T>(&self, read: impl FnOnce(&Checks) -> T) -> crate::fs::Result<T> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.follow(&self.workspace.access_log())?;
        Ok(read(&checks))
    }

    fn asks_for_login(&self) -> bool {
        !self.users.users.is_empty()
    }
}

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Other machines could reach it, and nobody would be asked who they are.
    #[error("địa chỉ {0} mở cho máy khác, mà chưa có người dùng nào")]
    Open(SocketAddr),
    /// The system refused.
    #[error("không mở được địa chỉ {address}: {}", crate::fs::reason(.source))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The runtime could not be started.
    #[error("không chạy được trang: {}", crate::fs::reason(.0))]
    Run(std::io::Error),
}

/// Serves until `stop` is notified; `ready` is told the address.
///
/// # Errors
/// See [`Error`].
pub fn run(
    workspace: Workspace,
    users: Users,
    address: SocketAddr,
    stop: Arc<Notify>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    if !address.ip().is_loopback() && users.users.is_empty() {
        return Err(Error::Open(address));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(AT_ONCE * 2)
        .enable_all()
        .build()
        .map_err(Error::Run)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source })?;
        let address = listener.local_addr().map_err(Error::Run)?;
        ready(address);
        // Before anybody asks: journal and log are read once. What is wrong with them, the first page says.
        let mut listing = Listing::new(workspace.archive());
        let _ = listing.follow(&workspace.archive_journal());
        let mut checks = Checks::default();
        let _ = checks.follow(&workspace.access_log());
        let app = router(Arc::new(Desk {
            listing: Mutex::new(listing),
            checks: Mutex::new(checks),
            sessions: Mutex::default(),
            attempts: Mutex::default(),
            pages: Semaphore::new(AT_ONCE),
            hashing: Semaphore::new(1),
            workspace,
            users,
            address,
        }));
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let (asked, told) = tokio::sync::oneshot::channel();
        let stopped = async move {
            stop.notified().await;
            let _ = asked.send(());
        };
        let late = async {
            // Stopped by whoever holds it: then it waits for the pages under way, and for nobody who only keeps a line open.
            if told.await.is_ok() {
                tokio::time::sleep(GRACE).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            served = axum::serve(listener, service).with_graceful_shutdown(stopped) => served.map_err(Error::Run),
            () = late => Ok(()),
        }
    })
}

fn router(desk: Shared) -> Router {
    let pages = Router::new()
        .route("/", get(search::page))
        .route("/ho-so/{code}", get(dossier::page))
        .route("/ho-so/{code}/{version}/tep/{place}", get(download::entry))
        .route("/ho-so/{code}/{version}/zip", get(download::whole))
        .route("/den-han", get(lists::due))
        .route("/tam-dung-huy", get(lists::holds))
        .route("/kiem-tra", get(lists::checks))
        .route("/dang-xuat", post(login::leave))
        .route_layer(middleware::from_fn_with_state(desk.clone(), guard::known));
    Router::new()
        .route("/dang-nhap", get(login::page).post(login::enter))
        .route("/kieu.css", get(html::style))
        // Browsers ask for one, and complain where there is none.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .merge(pages)
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::host))
        .layer(middleware::from_fn(guard::headers))
        .with_state(desk)
}

async fn nowhere() -> Response {
    html::trouble(StatusCode::NOT_FOUND, "Không có trang này.", "Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang tra cứu.")
}

/// Makes a page away from the threads that talk to browsers.
async fn made(desk: Shared, make: impl FnOnce(&Desk) -> Response + Send + 'static) -> Response {
    let inner = desk.clone();
    let Ok(_turn) = desk.pages.acquire().await else { return failed("dừng") };
    tokio::task::spawn_blocking(move || make(&inner)).await.unwrap_or_else(|_| failed("lỗi của chương trình"))
}

/// Something kept a page from being made: told in the log, not to the browser.
fn failed(why: impl std::fmt::Display) -> Response {
    note(&format!("lỗi: {why}"));
    html::trouble(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Không lập được trang này.",
        "Tải lại trang; nếu vẫn không được, báo người quản trị xem nhật ký của dịch vụ.",
    )
}

/// A line of the service's log.
fn note(line: &str) {
    use std::io::Write as _;
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
