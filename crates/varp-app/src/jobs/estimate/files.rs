//! Height models and points of a plan: files beside it, and what is attached to the body. What was used of
//! them is kept with the result, so that it can be computed again without them.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use varp_engine::estimate::{
    BodyData, Dem, DemError, EstimationPlan, Heights, MassFrom, Points, PointsError,
};
use varp_engine::planning::AttachedError;
use varp_model::{Attached, BodyId, ReferenceVersion, Visibility};
use varp_store::{Store, StoreError};

use super::attach::attachments;
use super::hex;
use super::local::projected;

/// Most cells of a height model after it was cut to the body.
const MOST_CELLS: usize = 4_000_000;

/// How far beyond the outline a height model is kept, metres: there is the rim.
pub(super) const MARGIN_M: f64 = 100.0;

/// First word of what a file is kept under.
const KEPT_AS: &str = "plan file";

/// What the table of points is kept under.
const POINTS: &str = "points";

/// What an attached table of points is kept under.
fn points_of(attachment: &str) -> String {
    format!("{POINTS} {attachment}")
}

/// What a height model is kept under.
fn surface_named(name: &str) -> String {
    format!("surface {name}")
}

/// Why a file of a plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is no height model.
    #[error("{path}: {error}")]
    Surface {
        /// The file.
        path: String,
        /// Why.
        error: DemError,
    },
    /// It is no table of points.
    #[error("{path}: {error}")]
    Points {
        /// The file.
        path: String,
        /// Why.
        error: PointsError,
    },
    /// The system of its places does not fit the plan.
    #[error("{path}: {wrong}")]
    System {
        /// The file.
        path: String,
        /// What does not fit, and what to do.
        wrong: String,
    },
    /// It does not show the body, or too finely.
    #[error("{path}: {wrong}")]
    Extent {
        /// The file.
        path: String,
        /// What does not fit, and what to do.
        wrong: String,
    },
    /// What was used of it is not in the register.
    #[error("what the result used of the file \"{0}\" is not kept in the register")]
    NotKept(String),
    /// The body has no such attachment.
    #[error(
        "the plan takes the attachment {0}, which is not attached to the body, or was withdrawn, or is \
         closed to you: varp attach BODY lists what is there"
    )]
    NotAttached(String),
    /// Two surfaces have one name.
    #[error("the plan calls a file and an attachment \"{0}\"; give the file another name")]
    SameName(String),
    /// What is kept of an attachment cannot be read.
    #[error("{name}: {error}")]
    Attached {
        /// Its name.
        name: String,
        /// Why.
        error: AttachedError,
    },
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was read of the files of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanFiles {
    surfaces: Vec<(String, Dem, Heights)>,
    points: Vec<(String, Points)>,
    /// What is kept with the result: its name and hash, and the text.
    pub kept: Vec<(ReferenceVersion, String)>,
}

impl PlanFiles {
    /// Reads the files that a plan names from `folder`, cut to the outline of the body in the plan's own
    /// system.
    ///
    /// # Errors
    /// The first file that cannot be read, or does not fit.
    pub fn read(
        plan: &EstimationPlan,
        folder: &Path,
        data: Option<&BodyData>,
    ) -> Result<Self, FileError> {
        let mut files = Self::default();
        let bytes = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|error| FileError::Read { path, error })
        };
        if let (None, Some(points), Some(_)) = (plan.epsg, &plan.files.points, data) {
            return Err(unknown_system(points, None));
        }
        for (name, path) in &plan.files.surfaces {
            let (dem, heights) = surface(path, &bytes(path)?)?;
            if data.is_some() || plan.epsg.is_some() {
                check_system(plan.epsg, path, &dem)?;
            }
            let dem = cut(path, dem, data)?.in_system(plan.epsg);
            files.keep(&surface_named(name), heights.header() + &dem.to_ascii());
            files.surfaces.push((name.clone(), dem, heights));
        }
        if let Some(path) = &plan.files.points {
            let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
            files.add_points(path, (POINTS.into(), text), None)?;
        }
        Ok(files)
    }

    /// Adds what a plan takes of the attachments of its body that `audience` may see.
    ///
    /// # Errors
    /// If one is not there, or in another system than the plan.
    pub fn read_attached(
        &mut self,
        plan: &EstimationPlan,
        store: &dyn Store,
        (body, audience): (BodyId, Visibility),
    ) -> Result<(), FileError> {
        let wanted = &plan.files.attached;
        if wanted.is_empty() {
            return Ok(());
        }
        let known = attachments(store, body, audience)?;
        let find = |id: &str| -> Result<(&Attached, String), FileError> {
            let found = known.iter().find(|a| a.id.to_string() == id);
            let found = found.ok_or_else(|| FileError::NotAttached(id.to_owned()))?;
            let (own, name) = (found.attachment.epsg, &found.attachment.name);
            if plan.epsg != Some(own) {
                return Err(unknown_system(name, Some(own)));
            }
            Ok((found, kept_text(store, found)?))
        };
        for (name, id) in &wanted.surfaces {
            let (_, text) = find(id)?;
            if self.surfaces.iter().any(|(other, ..)| other == name) {
                return Err(FileError::SameName(name.clone()));
            }
            let (dem, heights) = surface(name, text.as_bytes())?;
            self.surfaces.push((name.clone(), dem, heights));
            self.keep(&surface_named(name), text);
        }
        for points in &wanted.points {
            let (found, text) = find(&points.id)?;
            let name = found.attachment.name.clone();
            self.add_points(&name, (points_of(&points.id), text), points.sd_m)?;
        }
        Ok(())
    }

    /// What a stored result used of its files, out of the register.
    ///
    /// # Errors
    /// If something is not there or cannot be read.
    pub fn kept(
        plan: &EstimationPlan,
        versions: &[ReferenceVersion],
        store: &dyn Store,
    ) -> Result<Self, FileError> {
        let mut files = Self::default();
        let text = |what: &str| -> Result<String, FileError> {
            let named = format!("{KEPT_AS} {what}");
            let version = versions.iter().find(|v| v.name == named);
            let kept = version.map(|v| store.reference(&v.version)).transpose()?.flatten();
            kept.ok_or_else(|| FileError::NotKept(what.to_owned()))
        };
        for (name, path) in &plan.files.surfaces {
            let (dem, heights) = surface(path, text(&surface_named(name))?.as_bytes())?;
            files.surfaces.push((name.clone(), dem, heights));
        }
        if let Some(path) = &plan.files.points {
            files.add_points(path, (POINTS.into(), text(POINTS)?), None)?;
        }
        for name in plan.files.attached.surfaces.keys() {
            let (dem, heights) = surface(name, text(&surface_named(name))?.as_bytes())?;
            files.surfaces.push((name.clone(), dem, heights));
        }
        for points in &plan.files.attached.points {
            let what = points_of(&points.id);
            let text = text(&what)?;
            files.add_points(&points.id, (what, text), points.sd_m)?;
        }
        Ok(files)
    }

    fn add_points(
        &mut self,
        path: &str,
        (what, text): (String, String),
        sd_m: Option<f64>,
    ) -> Result<(), FileError> {
        let points = Points::parse_with(&text, sd_m)
            .map_err(|error| FileError::Points { path: path.to_owned(), error })?;
        self.keep(&what, text);
        self.points.push((path.to_owned(), points));
        Ok(())
    }

    fn keep(&mut self, what: &str, text: String) {
        let version = hex(&Sha256::digest(text.as_bytes()));
        let name = format!("{KEPT_AS} {what}");
        self.kept.push((ReferenceVersion { name, version }, text));
    }

    /// Adds what the files hold to what is known of the body.
    ///
    /// # Errors
    /// If a depth lies where the upper surface has no height.
    pub fn add_to(&self, data: &mut BodyData, plan: &EstimationPlan) -> Result<(), FileError> {
        for (name, dem, heights) in &self.surfaces {
            data.surfaces.insert(name.clone(), dem.clone());
            if heights.converted() {
                data.unread.push(format!("surface {name}: {}", heights.words()));
            }
        }
        let top = match &plan.mass {
            MassFrom::Surfaces { top, .. } => self.surfaces.iter().find(|(name, ..)| name == top),
            _ => None,
        };
        for (path, points) in &self.points {
            points
                .add_to(data, top.map(|(name, dem, _)| (name.as_str(), dem)))
                .map_err(|error| FileError::Points { path: path.clone(), error })?;
        }
        Ok(())
    }
}

/// Whether a version is that of a file of a plan, not of a file of the program.
pub(super) fn is_plan_file(version: &ReferenceVersion) -> bool {
    version.name.starts_with(KEPT_AS)
}

/// What is kept of an attachment.
pub(super) fn kept_text(store: &dyn Store, attached: &Attached) -> Result<String, FileError> {
    let text = store.reference(&attached.attachment.kept)?;
    text.ok_or_else(|| FileError::NotKept(attached.attachment.name.clone()))
}

/// A height model in metres, and what its numbers were.
pub(super) fn surface(path: &str, bytes: &[u8]) -> Result<(Dem, Heights), FileError> {
    let tiff = bytes.starts_with(b"II") || bytes.starts_with(b"MM");
    let dem = match tiff {
        true => Dem::parse_geotiff(bytes),
        false => {
            let text = String::from_utf8_lossy(bytes);
            Dem::parse_ascii(&text).map(|dem| (dem, Heights::of_header(&text)))
        }
    };
    dem.map_err(|error| FileError::Surface { path: path.to_owned(), error })
}

fn unknown_system(path: &str, stated: Option<u16>) -> FileError {
    let wrong = match stated {
        Some(epsg) => format!(
            "it is in EPSG:{epsg}; write epsg = {epsg} at the top of the plan, so that outline and holes \
             are brought into the same system"
        ),
        None => {
            "nothing says in which projected system it is; write epsg = … at the top of the plan"
                .into()
        }
    };
    FileError::System { path: path.to_owned(), wrong }
}

pub(super) fn check_system(planned: Option<u16>, path: &str, dem: &Dem) -> Result<(), FileError> {
    let Some(planned) = planned else { return Err(unknown_system(path, dem.epsg())) };
    let wrong = |wrong: String| Err(FileError::System { path: path.to_owned(), wrong });
    check_projected(path, planned)?;
    match dem.epsg().filter(|own| *own != planned) {
        Some(own) => wrong(format!(
            "it is in EPSG:{own}, the plan in EPSG:{planned}; bring it over first: gdalwarp -t_srs \
             EPSG:{planned}"
        )),
        None => Ok(()),
    }
}

/// A system of metres, not of degrees.
pub(super) fn check_projected(path: &str, epsg: u16) -> Result<(), FileError> {
    let wrong = |wrong: String| FileError::System { path: path.to_owned(), wrong };
    projected(epsg).map(|_| ()).map_err(wrong)
}

/// The part around the outline; all of it where the body has none.
pub(super) fn cut(path: &str, dem: Dem, data: Option<&BodyData>) -> Result<Dem, FileError> {
    let wrong = |wrong: String| FileError::Extent { path: path.to_owned(), wrong };
    let outline = data.and_then(|d| d.outline.as_ref());
    let corners: Vec<_> =
        outline.into_iter().flatten().flat_map(|p| p.exterior().coords()).collect();
    let dem = if corners.is_empty() {
        dem
    } else {
        let ends = |pick: fn(&geo_types::Coord<f64>) -> f64| {
            let values = corners.iter().map(|c| pick(c));
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
        };
        let ((west, east), (south, north)) = (ends(|c| c.x), ends(|c| c.y));
        let margin = MARGIN_M.max(4.0 * dem.cell_m());
        let of = [west - margin, south - margin, east + margin, north + margin];
        dem.cut(of).ok_or_else(|| {
            let [columns, rows] = dem.size();
            let first = dem.centre(0);
            wrong(format!(
                "its {columns} × {rows} cells of {} m from ({:.0}, {:.0}) do not meet the outline of the \
                 body, which lies around ({:.0}, {:.0})",
                dem.cell_m(),
                first[0],
                first[1],
                (west + east) / 2.0,
                (south + north) / 2.0
            ))
        })?
    };
    let [columns, rows] = dem.size();
    if columns * rows > MOST_CELLS {
        return Err(wrong(format!(
            "{columns} × {rows} cells around the body are more than {MOST_CELLS}; make them coarser first \
             (gdalwarp -tr)"
        )));
    }
    Ok(dem)
}
