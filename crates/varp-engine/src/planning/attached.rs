//! Surfaces and points attached to a body, as a proposal takes them: what they hold and how wrong they may be.

use varp_model::{Attachment, ResultId, Role};

use super::reading::{Reader, figure};
use crate::estimate::{Dem, DemError, Points, PointsError, SurfaceError};

/// An attachment with what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachedFile {
    /// Id under which it stands in the register.
    pub id: ResultId,
    /// What its steward said of it.
    pub attachment: Attachment,
    content: Content,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Surface(Dem),
    /// With whether each thickness states its own deviation.
    Points(Points, bool),
}

/// Why what is kept of an attachment cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AttachedError {
    /// It is no height model.
    #[error(transparent)]
    Surface(#[from] DemError),
    /// It is no table of points.
    #[error(transparent)]
    Points(#[from] PointsError),
    /// The table has no points of the kind that its role speaks of.
    #[error("the table has no column {columns}, so it is no table of {role}")]
    Role {
        /// Columns that it needs.
        columns: &'static str,
        /// The role.
        role: Role,
    },
}

impl AttachedFile {
    /// Reads what is kept of an attachment.
    ///
    /// # Errors
    /// If it is not what its role says.
    pub fn parse(id: ResultId, attachment: Attachment, kept: &str) -> Result<Self, AttachedError> {
        let content = match attachment.role {
            Role::Top | Role::Base => Content::Surface(Dem::parse_ascii(kept)?),
            role => {
                let states_all = Points::parse(kept).is_ok();
                let points = Points::parse_with(kept, Some(0.0))?;
                let (none, columns) = match role {
                    Role::Thickness => (points.thickness.is_empty(), "thickness"),
                    _ => (points.depths.is_empty() && points.ground.is_empty(), "depth or height"),
                };
                if none {
                    return Err(AttachedError::Role { columns, role });
                }
                Content::Points(points, states_all)
            }
        };
        Ok(Self { id, attachment, content })
    }

    /// The height model, if it is one.
    pub fn surface(&self) -> Option<&Dem> {
        match &self.content {
            Content::Surface(dem) => Some(dem),
            Content::Points(..) => None,
        }
    }

    /// Its points, if it is a table of them. Deviations that the table does not state are 0 here.
    pub fn points(&self) -> Option<&Points> {
        match &self.content {
            Content::Surface(_) => None,
            Content::Points(points, _) => Some(points),
        }
    }

    /// Name, source, date.
    pub(super) fn cited(&self) -> String {
        let a = &self.attachment;
        let holds = if a.holds.is_empty() { String::new() } else { format!(": {}", a.holds) };
        format!("{} ({}, {}, attached as {}{holds})", a.name, a.source, a.date, a.role)
    }

    /// The error of a height model, and what of it is stated and what assumed.
    pub(super) fn surface_error(&self, reader: &Reader<'_>) -> (SurfaceError, String) {
        let (stated, of) = (&self.attachment.error, self.attachment.role.word());
        let (offset_sd_m, offset) = or_prior(stated.offset_sd_m, ("surface offset", of), reader);
        let (sd_m, sd) = or_prior(stated.sd_m, ("surface error", of), reader);
        let (range_m, range) = or_prior(stated.range_m, ("surface error range", of), reader);
        let said = format!(
            "error common to all cells {offset}, of one cell {sd}, hanging together over {range}"
        );
        (SurfaceError { offset_sd_m, sd_m, range_m }, said)
    }

    /// The deviation of a thickness that states none, if there is one, and what it rests on.
    pub(super) fn thickness_error(&self, reader: &Reader<'_>) -> (Option<f64>, String) {
        if matches!(self.content, Content::Points(_, true)) {
            return (None, "error stated point by point".into());
        }
        let (sd_m, said) = or_prior(self.attachment.error.sd_m, ("thickness error", "any"), reader);
        (Some(sd_m), format!("error of one point {said}"))
    }

    /// The deviation of one sounding.
    pub(super) fn sounding_error(&self, reader: &Reader<'_>) -> (f64, String) {
        or_prior(self.attachment.error.sd_m, ("sounding error", "any"), reader)
    }
}

/// A stated length, else the prior, in metres; with the words for it.
pub(super) fn or_prior(
    stated: Option<f64>,
    (item, of): (&str, &str),
    reader: &Reader<'_>,
) -> (f64, String) {
    match (stated, reader.priors.find(item, of)) {
        (Some(value), _) => (value, format!("{} m (stated)", figure(value))),
        (None, Some(prior)) => {
            (prior.best, format!("{} m (assumed, {})", figure(prior.best), prior.said()))
        }
        // the engine refuses it with its name
        (None, None) => (f64::NAN, "not known".into()),
    }
}
