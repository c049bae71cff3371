//! Settings: defaults, `varp.toml`, the environment and flags, the later winning.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

/// What the commands run with, and where each value came from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The register.
    pub register: PathBuf,
    /// Where that was said.
    pub register_from: &'static str,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where that was said.
    pub listen_from: &'static str,
    /// Folder of reference files that override the embedded ones.
    pub references: Option<PathBuf>,
    /// The settings file that was read.
    pub file: Option<PathBuf>,
}

/// What `varp.toml` may say; paths are relative to the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    register: Option<PathBuf>,
    listen: Option<SocketAddr>,
    references: Option<PathBuf>,
}

const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

impl Settings {
    /// Finds the settings: `varp.toml` in this folder or one above it, `VARP_REGISTER`, the flag.
    ///
    /// # Errors
    /// If `varp.toml` cannot be read or says something that varp does not know.
    pub fn find(flag: Option<&Path>) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("finding the current folder")?;
        let path = here.ancestors().map(|f| f.join("varp.toml")).find(|f| f.is_file());
        let file = path.as_deref().map(read).transpose()?.unwrap_or_default();
        let folder = path.as_deref().and_then(Path::parent).unwrap_or(&here).to_owned();
        let (register, register_from) = match (flag, std::env::var_os("VARP_REGISTER")) {
            (Some(flag), _) => (flag.to_owned(), "--register"),
            (None, Some(path)) => (PathBuf::from(path), "VARP_REGISTER"),
            (None, None) => match file.register {
                Some(path) => (folder.join(path), "varp.toml"),
                None => (PathBuf::from("varp.gpkg"), "default"),
            },
        };
        Ok(Self {
            register,
            register_from,
            listen: file.listen.unwrap_or(DEFAULT_LISTEN),
            listen_from: if file.listen.is_some() { "varp.toml" } else { "default" },
            references: file.references.map(|path| folder.join(path)),
            file: path,
        })
    }

    /// Reference data: the embedded files, overridden by those in the folder of the settings.
    pub fn read_references(&self) -> anyhow::Result<varp_model::References> {
        let mut overrides = std::collections::BTreeMap::new();
        if let Some(folder) = &self.references {
            let entries = std::fs::read_dir(folder)
                .with_context(|| format!("reading the reference folder {}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.ends_with(".csv") {
                    let text = std::fs::read_to_string(&path)
                        .with_context(|| format!("reading {}", path.display()))?;
                    overrides.insert(name, text);
                }
            }
        }
        Ok(varp_model::References::with_overrides(&overrides)?)
    }
}

fn read(path: &Path) -> anyhow::Result<File> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))
}

/// Who acts, for the change log: the flag, or the user of the system.
pub fn actor(flag: Option<&str>) -> String {
    flag.map(str::to_owned)
        .or_else(|| std::env::var("USER").ok())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
