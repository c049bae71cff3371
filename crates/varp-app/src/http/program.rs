//! The door as a program opens it: a runtime of its own, until ctrl-c.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use varp_model::References;
use varp_store::Store;

use super::{ServeOptions, serve};

/// Serves a register on this thread until ctrl-c. `started` is told the address once it is open.
///
/// # Errors
///
/// If the address cannot be opened.
pub fn serve_blocking(
    store: Arc<dyn Store>,
    references: Arc<References>,
    options: ServeOptions,
    started: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(serve(store, references, options, started))
}
