//! The only place where async code waits for the register.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task;

use super::problem::Problem;

/// How many reads and downloads run side by side; more wait, or are told to come later.
#[derive(Clone, Debug)]
pub struct Gate {
    reads: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// Downloads that may run at once: each holds a thread for as long as its reader takes.
const STREAMS: usize = 32;

impl Gate {
    /// A gate for this machine: twice as many reads as it has processors, as some wait for the
    /// disk.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let reads = Arc::new(Semaphore::new(2 * processors));
        Self { reads, streams: Arc::new(Semaphore::new(STREAMS)) }
    }

    /// Runs `work`, which may wait for the disk, off the threads that serve the network.
    ///
    /// # Errors
    ///
    /// What `work` returns; 500 if it panicked.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        // the permit lives as long as the work, also when nobody waits for it any more
        let permit = Arc::clone(&self.reads).acquire_owned().await;
        let work = move || {
            let _permit = permit;
            work()
        };
        task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    /// Leave to keep a thread for a download.
    ///
    /// # Errors
    ///
    /// 503 if too many are running.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| Problem::busy())
    }
}
