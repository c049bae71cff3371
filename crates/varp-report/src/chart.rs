//! The one chart that every report of quantities needs: ranges on one scale.

use crate::drawing::{Anchor, Drawing, Ink, Shape};

/// A row of a range chart, in the unit of its scale.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeRow {
    /// Its name.
    pub label: String,
    /// Its value as printed.
    pub value: String,
    /// Low end, if a range is given.
    pub low: Option<f64>,
    /// Best value, if one is given.
    pub best: Option<f64>,
    /// High end, if a range is given.
    pub high: Option<f64>,
}

const WIDTH: f64 = 480.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 100.0;
const ROW: f64 = 20.0;
const TOP: f64 = 6.0;

/// Rows of low, best and high on one scale: logarithmic where they span more than a factor of 30,
/// else from zero. `unit` stands under the scale. `None` if no row has a number.
pub fn range_chart(rows: &[RangeRow], unit: &str) -> Option<Drawing> {
    let numbers = rows.iter().flat_map(|row| [row.low, row.best, row.high]).flatten();
    let numbers: Vec<f64> = numbers.filter(|v| v.is_finite()).collect();
    let highest = numbers.iter().copied().reduce(f64::max)?;
    let lowest = numbers.iter().copied().filter(|v| *v > 0.0).reduce(f64::min)?;
    let scale = Scale::of(lowest, highest);
    let inner = WIDTH - LEFT - RIGHT;
    let x = |value: f64| LEFT + inner * scale.place(value);
    let bottom = TOP + ROW * count(rows.len());
    let mut drawing = Drawing { width: WIDTH, height: bottom + 30.0, shapes: Vec::new() };
    for tick in scale.ticks() {
        drawing.shapes.push(Shape::Line {
            points: vec![(x(tick), TOP), (x(tick), bottom)],
            width: 0.5,
            ink: Ink::LINE,
        });
        drawing.shapes.push(text(x(tick), bottom + 11.0, Anchor::Middle, &number(tick)));
    }
    drawing.shapes.push(text(LEFT + inner / 2.0, bottom + 24.0, Anchor::Middle, unit));
    for (at, row) in rows.iter().enumerate() {
        let middle = TOP + ROW * (count(at) + 0.5);
        drawing.shapes.push(text(LEFT - 8.0, middle + 3.0, Anchor::End, &row.label));
        if let (Some(low), Some(high)) = (row.low, row.high) {
            drawing.shapes.push(Shape::Rectangle {
                x: x(low),
                y: middle - 4.0,
                width: (x(high) - x(low)).max(1.5),
                height: 8.0,
                fill: Ink::WASH,
            });
        }
        if let Some(best) = row.best {
            drawing.shapes.push(Shape::Rectangle {
                x: x(best) - 1.25,
                y: middle - 6.5,
                width: 2.5,
                height: 13.0,
                fill: Ink::ACCENT,
            });
        }
        drawing.shapes.push(text(WIDTH - RIGHT + 8.0, middle + 3.0, Anchor::Start, &row.value));
    }
    Some(drawing)
}

fn text(x: f64, y: f64, anchor: Anchor, words: &str) -> Shape {
    let ink = Ink::TEXT;
    Shape::Text { x, y, size: 8.5, anchor, strong: false, ink, text: words.to_owned() }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a chart are few")]
fn count(rows: usize) -> f64 {
    rows as f64
}

/// A tick as people write it.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 1e6 => format!("{} M", value / 1e6),
        v if v >= 1e4 => format!("{} k", value / 1e3),
        _ => format!("{}", (value * 1e6).round() / 1e6),
    }
}

#[derive(Clone, Copy)]
enum Scale {
    Linear { high: f64 },
    Log { low: f64, high: f64 },
}

impl Scale {
    fn of(lowest: f64, highest: f64) -> Self {
        if highest / lowest > 30.0 {
            let low = 10f64.powf(lowest.log10().floor());
            Self::Log { low, high: 10f64.powf(highest.log10().ceil()) }
        } else {
            Self::Linear { high: highest * 1.05 }
        }
    }

    fn place(self, value: f64) -> f64 {
        let place = match self {
            Self::Linear { high } => value / high,
            Self::Log { low, .. } if value <= low => 0.0,
            Self::Log { low, high } => (value / low).log10() / (high / low).log10(),
        };
        place.clamp(0.0, 1.0)
    }

    fn ticks(self) -> Vec<f64> {
        match self {
            Self::Linear { high } => {
                let rough = high / 4.0;
                let power = 10f64.powf(rough.log10().floor());
                let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|n| n * power >= rough);
                let step = step.unwrap_or(10.0) * power;
                (0..=4).map(|i| f64::from(i) * step).filter(|t| *t <= high * 1.001).collect()
            }
            Self::Log { low, high } => {
                let decades = (high / low).log10().round().max(1.0);
                let step = (decades / 5.0).ceil();
                let ticks = (0..=5).map(|i| low * 10f64.powf(f64::from(i) * step));
                ticks.filter(|t| *t <= high * 1.001).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_show_is_no_chart() {
        assert!(range_chart(&[], "t").is_none());
    }

    #[test]
    fn a_value_without_a_range_is_a_tick_alone() {
        let row = RangeRow {
            label: "Cu".into(),
            value: "5".into(),
            low: None,
            best: Some(5.0),
            high: None,
        };
        let drawing = range_chart(&[row], "t").unwrap();
        let filled =
            |ink| move |s: &&Shape| matches!(s, Shape::Rectangle { fill, .. } if *fill == ink);
        assert_eq!(drawing.shapes.iter().filter(filled(Ink::ACCENT)).count(), 1);
        assert_eq!(drawing.shapes.iter().filter(filled(Ink::WASH)).count(), 0);
    }
}
