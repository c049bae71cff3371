//! Volumes against their closed forms, and errors of surfaces against theirs.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use geo_types::{MultiPolygon, Polygon};
use varp_engine::estimate::{
    BaseFrom, Basis, Belief, BodyData, Dem, DensityFrom, GroundPoint, MassFrom, Priors, Quantity,
    SurfaceError, ThicknessPoint, isopach_volume, mean_error, volume,
};

fn exact(value: f64) -> Quantity {
    Quantity { belief: Belief::Exact(value), basis: Basis::Measured, source: "test".into() }
}

fn find(
    mass: &MassFrom,
    data: &BodyData,
) -> Result<Option<varp_engine::estimate::VolumeFound>, varp_engine::estimate::EstimateError> {
    volume(mass, data, &Priors::embedded())
}

fn density() -> DensityFrom {
    DensityFrom::Dry(exact(1.5))
}

const SMALL: SurfaceError = SurfaceError { offset_sd_m: 0.05, sd_m: 0.3, range_m: 60.0 };

fn square(side: f64) -> MultiPolygon<f64> {
    let ring = vec![(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
    MultiPolygon(vec![Polygon::new(ring.into(), vec![])])
}

fn dem(side: usize, height: impl Fn(f64, f64) -> f64) -> Dem {
    let cell = 2.0;
    let heights = (0..side * side).map(|i| {
        let (x, y) = ((i % side) as f64, (i / side) as f64);
        height((x + 0.5) * cell, side as f64 * cell - (y + 0.5) * cell)
    });
    Dem::new(side, side, cell, (0.0, side as f64 * cell), heights.collect()).unwrap()
}

#[test]
fn a_cone_and_a_frustum_have_their_volumes() {
    let dump = |upper: f64| MassFrom::Frustum {
        lower_radius_m: exact(60.0),
        upper_radius_m: exact(upper),
        height_m: exact(25.0),
        density: density(),
    };
    let best = |m: &MassFrom| find(m, &BodyData::default()).unwrap().unwrap().best();
    assert!((best(&dump(0.0)) / (PI * 3600.0 * 25.0 / 3.0) - 1.0).abs() < 1e-9);
    let frustum = PI * 25.0 / 3.0 * (3600.0 + 400.0 + 1200.0);
    assert!((best(&dump(20.0)) / frustum - 1.0).abs() < 1e-9);
}

/// Isopachs of a paraboloid of radius 100 and depth 10: areas shrink linearly with thickness.
#[test]
fn isopachs_of_a_paraboloid_give_its_volume() {
    let lines: Vec<[f64; 2]> =
        (0..=50).map(|i| f64::from(i) * 0.2).map(|t| [t, PI * 1e4 * (1.0 - t / 10.0)]).collect();
    let found = isopach_volume(&lines).unwrap();
    assert!((found / (PI * 1e4 * 10.0 / 2.0) - 1.0).abs() < 1e-3, "{found}");
    assert!(isopach_volume(&[[1.0, 10.0], [0.5, 5.0]]).is_err());
}

#[test]
fn a_paraboloid_between_two_surfaces_has_its_volume_and_its_error() {
    let (radius, depth, centre) = (90.0, 12.0, 100.0);
    let bowl = |x: f64, y: f64| {
        let square = ((x - centre).powi(2) + (y - centre).powi(2)) / (radius * radius);
        -depth * (1.0 - square).max(0.0)
    };
    let surfaces: BTreeMap<String, Dem> =
        [("top".to_owned(), dem(100, |_, _| 0.0)), ("base".to_owned(), dem(100, bowl))].into();
    let data = BodyData { surfaces, ..BodyData::default() };
    let mass = MassFrom::Surfaces {
        top: "top".into(),
        base: BaseFrom::Surface { name: "base".into(), error: SMALL },
        top_error: SMALL,
        density: density(),
        source: String::new(),
    };
    let found = find(&mass, &data).unwrap().unwrap();
    let truth = PI * radius * radius * depth / 2.0;
    assert!((found.best() / truth - 1.0).abs() < 1e-3, "{}", found.best() / truth);
}

#[test]
fn a_base_above_its_top_is_refused() {
    let surfaces: BTreeMap<String, Dem> =
        [("top".to_owned(), dem(10, |_, _| 0.0)), ("base".to_owned(), dem(10, |_, _| 5.0))].into();
    let data = BodyData { surfaces, ..BodyData::default() };
    let mass = |name: &str| MassFrom::Surfaces {
        top: "top".into(),
        base: BaseFrom::Surface { name: name.into(), error: SMALL },
        top_error: SMALL,
        density: density(),
        source: String::new(),
    };
    let error = find(&mass("base"), &data).unwrap_err();
    assert!(error.to_string().contains("the base lies above the top by up to 5 m in 100 cells"));
    let error = find(&mass("1950"), &data).unwrap_err();
    assert!(error.to_string().contains("its surfaces are base, top"), "{error}");
}

/// An old map and a survey from the air never have the same cells.
#[test]
fn a_base_of_other_cells_is_interpolated_and_told() {
    let plane = |x: f64, y: f64| 0.02 * x - 0.03 * y;
    let coarse: Vec<f64> = (0..60 * 60)
        .map(|i| plane(f64::from(i % 60) * 5.0 + 2.5 - 50.0, 250.0 - f64::from(i / 60) * 5.0 - 2.5))
        .collect();
    let base = Dem::new(60, 60, 5.0, (-50.0, 250.0), coarse).unwrap();
    let surfaces: BTreeMap<String, Dem> =
        [("top".to_owned(), dem(100, |x, y| plane(x, y) + 4.0)), ("1951".to_owned(), base)].into();
    let data = BodyData { surfaces, outline: Some(square(200.0)), ..BodyData::default() };
    let mass = MassFrom::Surfaces {
        top: "top".into(),
        base: BaseFrom::Surface { name: "1951".into(), error: SMALL },
        top_error: SMALL,
        density: density(),
        source: String::new(),
    };
    let found = find(&mass, &data).unwrap().unwrap();
    assert!((found.best() / 160_000.0 - 1.0).abs() < 1e-6, "{}", found.best());
    assert!(found.warnings[0].contains("interpolated to the cells of top"), "{:?}", found.warnings);
    let last = found.levels.last().unwrap();
    assert!((last.volume_m3 / 160_000.0 - 1.0).abs() < 1e-6, "all is below the highest level");
    assert!(found.levels.windows(2).all(|l| l[0].volume_m3 <= l[1].volume_m3));
}

/// A pond on a tilted plain: its base is found from the ground around it, without any point given.
#[test]
fn the_rim_is_read_off_the_surface_where_nobody_measured_it() {
    let plain = |x: f64, y: f64| 50.0 + 0.02 * x - 0.01 * y;
    let pond = |x: f64, y: f64| (50.0..150.0).contains(&x) && (50.0..150.0).contains(&y);
    let top = dem(100, |x, y| plain(x, y) + if pond(x, y) { 6.0 } else { 0.0 });
    let ring = [(50.0, 50.0), (150.0, 50.0), (150.0, 150.0), (50.0, 150.0), (50.0, 50.0)];
    let outline = MultiPolygon(vec![Polygon::new(ring.to_vec().into(), vec![])]);
    let mut data = BodyData {
        surfaces: [("lidar".to_owned(), top)].into(),
        outline: Some(outline),
        ..BodyData::default()
    };
    let mass = MassFrom::Surfaces {
        top: "lidar".into(),
        base: BaseFrom::Rim { sd_m: 1.0, range_m: 100.0 },
        top_error: SMALL,
        density: density(),
        source: String::new(),
    };
    let found = find(&mass, &data).unwrap().unwrap();
    assert!((found.best() / 60_000.0 - 1.0).abs() < 1e-3, "{}", found.best());
    data.outline = None;
    let error = find(&mass, &data).unwrap_err().to_string();
    assert!(error.contains("no outline"), "{error}");
}

/// A deviation that is no number must not make the error vanish.
#[test]
fn errors_of_surfaces_that_are_none_are_refused() {
    let surfaces =
        || [("top".to_owned(), dem(10, |_, _| 9.0)), ("base".to_owned(), dem(10, |_, _| 5.0))];
    let data = BodyData { surfaces: surfaces().into(), ..BodyData::default() };
    let of = |top_error, base| {
        let mass = MassFrom::Surfaces {
            top: "top".into(),
            base,
            top_error,
            density: density(),
            source: String::new(),
        };
        find(&mass, &data).map(|_| ()).map_err(|e| e.to_string())
    };
    let second = |error| BaseFrom::Surface { name: "base".into(), error };
    assert_eq!(of(SMALL, second(SMALL)), Ok(()));
    for (wrong, said) in [
        (SurfaceError { sd_m: -1.0, ..SMALL }, "sd_m of the upper surface is -1"),
        (
            SurfaceError { offset_sd_m: f64::NAN, ..SMALL },
            "offset_sd_m of the upper surface is NaN",
        ),
        (SurfaceError { range_m: 0.0, ..SMALL }, "range_m of the upper surface is 0"),
    ] {
        assert!(of(wrong, second(SMALL)).unwrap_err().contains(said));
        let said = said.replace("the upper surface", "base");
        assert!(of(SMALL, second(wrong)).unwrap_err().contains(&said));
    }
    let thickness =
        MassFrom::Thickness { area_sd: f64::NAN, source: String::new(), density: density() };
    assert!(find(&thickness, &data).unwrap_err().to_string().contains("area_sd is NaN"));
    let rim = BaseFrom::Rim { sd_m: -1.0, range_m: 50.0 };
    assert!(of(SMALL, rim).unwrap_err().contains("sd_m of the base is -1"));
}

/// Independent pixels would make the error of a mean vanish; a field keeps what hangs together.
#[test]
fn an_error_over_a_distance_averages_out_only_beyond_it() {
    let places: Vec<[f64; 2]> =
        (0..400).map(|i| [f64::from(i % 20) * 10.0, f64::from(i / 20) * 10.0]).collect();
    let short = SurfaceError { offset_sd_m: 0.0, sd_m: 1.0, range_m: 1e-3 };
    assert!((mean_error(&short, &places) - 1.0 / 200.0_f64.sqrt()).abs() < 1e-3);
    let long = SurfaceError { range_m: 1e6, ..short };
    assert!((mean_error(&long, &places) - 1.0).abs() < 1e-3);
    let offset = SurfaceError { offset_sd_m: 0.3, ..short };
    assert!(mean_error(&offset, &places) > 0.3);
}

/// A tilted old ground is found again from its rim; soundings narrow the error.
#[test]
fn the_base_from_the_rim_is_exact_on_a_plane_and_soundings_narrow_it() {
    let plane = |x: f64, y: f64| 50.0 + 0.02 * x - 0.01 * y;
    let surfaces: BTreeMap<String, Dem> = [("top".to_owned(), dem(100, |_, _| 60.0))].into();
    let mut data = BodyData { surfaces, outline: Some(square(200.0)), ..BodyData::default() };
    for i in 0..40 {
        let t = f64::from(i) * 20.0;
        let (x, y) = match i / 10 {
            0 => (t, 0.0),
            1 => (200.0, t - 200.0),
            2 => (600.0 - t, 200.0),
            _ => (0.0, 800.0 - t),
        };
        data.ground.push(GroundPoint { at: [x, y], height_m: plane(x, y), sounded: false });
    }
    let mass = |base| MassFrom::Surfaces {
        top: "top".into(),
        base,
        top_error: SurfaceError { offset_sd_m: 0.0, sd_m: 0.0, range_m: 1.0 },
        density: density(),
        source: String::new(),
    };
    let rim = find(&mass(BaseFrom::Rim { sd_m: 2.0, range_m: 150.0 }), &data).unwrap().unwrap();
    let truth = 200.0 * 200.0 * (60.0 - plane(100.0, 100.0));
    assert!((rim.best() / truth - 1.0).abs() < 1e-3, "{} {truth}", rim.best());
    for i in 0..9 {
        let (x, y) = (50.0 * f64::from(1 + i % 3), 50.0 * f64::from(1 + i / 3));
        data.ground.push(GroundPoint { at: [x, y], height_m: plane(x, y), sounded: true });
    }
    let soundings = BaseFrom::Soundings { sounding_sd_m: 0.5, sd_m: 2.0, range_m: 150.0 };
    let sounded = find(&mass(soundings), &data).unwrap().unwrap();
    let width = |v: &varp_engine::estimate::VolumeFound| {
        let base = &v.inputs[2].1;
        base.quantile(0.9) - base.quantile(0.1)
    };
    assert!(width(&sounded) < 0.6 * width(&rim), "{} {}", width(&sounded), width(&rim));
}

#[test]
fn thickness_at_points_gives_a_volume_with_an_interval() {
    let point = |x: f64, y: f64, t: f64| ThicknessPoint { at: [x, y], thickness_m: t, sd_m: 0.1 };
    let data = BodyData {
        outline: Some(square(200.0)),
        thickness: vec![
            point(40.0, 40.0, 4.0),
            point(160.0, 40.0, 6.0),
            point(40.0, 160.0, 5.0),
            point(160.0, 160.0, 7.0),
            point(100.0, 100.0, 5.5),
        ],
        ..BodyData::default()
    };
    let mass = MassFrom::Thickness { area_sd: 0.01, source: String::new(), density: density() };
    let found = find(&mass, &data).unwrap().unwrap();
    let thickness = &found.inputs[1].1;
    let [low, best, high] = [0.1, 0.5, 0.9].map(|p| thickness.quantile(p));
    assert!(low < best && best < high && (best - 5.5).abs() < 0.3, "{low} {best} {high}");
}
