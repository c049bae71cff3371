//! Serves a register from a program of your own: `serve REGISTER.gpkg ADDR:PORT`.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use varp_app::http::{AccessLog, KeepEstimates, ServeOptions, serve};
use varp_model::References;
use varp_store::GeoPackage;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [register, listen] = arguments.as_slice() else {
        anyhow::bail!("usage: serve REGISTER.gpkg ADDR:PORT");
    };
    let store = Arc::new(GeoPackage::open(Path::new(register))?);
    let listen = listen.parse().context("the address is not ADDR:PORT")?;
    let options =
        ServeOptions { listen, base: None, log: AccessLog(false), keep: KeepEstimates(false) };
    let started = |address| eprintln!("http://{address}");
    let serving = serve(store, Arc::new(References::embedded()), options, started);
    tokio::runtime::Runtime::new()?.block_on(serving)?;
    Ok(())
}
