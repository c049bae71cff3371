//! What is checked before a file is attached: system, place, cover, and whether it fits the others.

use geo_types::MultiPolygon;
use varp_engine::estimate::{BodyData, Dem, Heights, inside};
use varp_engine::planning::{AttachedFile, Priors, survey};
use varp_model::{Attached, BodyId, References, Visibility};
use varp_store::Store;

use super::super::files::{self, FileError, MARGIN_M};
use super::super::gather::{gather_in, grid_of};
use super::super::{local, surroundings};
use super::{AttachError, AttachOrder, opened};

/// What is kept of a file.
pub(super) struct Prepared {
    pub text: String,
    pub epsg: u16,
    pub holds: String,
    pub outline: MultiPolygon<f64>,
    pub remarks: Vec<String>,
}

pub(super) fn prepare(
    store: &dyn Store,
    order: &AttachOrder<'_>,
    (path, bytes): (&str, &[u8]),
    standing: &[Attached],
) -> Result<Prepared, AttachError> {
    let read = order.role.is_surface().then(|| files::surface(path, bytes)).transpose()?;
    let epsg = system(order, path, read.as_ref().map(|(dem, _)| dem), standing)?;
    let page = store.body(order.body, Visibility::Private)?;
    let page = page.ok_or(AttachError::NoBody(order.body))?;
    let grid = grid_of(&page, Some(epsg));
    let footprint = page.item.body.footprint.as_ref();
    let outline = grid.and_then(|g| g.outline(footprint?)).ok_or(AttachError::NoOutline)?;
    let Some((dem, heights)) = read else {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).count();
        let holds = match lines.saturating_sub(1) {
            1 => "1 point".to_owned(),
            count => format!("{count} points"),
        };
        return Ok(Prepared { text, epsg, holds, outline, remarks: Vec::new() });
    };
    let data = BodyData { outline: Some(outline.clone()), ..BodyData::default() };
    let dem = files::cut(path, dem, Some(&data))?.in_system(Some(epsg));
    let mut remarks = covers(&dem, &outline, path)?;
    remarks.extend(told(&heights));
    let [columns, rows] = dem.size();
    let holds = format!("{columns} × {rows} cells of {} m, {}", dem.cell_m(), heights.words());
    Ok(Prepared { text: dem.to_ascii(), epsg, holds, outline, remarks })
}

/// What a steward should know of the heights: what was done with them, or that their unit is assumed.
fn told(heights: &Heights) -> Option<String> {
    if heights.converted() {
        return Some(heights.words());
    }
    heights.unit.is_none().then(|| {
        "the file names no unit of its heights, so they are taken as metres; if they are feet, say so in a \
         GeoTIFF (gdal_edit.py -units ft FILE), withdraw this one and attach that"
            .into()
    })
}

/// The system that the file or the steward names; that of all attachments of the body.
fn system(
    order: &AttachOrder<'_>,
    path: &str,
    dem: Option<&Dem>,
    standing: &[Attached],
) -> Result<u16, AttachError> {
    let wrong = |wrong: String| FileError::System { path: path.to_owned(), wrong };
    let own = dem.and_then(Dem::epsg);
    let epsg = own.or(order.epsg).ok_or_else(|| {
        wrong("nothing says in which projected system it is; name it: --epsg 3006".into())
    })?;
    if let Some(typed) = order.epsg.filter(|typed| *typed != epsg) {
        return Err(wrong(format!("it says EPSG:{epsg}, --epsg says {typed}")).into());
    }
    files::check_projected(path, epsg)?;
    if let Some(other) = standing.first().filter(|a| a.attachment.epsg != epsg) {
        return Err(wrong(format!(
            "it is in EPSG:{epsg}, and \"{}\" of the body in EPSG:{}; bring it over first: gdalwarp -t_srs \
             EPSG:{} (points: ogr2ogr -t_srs)",
            other.attachment.name, other.attachment.epsg, other.attachment.epsg
        ))
        .into());
    }
    Ok(epsg)
}

/// How much of the outline a height model covers; nothing of it is an error.
fn covers(dem: &Dem, outline: &MultiPolygon<f64>, path: &str) -> Result<Vec<String>, FileError> {
    let cells = (0..dem.heights().len()).filter(|i| inside(outline, dem.centre(*i)));
    let (mut all, mut known) = (0_usize, 0_usize);
    for cell in cells {
        all += 1;
        known += usize::from(dem.heights()[cell].is_finite());
    }
    if known == 0 {
        let wrong = match all {
            0 => "no middle of a cell lies inside the outline of the body".to_owned(),
            _ => format!("all of its {all} cells inside the outline of the body are without data"),
        };
        return Err(FileError::Extent { path: path.to_owned(), wrong });
    }
    let share = known as f64 * dem.cell_area() / local::area(outline);
    let partly = (share < 0.95).then(|| {
        format!(
            "it covers {:.0} % of the outline; the rest would not be in a volume",
            100.0 * share
        )
    });
    Ok(partly.into_iter().collect())
}

/// How many points lie at the body; none is an error.
pub(super) fn points_within(
    file: &AttachedFile,
    outline: &MultiPolygon<f64>,
    path: &str,
) -> Result<Vec<String>, AttachError> {
    let Some(points) = file.points() else { return Ok(Vec::new()) };
    let depths = points.depths.iter().map(|[x, y, _]| [*x, *y]);
    let at: Vec<[f64; 2]> = (points.thickness.iter().map(|p| p.at))
        .chain(points.ground.iter().map(|p| p.at))
        .chain(depths)
        .collect();
    let corners: Vec<_> = outline.iter().flat_map(|p| p.exterior().coords()).collect();
    let ends = |pick: fn(&geo_types::Coord<f64>) -> f64| {
        let values = corners.iter().map(|c| pick(c));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
    };
    let ((west, east), (south, north)) = (ends(|c| c.x), ends(|c| c.y));
    let near = |p: &&[f64; 2]| {
        (west - MARGIN_M..=east + MARGIN_M).contains(&p[0])
            && (south - MARGIN_M..=north + MARGIN_M).contains(&p[1])
    };
    if at.iter().filter(near).count() == 0 {
        let wrong = format!(
            "none of its {} points lies within {MARGIN_M} m of the outline of the body, which lies around \
             ({:.0}, {:.0}): is x the east, and is the system EPSG:{}?",
            at.len(),
            (west + east) / 2.0,
            (south + north) / 2.0,
            file.attachment.epsg
        );
        return Err(FileError::Extent { path: path.to_owned(), wrong }.into());
    }
    let outside = at.iter().filter(|p| !inside(outline, **p)).count();
    let told = (outside > 0)
        .then(|| format!("{outside} of {} points lie outside the outline of the body", at.len()));
    Ok(told.into_iter().collect())
}

/// What a file makes with what is attached already.
pub(super) fn surveyed(
    store: &dyn Store,
    body: BodyId,
    (file, path): (AttachedFile, &str),
    references: &References,
) -> Result<Vec<String>, AttachError> {
    let mut attached = opened(store, body, Visibility::Private)?;
    let epsg = Some(file.attachment.epsg);
    attached.retain(|other| Some(other.attachment.epsg) == epsg);
    attached.push(file);
    let around = surroundings(store, Visibility::Private)?;
    let gathered = gather_in(store, body, &around, (Visibility::Private, epsg))?;
    let mut gathered = gathered.ok_or(AttachError::NoBody(body))?;
    gathered.attached = attached;
    survey(&gathered.evidence(references), &Priors::embedded())
        .map_err(|why| AttachError::Contradiction { file: path.to_owned(), why })
}
