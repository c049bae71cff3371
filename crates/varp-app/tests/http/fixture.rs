//! A register small enough to know by heart.

use varp_model::*;

pub fn dataset() -> Dataset {
    Dataset("fixture".into())
}

fn origin(key: &str) -> Origin {
    Origin { dataset: dataset(), key: key.into() }
}

fn locator(row: u32, column: &str) -> Locator {
    Locator {
        page: None,
        file: Some("tailings.xlsx".into()),
        sheet: Some("Bodies".into()),
        row: Some(row),
        column: Some(column.into()),
    }
}

fn position(longitude: f64, latitude: f64, visibility: Visibility) -> Position {
    Position {
        place: LonLat::new(longitude, latitude).unwrap(),
        original: Original { x: longitude, y: latitude, crs: Crs::WGS84 },
        accuracy_m: Some(50.0),
        visibility,
    }
}

pub fn source_id() -> SourceId {
    SourceId::of(&dataset(), "report")
}

pub fn site_id() -> SiteId {
    SiteId::of(&dataset(), "hill")
}

/// The body of this key: `b00` to `b24` lie in a row; `hidden` is private, `placeless` has no
/// place, `secret place` has one that is not public.
pub fn body_id(key: &str) -> BodyId {
    BodyId::of(&dataset(), key)
}

pub fn claim_id() -> ClaimId {
    ClaimId::of(&dataset(), "b00 mass")
}

pub fn sample_id() -> SampleId {
    SampleId::of(&dataset(), "s1")
}

fn body(key: &str, kind: &str, position: Option<Position>) -> Body {
    Body {
        id: body_id(key),
        origin: origin(key),
        site: site_id(),
        name: format!("Body {key}"),
        aliases: vec!["Gamla högen".into()],
        kind: BodyKind(kind.into()),
        position,
        footprint: None,
        period: None,
        status: Some("abandoned".into()),
        storage: None,
        list_of_waste: None,
        commodities: vec!["Cu".into()],
        origin_deposit: None,
        deposit_type: None,
        note: None,
        source: source_id(),
        locator: locator(2, "Name"),
        visibility: Visibility::Public,
        licence: None,
    }
}

fn bodies() -> Vec<Body> {
    let mut bodies: Vec<Body> = (0..25)
        .map(|i| {
            let kind = if i % 2 == 0 { "tailings" } else { "waste rock" };
            let place = position(15.0 + f64::from(i) * 0.1, 60.0, Visibility::Public);
            body(&format!("b{i:02}"), kind, Some(place))
        })
        .collect();
    bodies[0].period = Some("1897/1963".parse().unwrap());
    bodies[1].period = Some("1970/1990".parse().unwrap());
    bodies[2].name = "Stora \"Varpen\", =old".into();
    let mut hidden = body("hidden", "slag", Some(position(15.05, 60.0, Visibility::Public)));
    hidden.visibility = Visibility::Private;
    let placeless = body("placeless", "slag", None);
    let secret = body("secret place", "slag", Some(position(100.0, 10.0, Visibility::Authority)));
    bodies.extend([hidden, placeless, secret]);
    bodies
}

fn mass(references: &References) -> Claim {
    let unit = Unit::parse("kt").unwrap();
    assert!(references.property("mass").is_some());
    Claim {
        id: claim_id(),
        origin: origin("b00 mass"),
        subject: Subject::Body(body_id("b00")),
        property: "mass".into(),
        substance: None,
        value: ClaimValue::Number(Range {
            best: Some(820.0),
            spread: Spread::Range { low: 720.0, high: 920.0, coverage: Coverage::Unstated },
            unit,
            reported: "820 (720–920) kt".into(),
        }),
        basis: Basis::Dry,
        term: Term::Remaining,
        date: Some("1998".parse().unwrap()),
        period: None,
        method: Some("survey and 12 augers".into()),
        note: None,
        source: source_id(),
        locator: Locator { page: Some("p. 14".into()), ..locator(3, "Mass") },
        preferred: None,
        visibility: Visibility::Public,
        licence: None,
    }
}

fn sample() -> Sample {
    Sample {
        id: sample_id(),
        origin: origin("s1"),
        name: "S-1".into(),
        body: Some(body_id("b00")),
        hole: None,
        position: Some(position(15.001, 60.0, Visibility::Public)),
        from_m: Some(0.0),
        to_m: Some(1.5),
        method: None,
        mass_kg: Some(2.5),
        size_fraction: None,
        date: Some("1998-07".parse().unwrap()),
        role: QaRole::Original,
        source: source_id(),
        locator: locator(5, "Sample"),
        visibility: Visibility::Public,
        licence: None,
    }
}

/// The import that brings it.
pub fn import() -> Import {
    Import {
        id: ImportId::of(&dataset(), "first"),
        dataset: dataset(),
        files: vec![("tailings.xlsx".into(), "0".repeat(64))],
        mapping: String::new(),
        actor: "a test".into(),
        time: "2026-01-01T00:00:00Z".into(),
        program: "varp".into(),
    }
}

/// All of it, as an import hands it over.
pub fn batch() -> Batch {
    let references = References::embedded();
    let determination = |symbol: &str| Determination {
        substance: Substance::parse(symbol, &references).unwrap(),
        unit: Unit::parse("ppm").unwrap(),
        basis: Basis::Dry,
        digestion: None,
        method: Some("ME-MS61".into()),
        laboratory: None,
        detection_limit: Some(0.1),
        upper_limit: None,
        size_fraction: None,
        column: format!("{symbol}_ppm"),
    };
    let result = |determination, value| Assay { determination, value };
    let nickel = Measured::Exact(Reported::parse("35.0").unwrap());
    let cobalt = Measured::Below(Reported::parse("0.10").unwrap());
    let assays = vec![result(DeterminationId(0), nickel), result(DeterminationId(1), cobalt)];
    Batch {
        sources: vec![Source {
            id: source_id(),
            origin: origin("report"),
            title: "Old dumps of the hill".into(),
            authors: Some("A. Surveyor".into()),
            date: Some("1998".parse().unwrap()),
            address: None,
            licence: Some(Licence("CC-BY-4.0".into())),
            file_hash: None,
            reliability: None,
            visibility: Visibility::Public,
        }],
        sites: vec![Site {
            id: site_id(),
            origin: origin("hill"),
            name: "The Hill".into(),
            aliases: vec!["Kullen".into()],
            country: "SE".parse().unwrap(),
            municipality: None,
            position: Some(position(15.0, 60.0, Visibility::Public)),
            note: None,
            source: source_id(),
            locator: locator(2, "Site"),
            visibility: Visibility::Public,
            licence: None,
        }],
        bodies: bodies(),
        determinations: vec![determination("Ni"), determination("Co")],
        samples: vec![SampleRow { sample: sample(), assays }],
        claims: vec![mass(&references)],
        ..Batch::default()
    }
}
