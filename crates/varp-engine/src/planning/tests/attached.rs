//! Which ground the mass is taken from where surfaces or points are attached.

use geo_types::{LineString, MultiPolygon, Polygon};
use varp_model::{Attachment, ResultId, Role, StatedError};

use super::*;

/// Old ground at 50 m around and under a square of 100 m with 6 m of fill.
fn flat(height: impl Fn(bool) -> f64) -> String {
    let row = |y: usize| -> String {
        let inside = |x: usize| (5..15).contains(&x) && (5..15).contains(&y);
        (0..20).map(|x| height(inside(x)).to_string()).collect::<Vec<_>>().join(" ")
    };
    let rows: Vec<String> = (0..20).map(row).collect();
    format!("ncols 20\nnrows 20\nxllcorner 0\nyllcorner 0\ncellsize 10\n{}\n", rows.join("\n"))
}

fn attached(name: &str, role: Role, text: &str) -> AttachedFile {
    let attachment = Attachment {
        name: name.into(),
        role,
        source: "a survey".into(),
        date: "2019".into(),
        licence: None,
        epsg: 3006,
        error: StatedError { sd_m: Some(0.25), ..StatedError::default() },
        file: String::new(),
        file_hash: String::new(),
        kept: String::new(),
        holds: String::new(),
    };
    let id = ResultId(ClaimId::of(&dataset(), name).0);
    AttachedFile::parse(id, attachment, text).unwrap()
}

fn planned(
    claims: &[Claim],
    attached: &[AttachedFile],
    change: impl Fn(&mut BodyData),
) -> Proposal {
    let corners = [(50., 50.), (150., 50.), (150., 150.), (50., 150.), (50., 50.)];
    let square = Polygon::new(LineString::from(corners.to_vec()), vec![]);
    let outline = Some(MultiPolygon(vec![square]));
    let mut data = BodyData { outline, ..BodyData::default() };
    change(&mut data);
    let body = body("tailings");
    let evidence = Evidence {
        body: &body,
        claims,
        site: &[],
        deposit: &[],
        deposit_type: None,
        footprint_m2: Some(10_000.0),
        alone: true,
        titles: &BTreeMap::new(),
        data: &data,
        attached,
        references: &References::embedded(),
    };
    let terms = Terms { effective: "2026-11-28".into(), seed: 1, draws: 1000 };
    propose(&evidence, &Priors::embedded(), &terms).unwrap()
}

fn top() -> AttachedFile {
    attached("lidar", Role::Top, &flat(|inside| if inside { 56.0 } else { 50.0 }))
}

fn base() -> AttachedFile {
    attached("map", Role::Base, &flat(|_| 50.0))
}

#[test]
fn surfaces_go_before_a_stated_mass_unless_that_is_preferred() {
    let mut claims = [claim("mass", None, 0.1, "Mt"), claim("grade", Some("Cu"), 0.2, "%")];
    let files = [top(), base()];
    let proposal = planned(&claims, &files, |_| {});
    let MassFrom::Surfaces { top, top_error, source, .. } = &proposal.plan.mass else {
        panic!("surfaces: {:?}", proposal.plan.mass)
    };
    assert_eq!((top.as_str(), top_error.sd_m), ("lidar", 0.25));
    assert!(source.contains("0.250 m (stated)") && source.contains("unverified"), "{source}");
    let choice = &proposal.choices[0];
    assert_eq!(
        (choice.about.as_str(), choice.chosen.as_str()),
        ("volume between surfaces", "60000 m3")
    );
    assert!(proposal.plan.beside[0].starts_with("stated mass"), "{:?}", proposal.plan.beside);
    let ids: Vec<&str> = proposal.plan.files.attached.ids().collect();
    assert_eq!(ids, [files[0].id.to_string(), files[1].id.to_string()]);

    claims[0].preferred = Some("weighed".into());
    let proposal = planned(&claims, &files, |_| {});
    assert!(matches!(proposal.plan.mass, MassFrom::Stated { .. }));
    assert!(proposal.plan.files.is_empty(), "what the plan does not take it does not name");
    assert!(proposal.plan.beside[0].starts_with("two surfaces"), "{:?}", proposal.plan.beside);
}

#[test]
fn measured_thickness_goes_before_a_base_that_is_only_read_off_the_rim() {
    let claims = [claim("grade", Some("Cu"), 0.2, "%")];
    let mut table = String::from("x,y,thickness\n");
    for i in 0..5 {
        table += &format!("{},{},6\n", 60 + 20 * i, 60 + 20 * i);
    }
    let augers = attached("augers", Role::Thickness, &table);
    let proposal = planned(&claims, &[top(), augers.clone()], |_| {});
    assert!(matches!(proposal.plan.mass, MassFrom::Thickness { .. }));
    assert_eq!(proposal.plan.files.attached.points[0].sd_m, Some(0.25));
    let proposal = planned(&claims, &[top()], |_| {});
    let from = |p: &Proposal| match &p.plan.mass {
        MassFrom::Surfaces { base, .. } => base.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(from(&proposal), crate::estimate::BaseFrom::Rim { .. }));
    let soundings = attached("rod", Role::Soundings, "x,y,depth\n100,100,6\n");
    let proposal = planned(&claims, &[top(), augers, soundings], |_| {});
    let crate::estimate::BaseFrom::Soundings { sounding_sd_m, .. } = from(&proposal) else {
        panic!("{:?}", proposal.plan.mass)
    };
    assert_eq!(sounding_sd_m, 0.25);
}

#[test]
fn what_is_not_taken_is_told() {
    let claims = [claim("mass", None, 0.1, "Mt"), claim("grade", Some("Cu"), 0.2, "%")];
    let told = |files: &[AttachedFile], change: fn(&mut BodyData)| {
        planned(&claims, files, change).missing.join("; ")
    };
    assert!(told(&[base()], |_| {}).contains("no surface of today is attached"));
    assert!(
        told(&[top(), base()], |data| data.outline = None)
            .contains("outline of the body is not known")
    );
    let high = attached("map", Role::Base, &flat(|_| 70.0));
    assert!(told(&[top(), high], |_| {}).contains("the base lies above the top by up to 14 m"));
    let one = attached("auger", Role::Thickness, "x,y,thickness\n100,100,6\n");
    assert!(told(&[one], |_| {}).contains(
        "the attached thickness is not taken: points and holes that reached the base are 1"
    ));
}
