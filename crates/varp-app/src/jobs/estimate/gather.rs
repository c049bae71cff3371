//! What the register knows of a body, as the engine takes it: claims, outline, holes, samples.

use std::collections::{BTreeMap, HashMap};

use varp_engine::estimate::samples::depth_below;
use varp_engine::estimate::{
    AssayData, BodyData, EstimationPlan, HoleData, SampleData, Taken, ZoneData,
};
use varp_engine::planning::{AttachedFile, Evidence};
use varp_model::{
    Assay, BodyId, Claim, ClaimId, Determination, LonLat, Measured, QaRole, ReferenceVersion,
    References, Sample, SourceId, Visibility,
};
use varp_store::{BodyPage, Filter, Store, StoreError};

use super::super::whole;
use super::analogues::{Analogue, Surroundings};
use super::control;
use super::files::{FileError, PlanFiles};
use super::local::LocalGrid;

/// All that an estimate of a body may rest on.
#[derive(Debug)]
pub struct Gathered {
    /// The body with its claims.
    pub page: BodyPage,
    /// Claims about its site.
    pub site: Vec<Claim>,
    /// Claims about the deposit that its material came from.
    pub deposit: Vec<Claim>,
    /// Type of that deposit, or of the body itself.
    pub deposit_type: Option<String>,
    /// Other bodies of processing residue of its site.
    pub beside: Vec<BodyId>,
    /// Grades of other bodies, with where they come from.
    pub analogues: Vec<Analogue>,
    /// Titles of sources.
    pub titles: BTreeMap<SourceId, String>,
    /// Numbers in metres.
    pub data: BodyData,
    /// Claims about holes and control samples that the numbers were made with.
    pub own: Vec<ClaimId>,
    /// Area of the outline, m².
    pub footprint_m2: Option<f64>,
    /// EPSG code of the system that the numbers are in.
    pub epsg: Option<u16>,
    /// Surfaces and points attached to the body, where a plan is to be proposed.
    pub attached: Vec<AttachedFile>,
    /// What a plan took of height models and points: name and hash, and the text.
    pub kept: Vec<(ReferenceVersion, String)>,
}

impl Gathered {
    /// As the proposal of a plan takes it.
    pub fn evidence<'a>(&'a self, references: &'a References) -> Evidence<'a> {
        Evidence {
            body: &self.page.item.body,
            claims: &self.page.claims,
            site: &self.site,
            deposit: &self.deposit,
            deposit_type: self.deposit_type.as_deref(),
            footprint_m2: self.footprint_m2,
            alone: self.beside.is_empty(),
            titles: &self.titles,
            data: &self.data,
            attached: &self.attached,
            references,
        }
    }

    /// Takes what was read of the files of a plan.
    ///
    /// # Errors
    /// If a depth lies where the upper surface has no height, or attached surfaces have no outline to end at.
    pub fn take(&mut self, files: PlanFiles, plan: &EstimationPlan) -> Result<(), FileError> {
        if let (Some(name), None) = (plan.files.attached.surfaces.keys().next(), &self.data.outline)
        {
            return Err(FileError::Extent {
                path: name.clone(),
                wrong: "the outline of the body is not known, or closed to you".into(),
            });
        }
        files.add_to(&mut self.data, plan)?;
        self.kept = files.kept;
        Ok(())
    }

    /// All claims.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.page.claims.iter().chain(&self.site).chain(&self.deposit)
    }
}

/// Reads all that an estimate of a body may rest on and `audience` may see, in metres of the UTM zone of
/// its middle.
///
/// # Errors
/// If the register cannot be read.
pub fn gather(
    store: &dyn Store,
    id: BodyId,
    surroundings: &Surroundings,
    audience: Visibility,
) -> Result<Option<Gathered>, StoreError> {
    gather_in(store, id, surroundings, (audience, None))
}

/// The same in metres of a projected system; `None` is the UTM zone.
///
/// # Errors
/// If the register cannot be read.
pub fn gather_in(
    store: &dyn Store,
    id: BodyId,
    surroundings: &Surroundings,
    (audience, epsg): (Visibility, Option<u16>),
) -> Result<Option<Gathered>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let site = store.site(page.site.id, audience)?;
    let deposit = match page.item.body.origin_deposit {
        Some(id) => store.body(id, audience)?,
        None => None,
    };
    let mut titles = BTreeMap::new();
    let sources = [
        Some(&page.sources),
        site.as_ref().map(|s| &s.sources),
        deposit.as_ref().map(|d| &d.sources),
    ];
    for source in sources.into_iter().flatten().flatten() {
        titles.insert(source.id, source.title.clone());
    }
    let residues = surroundings.residues.get(&page.site.id).filter(|all| all.len() > 1);
    let beside = residues.into_iter().flatten().copied().filter(|other| *other != id).collect();
    let deposit_type = [deposit.as_ref().map(|d| &d.item.body), Some(&page.item.body)]
        .into_iter()
        .flatten()
        .find_map(|b| b.deposit_type.clone());
    let grid = grid_of(&page, epsg);
    let (mut data, own) = numbers(store, &page, grid.as_ref(), audience)?;
    if epsg.is_some() {
        let doubt = grid.as_ref().zip(middle(&page)).and_then(|(grid, place)| grid.doubt(place));
        data.unread.extend(doubt);
    }
    let analogues = match &deposit_type {
        Some(_) => surroundings.analogues_of(id),
        None => Vec::new(),
    };
    data.analogues = analogues.iter().map(|a| a.grade.clone()).collect();
    let footprint_m2 = data.outline.as_ref().map(super::local::area).filter(|a| *a > 0.0);
    Ok(Some(Gathered {
        site: site.map(|s| s.claims).unwrap_or_default(),
        deposit: deposit.map(|d| d.claims).unwrap_or_default(),
        beside,
        deposit_type,
        analogues,
        titles,
        data,
        own,
        footprint_m2,
        epsg: grid.map(|g| g.epsg()),
        attached: Vec::new(),
        kept: Vec::new(),
        page,
    }))
}

fn numbers(
    store: &dyn Store,
    page: &BodyPage,
    grid: Option<&LocalGrid>,
    audience: Visibility,
) -> Result<(BodyData, Vec<ClaimId>), StoreError> {
    let body = &page.item.body;
    let mut data = BodyData::default();
    let said = control::of_holes(store, &page.holes, audience)?;
    let mut own = said.read;
    data.unread.extend(said.unread);
    let metres = |place: LonLat| grid.and_then(|g| g.metres(place));
    if let (Some(grid), Some(shape)) = (grid, &body.footprint) {
        data.outline = grid.outline(shape);
    }
    data.holes = page
        .holes
        .iter()
        .map(|hole| {
            let mut own = HoleData {
                name: hole.name.clone(),
                collar: hole
                    .collar
                    .as_ref()
                    .and_then(|c| metres(c.place))
                    .map(|[x, y]| [x, y, hole.elevation_m.unwrap_or(0.0)]),
                surveys: hole.surveys.clone(),
                depth_m: None,
                reached_base: said.reached.get(&hole.id).copied(),
            };
            own.depth_m = hole.depth_m.map(|length_m| depth_below(&own, length_m));
            own
        })
        .collect();
    data.zones = page
        .zones
        .iter()
        .map(|zone| ZoneData {
            name: zone.name.clone(),
            outline: grid.and_then(|g| zone.outline.as_ref().and_then(|o| g.outline(o))),
            top_m: zone.top_m,
            base_m: zone.base_m,
        })
        .collect();
    if page.samples > 0 {
        own.extend(samples(store, page, &metres, (audience, &mut data))?);
    }
    Ok((data, own))
}

/// The grid of a body: a named system, else that of its outline, else of its holes, else of its point.
pub fn grid_of(page: &BodyPage, epsg: Option<u16>) -> Option<LocalGrid> {
    if let Some(epsg) = epsg {
        return LocalGrid::of(epsg).ok();
    }
    middle(page).and_then(|place| LocalGrid::around(place).ok())
}

/// A place of the body: on its outline, else a collar, else its point.
fn middle(page: &BodyPage) -> Option<LonLat> {
    let body = &page.item.body;
    let outline = body.footprint.as_ref().and_then(|shape| {
        let (x, y) = *shape.coordinates().first()?;
        LonLat::new(x, y)
    });
    let collar = page.holes.iter().find_map(|h| h.collar.as_ref().map(|c| c.place));
    outline.or(collar).or(body.position.as_ref().map(|p| p.place))
}

fn samples(
    store: &dyn Store,
    page: &BodyPage,
    metres: &dyn Fn(LonLat) -> Option<[f64; 2]>,
    (audience, data): (Visibility, &mut BodyData),
) -> Result<Vec<ClaimId>, StoreError> {
    let query = super::super::Query { audience, ..whole(vec![Filter::Body(page.item.body.id)]) };
    let mut assays: HashMap<varp_model::SampleId, Vec<AssayData>> = HashMap::new();
    let mut wet: BTreeMap<String, usize> = BTreeMap::new();
    for item in store.assays(&query)?.items {
        let of = &item.determination;
        if of.unit.dimension() != varp_model::Dimension::MassFraction {
            continue;
        }
        if of.basis == varp_model::Basis::Wet {
            *wet.entry(of.substance.code().to_owned()).or_default() += 1;
            continue;
        }
        assays.entry(item.sample).or_default().push(assay_data(&item.assay, of));
    }
    data.unread.extend(wet.iter().map(|(substance, count)| {
        format!(
            "{count} results of {substance} are of wet material and are left out: without the moisture of \
             each sample no dry grade follows from them"
        )
    }));
    let holes: HashMap<_, _> = page.holes.iter().map(|h| (h.id, h.name.as_str())).collect();
    let items = store.samples(&query)?.items;
    let controls = control::Controls::of(store, &items, audience)?;
    let mut nowhere = 0;
    for item in items {
        let sample = item.sample;
        let taken = match taken(&sample, item.place, &holes, metres) {
            Some(taken) => taken,
            // a reference material comes from no place of the body
            None if sample.role != QaRole::Original => {
                Taken::Interval { hole: String::new(), from_m: 0.0, to_m: 0.0 }
            }
            None => {
                nowhere += 1;
                continue;
            }
        };
        let mut own = assays.remove(&sample.id).unwrap_or_default();
        own.sort_by(|a, b| (&a.substance, &a.method).cmp(&(&b.substance, &b.method)));
        own.iter_mut().for_each(|a| a.certified = controls.certified(sample.id, &a.substance));
        data.samples.push(SampleData {
            repeats: controls.repeats(&sample),
            name: sample.name,
            taken,
            role: sample.role,
            size_fraction: sample.size_fraction,
            assays: own,
        });
    }
    if nowhere > 0 {
        data.unread.push(format!(
            "{nowhere} samples are left out: neither an interval of a hole nor a place is known of them"
        ));
    }
    Ok(controls.read)
}

fn taken(
    sample: &Sample,
    place: Option<LonLat>,
    holes: &HashMap<varp_model::HoleId, &str>,
    metres: &dyn Fn(LonLat) -> Option<[f64; 2]>,
) -> Option<Taken> {
    let (from, to) = (sample.from_m, sample.to_m);
    match sample.hole.and_then(|hole| holes.get(&hole)) {
        Some(hole) => Some(Taken::Interval { hole: (*hole).to_owned(), from_m: from?, to_m: to? }),
        None => {
            let at = metres(place?)?;
            let from_m = from.unwrap_or(0.0);
            Some(Taken::Place { at, from_m, to_m: to.unwrap_or(from_m) })
        }
    }
}

/// A result as a mass fraction of dry material.
fn assay_data(assay: &Assay, determination: &Determination) -> AssayData {
    let value: Measured<f64> =
        assay.value.map(|reported| determination.unit.to_canonical(reported.value()));
    let words =
        [determination.digestion.as_ref().map(|d| d.0.as_str()), determination.method.as_deref()];
    AssayData {
        substance: determination.substance.code().to_owned(),
        value,
        method: words.into_iter().flatten().collect::<Vec<_>>().join(", "),
        size_fraction: determination.size_fraction,
        certified: None,
    }
}
