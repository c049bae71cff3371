//! Mean of values of which some lie below detection limits, with an interval.
#![allow(clippy::print_stdout)]

use varp_geostat::stats::bootstrap;
use varp_geostat::stats::censored::{Observation::*, RegressionOnOrder, advice};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arsenic_ppm = [
        Exact(12.0),
        Exact(7.5),
        Below(5.0),
        Exact(31.0),
        Below(5.0),
        Exact(9.1),
        Below(10.0),
        Exact(18.0),
        Exact(5.6),
        Exact(11.0),
    ];
    println!("advice: {:?}", advice(&arsenic_ppm));
    let fit = RegressionOnOrder::fit(&arsenic_ppm)?;
    let mean = |data: &[_]| RegressionOnOrder::fit(data).map(|fit| fit.mean());
    let interval = bootstrap(&arsenic_ppm, 1000, 0.80, 1, mean)?;
    println!(
        "mean {:.2} ppm, 80 % interval {:.2} to {:.2}",
        fit.mean(),
        interval.low,
        interval.high
    );
    Ok(())
}
