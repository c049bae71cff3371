//! `varp attach`: surfaces and points handed to a body once, listed, released, closed, withdrawn.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::json;
use varp_model::{Attached, BodyId, Role, StatedError, Visibility};

use super::{Outcome, Settings, settings, show};
use crate::jobs::{self, Store, estimate};

/// Attach a height model or a table of points to a body; without a file, list what is attached
#[derive(Debug, Args)]
pub struct Attach {
    /// Id or name of the body
    pub body: String,
    /// GeoTIFF or Esri ASCII grid, or a table of points
    #[arg(requires_all = ["role", "source", "date"])]
    pub file: Option<PathBuf>,
    /// What it shows: top, base (height models), thickness, soundings (tables of points)
    #[arg(long = "as", value_name = "ROLE", requires = "file", id = "role")]
    pub role: Option<Role>,
    /// Who made it, or where it was taken from
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub source: Option<String>,
    /// When it was measured: 1951, 2019-06, 2019-06-17
    #[arg(long, requires = "file")]
    pub date: Option<String>,
    /// Projected system, where the file does not say
    #[arg(long, value_name = "CODE", requires = "file")]
    pub epsg: Option<u16>,
    /// Standard deviation of one height, depth or thickness, metres
    #[arg(long, value_name = "M", requires = "file", allow_negative_numbers = true)]
    pub sd: Option<f64>,
    /// Standard deviation of an offset common to all heights of a model, metres
    #[arg(long, value_name = "M", requires = "file", allow_negative_numbers = true)]
    pub offset_sd: Option<f64>,
    /// Distance over which errors of heights hang together, metres
    #[arg(long, value_name = "M", requires = "file", allow_negative_numbers = true)]
    pub range: Option<f64>,
    /// Its name; else that of the file
    #[arg(long, requires = "file")]
    pub name: Option<String>,
    /// Licence of the content
    #[arg(long, requires = "file")]
    pub licence: Option<String>,
    /// Who may see it: public, authority, private
    #[arg(long, value_name = "WHO", requires = "file", default_value = "private")]
    pub visibility: Visibility,
    /// Let everybody see an attachment, by its name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "close", "withdraw"])]
    pub release: Option<String>,
    /// Let nobody but you see an attachment, and no estimate made of it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "withdraw"])]
    pub close: Option<String>,
    /// Use an attachment no more; it stays in the register, and what was made of it stands
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub withdraw: Option<String>,
    /// Why it is released, closed or withdrawn
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub because: String,
    /// Who does it, for the register
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Attaches, lists, releases, closes or withdraws.
pub fn run(command: &Attach, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let body = jobs::find_body(&store, &command.body)?;
    let actor = settings::actor(command.actor.as_deref());
    let signed = (actor.as_str(), command.because.as_str());
    let open = |name: &str, to| estimate::show_attachment(&store, (body, name), to, signed);
    if let Some(name) = &command.withdraw {
        let (attached, _) = estimate::withdraw_attachment(&store, (body, name), signed)?;
        show::note(format!(
            "{} is withdrawn; what was made of it stands",
            attached.attachment.name
        ));
    } else if let Some(name) = &command.release {
        let attached = open(name, Visibility::Public)?;
        show::note(format!("{} is public", attached.attachment.name));
    } else if let Some(name) = &command.close {
        let attached = open(name, Visibility::Private)?;
        show::note(format!("{} is private", attached.attachment.name));
    } else if command.file.is_some() {
        add(command, settings, (&store, body), &actor)?;
    }
    list(&store, body, command.json)?;
    Ok(Outcome::Clean)
}

fn add(
    command: &Attach,
    settings: &Settings,
    (store, body): (&dyn Store, BodyId),
    actor: &str,
) -> anyhow::Result<()> {
    let (Some(file), Some(role), Some(source), Some(date)) =
        (&command.file, command.role, &command.source, &command.date)
    else {
        bail!("a file needs --as, --source and --date");
    };
    let error =
        StatedError { sd_m: command.sd, offset_sd_m: command.offset_sd, range_m: command.range };
    let order = estimate::AttachOrder {
        body,
        file,
        role,
        name: command.name.as_deref(),
        source,
        date,
        licence: command.licence.as_deref(),
        epsg: command.epsg,
        error,
        visibility: command.visibility,
        actor,
    };
    let done = estimate::attach(store, &order, &settings.read_references()?)?;
    done.remarks.iter().for_each(show::note);
    let attached = done.attached;
    show::note(format!("attached as {}, {}", attached.id, attached.visibility));
    Ok(())
}

/// What is attached, newest first.
fn list(store: &dyn Store, body: BodyId, as_json: bool) -> anyhow::Result<()> {
    let all = estimate::attachments(store, body, Visibility::Private)?;
    if as_json {
        let all: Vec<_> = all
            .iter()
            .map(|a| {
                json!({ "id": a.id.to_string(), "attachment": a.attachment,
                    "visibility": a.visibility.word(), "actor": a.actor, "time": a.time })
            })
            .collect();
        return show::json(&all);
    }
    if all.is_empty() {
        show::note("nothing is attached");
    }
    all.iter().for_each(line);
    Ok(())
}

fn line(attached: &Attached) {
    let a = &attached.attachment;
    let part = |name: &str, value: Option<f64>| {
        value.map_or_else(|| format!("{name} not stated"), |v| format!("{name} {v} m"))
    };
    let mut error = vec![part("sd", a.error.sd_m)];
    if a.role.is_surface() {
        error.push(part("common offset", a.error.offset_sd_m));
        error.push(part("range", a.error.range_m));
    }
    show::line(format!("{} as {}: {}, EPSG:{}", a.name, a.role, a.holds, a.epsg));
    show::line(format!("  {}, measured {}, {}", a.source, a.date, error.join(", ")));
    show::line(format!(
        "  {}, {}, sha256 {}; attached by {} on {}, id {}",
        attached.visibility,
        a.file,
        &a.file_hash[..a.file_hash.len().min(12)],
        attached.actor,
        attached.time.get(..10).unwrap_or_default(),
        attached.id
    ));
}
