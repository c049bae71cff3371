//! The listener: connections in, answers out, until ctrl-c or until the system asks it to end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use super::stop::stop;

/// Longest wait for the head of a request: a client that sends it letter by letter is dropped.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Longest wait for running answers after that.
const FAREWELL: Duration = Duration::from_secs(10);
/// Room for the head of a request, bytes.
const HEAD_ROOM: usize = 32 * 1024;

/// Serves `router` on `listener` until [`stop`], then finishes what is under way.
///
/// # Errors
///
/// If the signals cannot be watched.
pub async fn serve_on(listener: TcpListener, router: Router) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, router.clone(), &graceful),
                // too many open files and the like: the next moment may be better
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            stopped = &mut stop => {
                stopped?;
                break;
            }
        }
    }
    drop(listener);
    // whoever is still reading after that has had their time
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
    Ok(())
}

fn connect(stream: TcpStream, router: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(HEAD_ROOM)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        // a broken connection is the client's business
        let _ = watched.await;
    });
}

/// Opens the address to listen on.
///
/// # Errors
///
/// If it is taken or not ours.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}
