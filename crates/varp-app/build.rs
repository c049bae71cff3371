//! Builds what the program embeds: the message catalogue and the web front end.

#[path = "build/messages.rs"]
mod messages;
#[path = "build/web.rs"]
mod web;

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let result = messages::generate(&out).and_then(|()| web::build(&out));
    if let Err(message) = result {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
