//! A store in memory.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;
use varp_model::*;
use varp_store::*;

use super::fixture;

pub struct Memory {
    pub batch: Batch,
    pub version: AtomicU64,
    pub fails: bool,
}

impl Memory {
    pub fn new() -> Self {
        Self { batch: fixture::batch(), version: AtomicU64::new(1), fails: false }
    }

    fn check(&self) -> Result<()> {
        if self.fails {
            return Err(StoreError::Refused("disk on fire at /secret/path".into()));
        }
        Ok(())
    }

    fn body_item(&self, body: &Body) -> BodyItem {
        let mut body = body.clone();
        body.position = shown(body.position);
        let claims = self.batch.claims.iter();
        let key_figures = claims.filter(|c| c.subject == Subject::Body(body.id)).cloned().collect();
        BodyItem {
            substances: if body.id == fixture::body_id("b00") { vec!["Ni".into()] } else { vec![] },
            body,
            site_name: "The Hill".into(),
            country: "SE".parse().unwrap(),
            key_figures,
        }
    }

    fn sample_item(&self, row: &SampleRow) -> SampleItem {
        let place = row.sample.position.as_ref().map(|p| p.place);
        let results = row.assays.iter();
        let assays = results.map(|a| (*a, self.batch.determinations[0].clone())).collect();
        SampleItem { sample: row.sample.clone(), place, assays }
    }

    fn assay_items(&self) -> Vec<AssayItem> {
        let row = &self.batch.samples[0];
        vec![AssayItem {
            id: format!("{}.1", row.sample.id),
            sample: row.sample.id,
            sample_name: row.sample.name.clone(),
            assay: row.assays[0],
            determination: self.batch.determinations[0].clone(),
        }]
    }

    fn quantity(&self, claim: &Claim) -> QuantityItem {
        let body = &self.batch.bodies[0];
        QuantityItem {
            claim: claim.clone(),
            subject_name: body.name.clone(),
            place: body.position.as_ref().map(|p| p.place),
        }
    }
}

fn shown(position: Option<Position>) -> Option<Position> {
    position.filter(|p| p.visibility == Visibility::Public)
}

fn page<T>(
    query: &Query,
    all: Vec<T>,
    place: impl Fn(&T) -> Option<LonLat>,
    time: impl Fn(&T) -> Option<Period>,
) -> Page<T> {
    let matching: Vec<T> = all
        .into_iter()
        .filter(|item| match (query.bbox, place(item)) {
            (Some(bbox), Some(p)) => bbox.contains(p.longitude(), p.latitude()),
            _ => true,
        })
        .filter(|item| match (query.period, time(item)) {
            (Some(period), Some(time)) => period.overlaps(time),
            _ => true,
        })
        .collect();
    let matched = query.count.then_some(matching.len() as u64);
    let start = query.after.as_ref().map_or(0, |c| c.0 as usize);
    let end = (start + query.limit.0.get()).min(matching.len());
    let next = (end < matching.len()).then_some(Cursor(end as i64));
    Page { items: matching.into_iter().skip(start).take(end - start).collect(), next, matched }
}

impl Store for Memory {
    fn begin_import(&self, _: &Import) -> Result<Box<dyn ImportWriter + '_>> {
        unreachable!()
    }
    fn imports(&self) -> Result<Vec<(Import, Imported)>> {
        unreachable!()
    }
    fn undo(&self, _: ImportId, _: &str, _: &str) -> Result<Undone> {
        unreachable!()
    }
    fn prefer(&self, _: ClaimId, _: &str, _: &str) -> Result<()> {
        unreachable!()
    }
    fn merge_sites(&self, _: SiteId, _: SiteId, _: &str, _: &str) -> Result<()> {
        unreachable!()
    }
    fn merge_bodies(&self, _: BodyId, _: BodyId, _: &str, _: &str) -> Result<()> {
        unreachable!()
    }
    fn keep_apart(&self, _: Uuid, _: Uuid, _: &str, _: &str) -> Result<()> {
        unreachable!()
    }
    fn kept_apart(&self) -> Result<Vec<(Uuid, Uuid)>> {
        unreachable!()
    }
    fn redirect(&self, gone: Uuid) -> Result<Option<Uuid>> {
        Ok((gone == fixture::body_id("merged").0).then_some(fixture::body_id("b00").0))
    }
    fn sites(&self, query: &Query) -> Result<Page<SitePage>> {
        let all = self.batch.sites.iter().map(|s| SitePage {
            site: s.clone(),
            bodies: vec![],
            claims: vec![],
            sources: vec![],
        });
        let place = |s: &SitePage| s.site.position.as_ref().map(|p| p.place);
        Ok(page(query, all.collect(), place, |_| None))
    }
    fn bodies(&self, query: &Query) -> Result<Page<BodyItem>> {
        self.check()?;
        let public = self.batch.bodies.iter().filter(|b| b.visibility == Visibility::Public);
        let all = public.map(|b| self.body_item(b)).filter(|item| {
            query.filters.iter().all(|f| match f {
                Filter::Kind(kind) => item.body.kind.0 == *kind,
                Filter::Country(c) => item.country == *c,
                Filter::Words(words) => item.body.name.to_lowercase().contains(words),
                Filter::Material { commodities, substances } => {
                    item.body.commodities.iter().any(|c| commodities.contains(c))
                        || item.substances.iter().any(|s| substances.contains(s))
                }
                _ => true,
            })
        });
        let place = |b: &BodyItem| b.body.position.as_ref().map(|p| p.place);
        Ok(page(query, all.collect(), place, |b| b.body.period))
    }
    fn samples(&self, query: &Query) -> Result<Page<SampleItem>> {
        let all = self
            .batch
            .samples
            .iter()
            .map(|row| SampleItem { assays: vec![], ..self.sample_item(row) });
        Ok(page(query, all.collect(), |s| s.place, |_| None))
    }
    fn assays(&self, query: &Query) -> Result<Page<AssayItem>> {
        Ok(page(query, self.assay_items(), |_| None, |_| None))
    }
    fn quantities(&self, query: &Query) -> Result<Page<QuantityItem>> {
        let all = self.batch.claims.iter().map(|c| self.quantity(c));
        Ok(page(query, all.collect(), |q| q.place, |_| None))
    }
    fn sources(&self, query: &Query) -> Result<Page<Source>> {
        Ok(page(query, self.batch.sources.clone(), |_| None, |_| None))
    }
    fn site(&self, id: SiteId, _: Visibility) -> Result<Option<SitePage>> {
        let site = self.batch.sites.iter().find(|s| s.id == id);
        Ok(site.map(|site| SitePage {
            site: site.clone(),
            bodies: self.batch.bodies.iter().take(2).map(|b| self.body_item(b)).collect(),
            claims: vec![],
            sources: self.batch.sources.clone(),
        }))
    }
    fn body(&self, id: BodyId, audience: Visibility) -> Result<Option<BodyPage>> {
        let body = self.batch.bodies.iter().find(|b| b.id == id && b.visibility <= audience);
        Ok(body.map(|body| BodyPage {
            item: self.body_item(body),
            site: self.batch.sites[0].clone(),
            zones: vec![],
            claims: self.batch.claims.clone(),
            holes: vec![],
            samples: 1,
            determinations: vec![],
            sources: self.batch.sources.clone(),
        }))
    }
    fn sample(&self, id: SampleId, _: Visibility) -> Result<Option<SampleItem>> {
        let row = self.batch.samples.iter().find(|row| row.sample.id == id);
        Ok(row.map(|row| self.sample_item(row)))
    }
    fn assay(&self, id: &str, _: Visibility) -> Result<Option<AssayItem>> {
        Ok(self.assay_items().into_iter().find(|item| item.id == id))
    }
    fn hole(&self, _: HoleId, _: Visibility) -> Result<Option<Hole>> {
        Ok(None)
    }
    fn source(&self, id: SourceId, _: Visibility) -> Result<Option<SourcePage>> {
        let source = self.batch.sources.iter().find(|s| s.id == id);
        Ok(source.map(|source| SourcePage {
            source: source.clone(),
            sites: vec![(fixture::site_id(), "The Hill".into())],
            bodies: vec![],
            claims: self.batch.claims.iter().map(|c| self.quantity(c)).collect(),
            samples: 1,
        }))
    }
    fn claim(&self, id: ClaimId, _: Visibility) -> Result<Option<Claim>> {
        Ok(self.batch.claims.iter().find(|c| c.id == id).cloned())
    }
    fn extent(&self, collection: Collection, _: Visibility) -> Result<Option<Bbox>> {
        let bbox = Bbox { west: 15.0, south: 60.0, east: 17.4, north: 60.0 };
        Ok((collection == Collection::Bodies).then_some(bbox))
    }
    fn map_points(&self, _: Visibility) -> Result<Vec<MapPoint>> {
        let public = self.batch.bodies.iter().filter(|b| b.visibility == Visibility::Public);
        let items = public.map(|b| self.body_item(b));
        let points = items.filter_map(|item| {
            Some(MapPoint {
                id: item.body.id,
                name: item.body.name.clone(),
                kind: item.body.kind.0.clone(),
                country: item.country,
                place: item.body.position.as_ref()?.place,
                of_site: false,
                commodities: item.body.commodities.clone(),
                substances: item.substances.clone(),
            })
        });
        Ok(points.collect())
    }
    fn search(&self, words: &str, limit: usize, _: Visibility) -> Result<Vec<SearchHit>> {
        let hits = self.batch.sites.iter().filter(|s| s.name.contains(words)).take(limit);
        let hit = |s: &Site| SearchHit {
            collection: Collection::Sites,
            id: s.id.to_string(),
            name: s.name.clone(),
            alias: None,
            country: Some(s.country),
        };
        Ok(hits.map(hit).collect())
    }
    fn changes(&self, _: &str) -> Result<Vec<Change>> {
        Ok(vec![])
    }
    fn version(&self) -> Result<u64> {
        Ok(self.version.load(Ordering::SeqCst))
    }
    fn backup(&self, _: &Path) -> Result<()> {
        unreachable!()
    }
    fn health(&self) -> Result<Health> {
        unreachable!()
    }
}
