//! The only place where async code waits for the register.

use tokio::task;

use super::problem::Problem;

/// Runs `work`, which may wait for the disk, off the threads that serve the network.
///
/// # Errors
///
/// What `work` returns; 500 if it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}
