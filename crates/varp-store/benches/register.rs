//! How long does the store alone take for a million samples with twelve assays each, how large is
//! the file, and what do the reads of a map portal cost over 100,000 bodies?
//!
//! `cargo bench -p varp-store --bench register [-- assays | bodies]`; `SAMPLES` and `BODIES` set
//! other numbers, `KEEP=FOLDER` leaves the registers there.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench, not the program"
)]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use varp_model::{
    Assay, Basis, Batch, Bbox, Body, BodyId, BodyKind, Claim, ClaimId, ClaimValue, Crs, Dataset,
    Determination, DeterminationId, Element, Import, ImportId, Locator, LonLat, Measured, Origin,
    Original, Position, QaRole, Range, Reported, Sample, SampleId, SampleRow, Site, SiteId, Source,
    SourceId, Spread, Subject, Substance, Term, Unit, Visibility,
};
use varp_store::{Filter, GeoPackage, PageLimit, Query, Store};

fn main() {
    let only = std::env::args().nth(1).filter(|a| !a.starts_with('-'));
    let kept = std::env::var_os("KEEP").map(PathBuf::from);
    let passing = std::env::temp_dir().join(format!("varp-bench-{}", std::process::id()));
    let folder = kept.clone().unwrap_or(passing);
    std::fs::create_dir_all(&folder).unwrap();
    if only.as_deref() != Some("bodies") {
        assays(&folder);
    }
    if only.as_deref() != Some("assays") {
        bodies(&folder);
    }
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// xorshift64*: the same data on every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() * end as f64) as usize
    }
}

fn dataset() -> Dataset {
    Dataset("bench".into())
}

fn origin(key: String) -> Origin {
    Origin { dataset: dataset(), key }
}

fn import(key: &str) -> Import {
    Import {
        id: ImportId::of(&dataset(), key),
        dataset: dataset(),
        files: Vec::new(),
        mapping: String::new(),
        actor: "bench".into(),
        time: "2026-11-23T10:00:00Z".into(),
        program: "bench".into(),
    }
}

fn locator(row: u32) -> Locator {
    Locator { file: Some("samples.csv".into()), row: Some(row), ..Locator::default() }
}

fn source() -> Source {
    Source {
        id: SourceId::of(&dataset(), "R"),
        origin: origin("R".into()),
        title: "Report".into(),
        authors: None,
        date: None,
        address: None,
        licence: None,
        file_hash: None,
        reliability: None,
        visibility: Visibility::Public,
    }
}

fn position(draw: &mut Draw) -> Position {
    let (longitude, latitude) = (4.5 + 27.0 * draw.next(), 55.0 + 16.0 * draw.next());
    Position {
        place: LonLat::new(longitude, latitude).unwrap(),
        original: Original { x: longitude, y: latitude, crs: Crs::WGS84 },
        accuracy_m: Some(100.0),
        visibility: Visibility::Public,
    }
}

fn site(number: u32, draw: &mut Draw) -> Site {
    let name =
        ["Yxsjöberg", "Grängesberg", "Outokumpu", "Tellnes", "Otanmäki", "Falun"][draw.below(6)];
    Site {
        id: SiteId::of(&dataset(), &number.to_string()),
        origin: origin(number.to_string()),
        name: format!("{name} {number}"),
        aliases: vec![format!("{number} gruva")],
        country: ["SE", "FI", "NO", "DK", "GL"][draw.below(5)].parse().unwrap(),
        municipality: None,
        position: Some(position(draw)),
        note: None,
        source: source().id,
        locator: locator(number),
        visibility: Visibility::Public,
        licence: None,
    }
}

fn body(number: u32, site: SiteId, draw: &mut Draw) -> Body {
    let kind = ["tailings", "waste rock", "slag", "deposit"][draw.below(4)];
    Body {
        id: BodyId::of(&dataset(), &number.to_string()),
        origin: origin(number.to_string()),
        site,
        name: format!("{kind} {number}"),
        aliases: Vec::new(),
        kind: BodyKind(kind.into()),
        position: Some(position(draw)),
        footprint: None,
        period: Some("1897/1963".parse().unwrap()),
        status: Some("closed".into()),
        storage: Some("surface".into()),
        list_of_waste: None,
        commodities: vec![["Cu", "W", "Fe", "Zn"][draw.below(4)].into()],
        origin_deposit: None,
        deposit_type: None,
        note: None,
        source: source().id,
        locator: locator(number),
        visibility: Visibility::Public,
        licence: None,
    }
}

fn mass(number: u32, body: BodyId, draw: &mut Draw) -> Claim {
    Claim {
        id: ClaimId::of(&dataset(), &number.to_string()),
        origin: origin(number.to_string()),
        subject: Subject::Body(body),
        property: "mass".into(),
        substance: None,
        value: ClaimValue::Number(Range {
            best: Some(10.0 * draw.next()),
            spread: Spread::Missing("not stated".into()),
            unit: Unit::parse("Mt").unwrap(),
            reported: "some Mt".into(),
        }),
        basis: Basis::Dry,
        term: Term::Remaining,
        date: None,
        period: None,
        method: None,
        note: None,
        source: source().id,
        locator: locator(number),
        preferred: None,
        visibility: Visibility::Public,
        licence: None,
    }
}

fn sample(number: u32, body: BodyId, draw: &mut Draw) -> Sample {
    let name = format!("S{number:07}");
    let mut place = position(draw);
    let metres = |from: f64, share: f64| (from + 50_000.0 * share).round();
    place.original = Original {
        x: metres(480_000.0, draw.next()),
        y: metres(6_640_000.0, draw.next()),
        crs: Crs::from_epsg(3006).unwrap(),
    };
    Sample {
        id: SampleId::of(&dataset(), &name),
        origin: origin(name.clone()),
        name,
        body: Some(body),
        hole: None,
        position: Some(place),
        from_m: None,
        to_m: None,
        method: None,
        mass_kg: None,
        size_fraction: None,
        date: None,
        role: QaRole::Original,
        source: source().id,
        locator: locator(number + 2),
        visibility: Visibility::Public,
        licence: None,
    }
}

fn results(draw: &mut Draw) -> Vec<Assay> {
    (0..12)
        .map(|determination| {
            let mantissa = (10_f64.powf(1.0 + 4.0 * draw.next())) as i64;
            let value = Reported::new(mantissa, u8::from(mantissa > 99)).unwrap();
            let censored = draw.next() < 0.05;
            Assay {
                determination: DeterminationId(determination),
                value: if censored { Measured::Below(value) } else { Measured::Exact(value) },
            }
        })
        .collect()
}

fn determination(symbol: &str) -> Determination {
    Determination {
        substance: Substance::Element(Element::from_symbol(symbol).unwrap()),
        unit: Unit::parse("ppm").unwrap(),
        basis: Basis::Dry,
        digestion: None,
        method: None,
        laboratory: None,
        detection_limit: None,
        upper_limit: None,
        size_fraction: None,
        column: format!("{symbol}_ppm"),
    }
}

fn assays(folder: &Path) {
    let path = folder.join("assays.gpkg");
    let samples = number("SAMPLES", 1_000_000);
    let mut draw = Draw(42);
    let store = GeoPackage::create(&path).unwrap();
    let mut writer = store.begin_import(&import("assays")).unwrap();
    let place = site(1, &mut draw);
    let of: Vec<Body> = (0..100).map(|n| body(n, place.id, &mut draw)).collect();
    let ids: Vec<BodyId> = of.iter().map(|b| b.id).collect();
    let symbols = ["Ag", "As", "Co", "Cu", "Fe", "Ga", "In", "Li", "Ni", "Pb", "W", "Zn"];
    writer
        .add(&Batch {
            sources: vec![source()],
            sites: vec![place],
            bodies: of,
            determinations: symbols.map(determination).into(),
            ..Batch::default()
        })
        .unwrap();
    let (mut adding, mut made) = ((0.0, 0.0), 0);
    while made < samples {
        let end = (made + 10_000).min(samples);
        let rows = (made..end)
            .map(|n| SampleRow {
                sample: sample(n, ids[n as usize / 10_000 % 100], &mut draw),
                assays: results(&mut draw),
            })
            .collect();
        let batch = Batch { samples: rows, ..Batch::default() };
        let watch = Watch::start();
        writer.add(&batch).unwrap();
        let (wall, cpu) = watch.read();
        adding.0 += wall;
        adding.1 += cpu;
        made = end;
    }
    println!("add: {:.2} s wall, {:.2} s CPU", adding.0, adding.1);
    let watch = Watch::start();
    let done = writer.commit().unwrap();
    let (wall, cpu) = watch.read();
    println!("commit: {wall:.2} s wall, {cpu:.2} s CPU: {done:?}");
    let start = Instant::now();
    drop(store);
    println!(
        "close {:.2} s, {} bytes, peak {} MB",
        start.elapsed().as_secs_f64(),
        std::fs::metadata(&path).unwrap().len(),
        peak_mb()
    );
    let store = GeoPackage::open(&path).unwrap();
    time("first page of samples", 1, || drop(store.samples(&query()).unwrap()));
    time("page of samples", 200, || drop(store.samples(&query()).unwrap()));
    time("first page of assays", 1, || drop(store.assays(&query()).unwrap()));
    time("page of assays", 200, || drop(store.assays(&query()).unwrap()));
    time("page of a body with 10,000 samples", 5, || {
        drop(store.body(ids[7], Visibility::Public).unwrap());
    });
}

/// Greatest resident memory so far, where the system tells.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn bodies(folder: &Path) {
    let path = folder.join("bodies.gpkg");
    let count = number("BODIES", 100_000);
    let mut draw = Draw(7);
    let store = GeoPackage::create(&path).unwrap();
    let watch = Watch::start();
    let mut writer = store.begin_import(&import("bodies")).unwrap();
    for first in (0..count).step_by(5000) {
        let mut batch = Batch::default();
        if first == 0 {
            batch.sources.push(source());
        }
        for n in first..(first + 5000).min(count) {
            if n % 2 == 0 {
                batch.sites.push(site(n / 2, &mut draw));
            }
            let place = SiteId::of(&dataset(), &(n / 2).to_string());
            let body = body(n, place, &mut draw);
            batch.claims.push(mass(n, body.id, &mut draw));
            batch.bodies.push(body);
        }
        writer.add(&batch).unwrap();
    }
    writer.commit().unwrap();
    let (wall, cpu) = watch.read();
    println!(
        "{count} bodies, half as many sites and {count} claims imported: {wall:.2} s wall, {cpu:.2} s CPU"
    );
    drop(store);
    let store = GeoPackage::open(&path).unwrap();
    if std::env::var_os("PROFILE").is_some() {
        time("bodies without a box", 4000, || drop(store.bodies(&query()).unwrap()));
        return;
    }
    read_bodies(&store);
}

fn read_bodies(store: &GeoPackage) {
    let boxes = [
        ("0.1 %", Bbox { west: 14.0, south: 60.0, east: 14.6, north: 60.8 }),
        ("0.9 %", Bbox { west: 14.0, south: 60.0, east: 16.3, north: 61.6 }),
        ("10 %", Bbox { west: 10.0, south: 58.0, east: 18.5, north: 63.0 }),
        ("100 %", Bbox { west: 0.0, south: 50.0, east: 40.0, north: 80.0 }),
    ];
    for (name, bbox) in boxes {
        let mut query = Query { bbox: Some(bbox), ..query() };
        let page = store.bodies(&query).unwrap();
        time(&format!("bodies, box of {name} ({:?} match)", page.matched), 300, || {
            drop(store.bodies(&query).unwrap());
        });
        query.after = page.next;
        for _ in 0..(if name == "100 %" { 500 } else { 4 }) {
            query.after = store.bodies(&query).unwrap().next;
        }
        time(&format!("bodies, box of {name}, deep page"), 300, || {
            drop(store.bodies(&query).unwrap())
        });
    }
    time("bodies without a box", 300, || drop(store.bodies(&query()).unwrap()));
    for filter in [
        Filter::Country("GL".parse().unwrap()),
        Filter::Kind("slag".into()),
        Filter::Words("grangesberg 77".into()),
        Filter::Material { commodities: vec!["W".into()], substances: vec!["W".into()] },
    ] {
        let name = format!("bodies, {filter:?}");
        let query = Query { filters: vec![filter], ..query() };
        time(&format!("{name}, first"), 1, || drop(store.bodies(&query).unwrap()));
        time(&name, 50, || drop(store.bodies(&query).unwrap()));
    }
    time("map points", 5, || drop(store.map_points(Visibility::Public).unwrap()));
    for words in ["grangesberg", "yxsjo", "t", "tailings", "waste 4711"] {
        time(&format!("search for {words}"), 20, || {
            drop(store.search(words, 20, Visibility::Public).unwrap());
        });
    }
}

fn query() -> Query {
    Query {
        bbox: None,
        period: None,
        filters: Vec::new(),
        after: None,
        limit: PageLimit(NonZeroUsize::new(100).unwrap()),
        count: true,
        audience: Visibility::Public,
    }
}

fn time(what: &str, times: u32, run: impl Fn()) {
    if times > 1 {
        run();
    }
    let watch = Watch::start();
    for _ in 0..times {
        run();
    }
    let (wall, cpu) = watch.read();
    let each = 1e3 / f64::from(times);
    println!("{:8.3} ms wall, {:8.3} ms CPU  {what}", wall * each, cpu * each);
}

/// Wall time and, where the system tells, time on the processor of this thread.
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), on_processor())
    }

    fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), on_processor() - self.1)
    }
}

fn on_processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
