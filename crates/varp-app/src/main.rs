//! The program varp.

use std::process::ExitCode;

fn main() -> ExitCode {
    varp_app::cli::main()
}
