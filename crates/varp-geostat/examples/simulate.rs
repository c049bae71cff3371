//! Grades above a cut-off from 100 realisations, with a low, best and high tonnage.
#![allow(clippy::print_stdout)]

use varp_geostat::krige::Grid;
use varp_geostat::progress::Progress;
use varp_geostat::simulate::{Scores, SequentialGaussian};
use varp_geostat::transform::{LowerTail, NormalScore, Tails, UpperTail};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let places: Vec<[f64; 3]> =
        (0..60).map(|i| [f64::from(i * 37 % 400), f64::from(i * 89 % 300), 0.0]).collect();
    let grades: Vec<f64> = places.iter().map(|p| 1.0 + (p[0] / 90.0).sin().powi(2)).collect();
    let tails = Tails {
        lower: LowerTail::Linear { min: 0.0 },
        upper: UpperTail::Hyperbolic { max: 10.0, exponent: 3.0 },
    };
    let transform = NormalScore::fit(&grades, &vec![1.0; grades.len()], tails)?;
    let scores: Vec<f64> = grades.iter().map(|g| transform.score(*g)).collect();

    let grid = Grid { origin: [2.5, 2.5, 0.0], step: [5.0, 5.0, 1.0], count: [80, 60, 1] };
    let plan = SequentialGaussian::new("0.1 nug + 0.9 sph(120)".parse()?, 32);
    let path = plan.fit(&grid, &places, &Progress::none())?;
    let mut fields = path.simulate(Scores::Fixed(&scores), 100, 1, &Progress::none())?;
    fields.map(|score| transform.value(score));

    let (blocks, fields) = fields.to_blocks(&grid, [4, 4, 1])?;
    let tonnes = vec![20.0 * 20.0 * 5.0 * 1.8; blocks.len()];
    for row in fields.grade_tonnage(&tonnes, &[1.0, 1.5])? {
        println!("cut-off {}: {:.0?} t, grade {:.3?}", row.cutoff, row.tonnage, row.grade);
    }
    Ok(())
}
