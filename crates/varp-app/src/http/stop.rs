//! Ctrl-c, and the signal by which init systems and containers end a program.

use std::io;

/// Waits for one of them.
#[cfg(unix)]
pub async fn stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped,
        _ = terminate.recv() => Ok(()),
    }
}

/// Waits for ctrl-c.
#[cfg(not(unix))]
pub async fn stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Calls `act` on another thread each time; once this returns, the program no longer ends by them.
///
/// # Errors
///
/// If the signals cannot be watched; they then end the program as before.
#[cfg(unix)]
pub fn on_stop(act: impl Fn() + Send + 'static) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inside = runtime.enter();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    drop(inside);
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => act(),
                    _ = terminate.recv() => act(),
                }
            }
        });
    })?;
    Ok(())
}

/// Calls `act` on another thread at each ctrl-c.
///
/// # Errors
///
/// If it cannot be watched.
#[cfg(not(unix))]
pub fn on_stop(act: impl Fn() + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                act();
            }
        });
    })?;
    Ok(())
}
