//! Estimates from the register to the page: stored, replayed, compared, ordered, shown to whom they may.

mod attached;
mod campaign;
mod classes;
mod heights;
mod merged;
mod processes;
mod review;
mod stored;
mod surfaces;

use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use varp_app::jobs::estimate::{EstimateAll, Made, estimate_all};
use varp_engine::planning::Terms;
use varp_model::*;
use varp_store::{GeoPackage, Store};

use crate::http::door::Door;
use crate::http::fixture;

/// A register with a body that has a mass and grades, one of them perhaps not public.
struct Register {
    store: Arc<GeoPackage>,
    door: Door,
    path: PathBuf,
    /// Removed when the register is dropped.
    _folder: TempDir,
}

fn register(visibility: Visibility) -> Register {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.gpkg");
    let store = Arc::new(GeoPackage::create(&path).unwrap());
    let mut import = store.begin_import(&fixture::import()).unwrap();
    let mut batch = fixture::batch();
    batch.claims.push(grade("Cu", 0.2, Visibility::Public));
    batch.claims.push(grade("Co", 0.03, visibility));
    import.add(&batch).unwrap();
    import.commit().unwrap();
    Register { door: Door::to(store.clone()), store, path, _folder: folder }
}

pub fn grade(substance: &str, percent: f64, visibility: Visibility) -> Claim {
    let key = format!("b00 grade {substance}");
    Claim {
        id: ClaimId::of(&fixture::dataset(), &key),
        origin: Origin { dataset: fixture::dataset(), key },
        subject: Subject::Body(fixture::body_id("b00")),
        property: "grade".into(),
        substance: Some(Substance::parse(substance, &References::embedded()).unwrap()),
        value: ClaimValue::Number(Range {
            best: Some(percent),
            spread: Spread::Missing("not stated by the source".into()),
            unit: Unit::parse("%").unwrap(),
            reported: format!("{percent} %"),
        }),
        basis: Basis::Dry,
        term: Term::Remaining,
        date: None,
        period: None,
        method: None,
        note: None,
        source: fixture::source_id(),
        locator: Locator { page: Some("p. 15".into()), ..Locator::default() },
        preferred: None,
        visibility,
        licence: None,
    }
}

fn terms(seed: u64) -> Terms {
    Terms { effective: "2026-11-28".into(), seed, draws: 500 }
}

fn estimate_b00(store: &dyn Store, seed: u64) -> Made {
    let bodies = [fixture::body_id("b00")];
    let references = References::embedded();
    let order = EstimateAll {
        bodies: &bodies,
        terms: &terms(seed),
        audience: Visibility::Private,
        only_changed: true,
        actor: "a test",
        references: &references,
    };
    estimate_all(store, &order, |_| true).unwrap()
}
