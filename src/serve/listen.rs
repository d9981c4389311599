//! The lines to browsers. The library's own loop gives no time limit to whoever begins a request and never ends it.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The head of a request has so long; a line on which nobody asks is closed as soon.
const HEAD: Duration = Duration::from_secs(10);
/// When the system has no more lines to give, it is asked again after so long.
const AGAIN: Duration = Duration::from_secs(1);

/// Answers until `stopped`, and then the requests under way.
pub(super) async fn answer(listener: TcpListener, app: Router, stopped: impl Future<Output = ()>) {
    let tell = watch::Sender::new(());
    let mut stopped = pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(line(
                    stream,
                    app.clone().layer(Extension(ConnectInfo::<SocketAddr>(peer))),
                    tell.subscribe(),
                ));
            }
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
    tell.send_replace(());
    tell.closed().await;
}

/// One line, until either side has done; when told to stop, after the request under way.
async fn line(stream: TcpStream, app: Router, mut told: watch::Receiver<()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)));
    // How a line ends is no concern of ours: the browser went away, or said what is no request.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = told.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
