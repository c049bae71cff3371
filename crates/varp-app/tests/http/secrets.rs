//! What is not public changes no answer: two registers, one of which holds secrets besides, answer
//! every question a stranger can put in the same words.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tempfile::TempDir;
use varp_model::*;
use varp_store::{GeoPackage, Store};

use super::door::Door;
use super::fixture::{self, body_id, dataset, site_id};
use super::secret_results;
use super::told::{addresses, without_moments, without_seals};

/// Answers compared: all questions, and what links lead to, nearest first.
const MOST: usize = 3500;

struct Register {
    door: Door,
    _folder: TempDir,
}

fn open() -> (TempDir, Arc<GeoPackage>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(GeoPackage::create(&folder.path().join("register.gpkg")).unwrap());
    (folder, store)
}

fn import(store: &GeoPackage, key: &str, batches: &[Batch]) {
    let id = ImportId::of(&dataset(), key);
    let mut writer = store.begin_import(&Import { id, ..fixture::import() }).unwrap();
    batches.iter().for_each(|batch| writer.add(batch).unwrap());
    writer.commit().unwrap();
}

/// What everybody may know, with a hole and samples in it.
fn public() -> Batch {
    let mut batch = fixture::batch();
    batch.bodies.retain(|body| body.visibility == Visibility::Public);
    let secret_place = body_id("secret place");
    for body in batch.bodies.iter_mut().filter(|body| body.id == secret_place) {
        body.position = None;
    }
    let template = batch.samples[0].sample.clone();
    batch.holes.push(hole("H1", Visibility::Public));
    for n in 0..5 {
        let mut sample = named(&template, &format!("in H1 {n}"));
        sample.hole = Some(HoleId::of(&dataset(), "H1"));
        sample.position = None;
        batch.samples.push(SampleRow { sample, assays: Vec::new() });
    }
    secret_results::alike(&mut batch);
    batch
}

fn named(template: &Sample, name: &str) -> Sample {
    Sample {
        id: SampleId::of(&dataset(), name),
        origin: key(name),
        name: name.into(),
        ..template.clone()
    }
}

fn hole(name: &str, visibility: Visibility) -> Hole {
    let template = &fixture::batch().samples[0].sample;
    Hole {
        id: HoleId::of(&dataset(), name),
        origin: key(name),
        body: Some(body_id("b00")),
        name: name.into(),
        collar: template.position.clone(),
        elevation_m: None,
        height_datum: None,
        depth_m: Some(9.0),
        surveys: Vec::new(),
        method: None,
        source: template.source,
        locator: template.locator.clone(),
        visibility,
        licence: None,
    }
}

fn key(name: &str) -> Origin {
    Origin { dataset: dataset(), key: name.into() }
}

/// A place far from all that is public.
fn far(degrees: f64, visibility: Visibility) -> Position {
    let (x, y) = (-50.0 - degrees, 70.0 + degrees);
    let original = Original { x, y, crs: Crs::WGS84 };
    Position { place: LonLat::new(x, y).unwrap(), original, accuracy_m: Some(1.0), visibility }
}

fn closed_source(closed: Visibility) -> Source {
    Source {
        id: SourceId::of(&dataset(), "closed report"),
        origin: key("closed report"),
        title: "Zyxomma, a closed report".into(),
        visibility: closed,
        ..fixture::batch().sources[0].clone()
    }
}

fn closed_site(closed: Visibility) -> Site {
    Site {
        id: SiteId::of(&dataset(), "closed site"),
        origin: key("closed site"),
        name: "Zyxomma mine".into(),
        country: "GL".parse().unwrap(),
        position: Some(far(0.0, Visibility::Public)),
        visibility: closed,
        ..fixture::batch().sites[0].clone()
    }
}

fn body(name: &str, site: SiteId, visibility: Visibility) -> Body {
    Body {
        id: body_id(name),
        origin: key(name),
        site,
        name: format!("Zyxomma {name}"),
        kind: BodyKind("submarine tailings".into()),
        position: Some(far(1.0, Visibility::Public)),
        commodities: vec!["Au".into()],
        period: Some("1500/1501".parse().unwrap()),
        visibility,
        ..fixture::batch().bodies[0].clone()
    }
}

/// Closed bodies, and the public one whose place is closed.
fn bodies(closed: Visibility) -> Vec<Body> {
    let mut of_closed_source = body("of closed source", site_id(), Visibility::Public);
    of_closed_source.source = closed_source(closed).id;
    let all = fixture::batch().bodies;
    let mut secret_place = all.into_iter().find(|b| b.id == body_id("secret place")).unwrap();
    secret_place.position = Some(far(2.0, closed));
    vec![
        body("closed body", site_id(), closed),
        body("of closed site", closed_site(closed).id, Visibility::Public),
        of_closed_source,
        secret_place,
    ]
}

fn volume(name: &str, subject: BodyId, visibility: Visibility) -> Claim {
    let mut claim = fixture::batch().claims.remove(0);
    claim.id = ClaimId::of(&dataset(), name);
    claim.origin = key(name);
    claim.subject = Subject::Body(subject);
    claim.property = "volume".into();
    if let ClaimValue::Number(range) = &mut claim.value {
        range.unit = Unit::parse("m3").unwrap();
    }
    claim.substance = Some(Substance::Element(Element::from_symbol("Pt").unwrap()));
    claim.visibility = visibility;
    claim
}

fn samples(closed: Visibility) -> Vec<SampleRow> {
    let template = fixture::batch().samples.remove(0).sample;
    let hole = |name: &str| Some(HoleId::of(&dataset(), name));
    let mut all = ["", "in a hole", "in a closed hole", "of a closed body", "cites", "nowhere"]
        .map(|name| named(&template, &format!("closed sample {name}")));
    all[0].visibility = closed;
    (all[1].visibility, all[1].position, all[1].hole) = (closed, None, hole("H1"));
    all[2].hole = hole("closed hole");
    all[3].body = Some(body_id("closed body"));
    all[4].source = closed_source(closed).id;
    (all[5].visibility, all[5].position, all[5].body) = (closed, None, None);
    let mut rows: Vec<SampleRow> = Vec::new();
    for (n, mut sample) in (1_u8..).zip(all) {
        let top = 2.0 * f64::from(n);
        (sample.from_m, sample.to_m) = (Some(top), Some(top + 1.0));
        let value = Measured::Exact(Reported::parse(&format!("97531.{n}")).unwrap());
        let assays = [0, 1].map(|d| Assay { determination: DeterminationId(d), value });
        rows.push(SampleRow { sample, assays: assays.into() });
    }
    rows
}

/// Records of every kind that are not public, as children of public and of closed ones, far from
/// all that is public and with substances and words of their own.
fn secrets(closed: Visibility) -> Batch {
    let mut gold = fixture::batch().determinations;
    gold[0].substance = Substance::Element(Element::from_symbol("Au").unwrap());
    gold[0].column = "Au_ppm".into();
    let mut cites = volume("cites what is closed", body_id("b01"), Visibility::Public);
    cites.source = closed_source(closed).id;
    Batch {
        determinations: gold,
        sources: vec![closed_source(closed)],
        sites: vec![closed_site(closed)],
        bodies: bodies(closed),
        holes: vec![hole("closed hole", closed)],
        samples: samples(closed),
        claims: vec![
            volume("closed claim", body_id("b00"), closed),
            volume("of secret place", body_id("secret place"), closed),
            volume("of closed body", body_id("closed body"), Visibility::Public),
            secret_results::grade("closed grade", body_id("b07"), "Zn", closed),
            secret_results::grade("its grade", body_id("closed body"), "Zn", Visibility::Public),
            cites,
        ],
        ..Batch::default()
    }
}

/// Secrets come before the public records and after them, so that keys of rows differ.
fn registers() -> ([Register; 2], Vec<String>) {
    let (folder, store) = open();
    import(&store, "public", &[public()]);
    secret_results::compute(&*store, "first");
    secret_results::desk(&*store, &[]);
    let plain = Register { door: Door::to(store), _folder: folder };
    let (folder, store) = open();
    let mut first = secrets(Visibility::Private);
    let later = (std::mem::take(&mut first.samples), std::mem::take(&mut first.claims));
    first.bodies.retain(|body| body.id != body_id("secret place"));
    first.holes.clear();
    let fixture = public();
    let before = Batch {
        sources: [fixture.sources.clone(), first.sources.clone()].concat(),
        sites: [first.sites.clone(), fixture.sites.clone()].concat(),
        bodies: first.bodies.clone(),
        ..Batch::default()
    };
    import(&store, "before", &[before]);
    let mut open_place = public();
    let closed = secrets(Visibility::Authority);
    let secret_place = closed.bodies.iter().find(|b| b.id == body_id("secret place")).unwrap();
    for body in open_place.bodies.iter_mut().filter(|b| b.id == secret_place.id) {
        *body = secret_place.clone();
    }
    import(&store, "public", &[open_place]);
    secret_results::compute(&*store, "first");
    // all is open for a while, and what is computed then rests on it
    let opened = Visibility::Public;
    import(&store, "opened", &[secrets(opened)]);
    secret_results::compute(&*store, "second");
    secret_results::rank(&*store);
    secret_results::adopt(&*store);
    let closed_body = body_id("closed body").to_string();
    secret_results::desk(&*store, &[("zyxomma", ""), ("of closed body", &closed_body)]);
    let after = Batch { samples: later.0, claims: later.1, ..secrets(Visibility::Private) };
    import(&store, "after", &[after]);

    store.merge_bodies(body_id("closed body"), body_id("of closed source"), "A", "same").unwrap();
    let about_results = secret_results::questions(&*store);
    ([plain, Register { door: Door::to(store), _folder: folder }], about_results)
}

/// Questions that links do not lead to.
fn questions() -> Vec<String> {
    let mut all: Vec<String> =
        ["/map/points", "/search?q=zyxomma", "/search?q=b", "/search?q=report"]
            .map(String::from)
            .into();
    for id in ["closed body", "of closed source", "of closed site", "hidden"] {
        all.push(format!("/collections/bodies/items/{}", body_id(id)));
        for parameter in ["body", "site"] {
            all.push(format!("/collections/quantities/items?{parameter}={}", body_id(id)));
            all.push(format!("/collections/sources/items?{parameter}={}", body_id(id)));
            all.push(format!("/collections/samples/items?{parameter}={}", body_id(id)));
        }
    }
    let source = SourceId::of(&dataset(), "closed report");
    for collection in ["sites", "bodies", "samples", "assays", "quantities", "sources"] {
        let items = format!("/collections/{collection}/items");
        for form in ["csv", "html", "geojson"] {
            for limit in ["", "&limit=1", "&limit=3", "&limit=1000"] {
                all.push(format!("{items}?f={form}{limit}"));
            }
        }
        let mut boxes = vec![(-180.0, -90.0, 180.0, 90.0)];
        let (mut west, mut south, mut east, mut north) = boxes[0];
        for step in 0..14 {
            // halves of the box that hold the secrets, and the others
            if step % 2 == 0 {
                let middle = f64::midpoint(west, east);
                boxes.extend([(west, south, middle, north), (middle, south, east, north)]);
                if middle > -51.0 { east = middle } else { west = middle }
            } else {
                let middle = f64::midpoint(south, north);
                boxes.extend([(west, south, east, middle), (west, middle, east, north)]);
                if middle > 71.0 { north = middle } else { south = middle }
            }
        }
        boxes.push((15.0, 59.9, 15.1, 60.1));
        for (west, south, east, north) in boxes {
            for limit in [1, 100] {
                all.push(format!("{items}?bbox={west},{south},{east},{north}&limit={limit}"));
            }
        }
        for filter in [
            format!("source={source}"),
            "substance=Au".into(),
            "substance=Pt".into(),
            "material=Au".into(),
            "material=PGM".into(),
            "commodity=Au".into(),
            "crm=EU-2024".into(),
            "kind=submarine%20tailings".into(),
            "country=GL".into(),
            "property=volume".into(),
            "q=zyxomma".into(),
            "q=closed".into(),
            "datetime=1500/1501".into(),
        ] {
            all.push(format!("{items}?{filter}"));
            all.push(format!("{items}?{filter}&f=csv"));
        }
    }
    all
}

/// What a register answers, without what may differ: seals, and the time of the answer.
fn told(door: &Door, address: &str) -> (String, String) {
    let answer = door.get(address);
    let mut head: Vec<String> = ["content-type", "link", "content-disposition", "location"]
        .iter()
        .map(|name| answer.header(name).to_owned())
        .collect();
    head.insert(0, answer.status.to_string());
    let text = without_moments(&String::from_utf8_lossy(&answer.body));
    (head.join(" "), text)
}

#[test]
fn what_is_not_public_changes_no_answer() {
    let (registers, about_results) = registers();
    let [plain, full] = registers.map(|register| {
        let mut told_all = BTreeMap::new();
        // an address, and the name under which it is compared: seals are counted, not compared
        let mut waiting: VecDeque<(String, String)> = questions()
            .into_iter()
            .chain(about_results.iter().cloned())
            .chain(["/".into(), "/?f=html".into()])
            .map(|a| (a.clone(), a))
            .collect();
        while let Some((address, name)) = waiting.pop_front() {
            if told_all.contains_key(&name) {
                continue;
            }
            if told_all.len() == MOST {
                break;
            }
            let (head, text) = told(&register.door, &address);
            for found in addresses(&text) {
                // other languages say the same in other words
                if found.contains("lang=") {
                    continue;
                }
                let next = without_seals(&found);
                let name =
                    if next.contains("next=…") { format!("{name} → {next}") } else { next };
                if name.matches('→').count() < 40 {
                    waiting.push_back((found, name));
                }
            }
            told_all.insert(name, (without_seals(&head), without_seals(&text)));
        }
        told_all
    });
    assert_eq!(plain.len(), MOST);
    assert!(plain.values().all(|(head, _)| !head.starts_with('5')), "a failure hides differences");
    for (name, told) in &plain {
        let other = full.get(name).unwrap_or_else(|| panic!("{name} is not reached any more"));
        assert_eq!(told.0, other.0, "{name}");
        assert_eq!(told.1, other.1, "{name}");
    }
    let more: Vec<&String> = full.keys().filter(|name| !plain.contains_key(*name)).collect();
    assert_eq!(more, Vec::<&String>::new());
    for (name, (_, text)) in &full {
        let asked = name.to_lowercase().contains("zyxomma");
        assert!(asked || !text.to_lowercase().contains("zyxomma"), "{name}");
        assert!(!text.contains("97531"), "{name}");
    }
}
