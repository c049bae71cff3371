//! The front end: `web/` is copied to the build folder, built there by Vite and embedded.
//!
//! Nothing is written into the source tree. `npm ci` runs when the lockfile changed, `vite build`
//! when a file of `web/` did. `VARP_WEB_DIST` names a folder that was built elsewhere.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const INPUTS: [&str; 6] =
    ["src", "basemap/nordic.json", "package.json", "package-lock.json", ".npmrc", "vite.config.ts"];
const NEEDED: &str = "varp's web pages are built with Node 20.19 or newer and npm";

pub fn build(out: &Path) -> Result<(), String> {
    println!("cargo:rerun-if-env-changed=VARP_WEB_DIST");
    let dist = out.join("dist");
    if let Some(ready) = env::var_os("VARP_WEB_DIST") {
        let ready = Path::new(&ready);
        println!("cargo:rerun-if-changed={}", ready.display());
        clear(&dist)?;
        return copy(ready, &dist);
    }
    for input in INPUTS {
        println!("cargo:rerun-if-changed=web/{input}");
    }
    check_node()?;
    let web = out.join("web");
    clear(&web.join("src"))?;
    for input in INPUTS.into_iter().chain(["tsconfig.json"]) {
        copy(&Path::new("web").join(input), &web.join(input))?;
    }
    install(&web)?;
    clear(&dist)?;
    run(npm(&web).args(["exec", "--", "vite", "build", "--emptyOutDir", "--outDir"]).arg(&dist))
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|_| format!("{NEEDED}; node was not found"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut parts = version.trim_start_matches('v').split('.').map(|p| p.parse::<u32>());
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= (20, 19) => Ok(()),
        _ => Err(format!("{NEEDED}; found {version}")),
    }
}

/// Installs the packages unless they are those of this lockfile.
fn install(web: &Path) -> Result<(), String> {
    let lock = fs::read(web.join("package-lock.json")).map_err(|e| format!("lockfile: {e}"))?;
    let mark = web.join("node_modules/.varp-lock");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(web).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    fs::write(&mark, lock).map_err(|e| format!("{}: {e}", mark.display()))
}

fn npm(web: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(web);
    npm
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{NEEDED}; npm did not start: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&said)))
}

fn clear(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{}: {e}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Copies a file or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{} to {}: {e}", from.display(), to.display());
    if from.is_dir() {
        fs::create_dir_all(to).map_err(fail)?;
        for entry in fs::read_dir(from).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(fail)?;
    }
    fs::copy(from, to).map(|_| ()).map_err(fail)
}
