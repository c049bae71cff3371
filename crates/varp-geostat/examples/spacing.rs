//! How well three drill spacings would know a quarter's metal.
#![allow(clippy::print_stdout)]

use varp_geostat::krige::Grid;
use varp_geostat::progress::Progress;
use varp_geostat::simulate::{Scores, SequentialGaussian, SpacingStudy};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid = Grid { origin: [5.0, 5.0, 0.0], step: [10.0, 10.0, 1.0], count: [80, 60, 1] };
    let simulation = SequentialGaussian::new("0.1 nug + 0.9 sph(150)".parse()?, 32);
    let nobody = Progress::none();
    let truths = simulation.fit(&grid, &[], &nobody)?;
    let truths = truths.simulate(Scores::Fixed(&[]), 20, 1, &nobody)?;
    let quarters: Vec<u32> = (0..4800).map(|node| (node % 80) / 20).collect();
    let study = SpacingStudy {
        simulation,
        grid,
        masses: &vec![900.0; grid.len()],
        periods: &quarters,
        spacings: &[[3, 3], [6, 6], [12, 12]],
        realisations: 100,
        coverage: 0.90,
        tolerance: 0.15,
        seed: 2,
    };
    for row in study.run(&truths, |score| (0.7 * score).exp(), &nobody)? {
        let (metres, holes) = (10 * row.spacing[0], row.holes);
        println!(
            "{metres} m, {holes} holes: ±{:.0} %, {:.0} % of quarters within ±15 %",
            100.0 * row.half_width.best,
            100.0 * row.share_within
        );
    }
    Ok(())
}
