//! How a body between two surfaces fills: volume below and area at each level.

use maud::{Markup, html};
use varp_engine::estimate::Level;

use super::super::language::Message as M;
use super::super::number;
use super::super::view::View;
use crate::chart;

/// Two charts and their table; nothing where the estimate knows no levels.
pub fn section(levels: &[Level], view: &View<'_>) -> Markup {
    let (Some(first), Some(last)) = (levels.first(), levels.last()) else { return html! {} };
    let step = (last.height_m - first.height_m) / levels.len() as f64;
    let decimals = number::decimals_of_range(0.0, step).max(0);
    let height = |metres: f64| number::fixed(metres, decimals, view.language);
    let whole = |value: f64| number::fixed(value, 0, view.language);
    let words = |message| {
        let ends = [("from", &height(first.height_m)), ("to", &height(last.height_m))];
        view.fill(message, &ends.map(|(name, text)| (name, text.as_str())))
    };
    let figure =
        |title, said: String, along: String, of: fn(&Level) -> f64| {
            let points: Vec<_> = levels.iter().map(|level| (level.height_m, of(level))).collect();
            let titles = (along.as_str(), view.text(M::AxisHeight));
            let chart = chart::levels(&points, titles, whole, height, &said);
            chart.map(|chart| html! {
            figure { figcaption { b { (view.say(title)) } " " span .small { (said) } } (chart) }
        })
        };
    let volume = format!("{}, m³", view.text(M::Volume));
    let area = format!("{}, m²", view.text(M::Area));
    let most = [("volume", whole(last.volume_m3))];
    let most = most.each_ref().map(|(name, text)| (*name, text.as_str()));
    let below = format!("{} {}", words(M::VolumeBelowWords), view.fill(M::VolumeBelowAll, &most));
    html! {
        h3 { (view.say(M::Levels)) }
        p .small { (view.say(M::LevelsAbout)) }
        div .charts {
            @for chart in [
                figure(M::VolumeBelow, below, volume.clone(), |l| l.volume_m3),
                figure(M::AreaAtLevel, words(M::AreaAtLevelWords), area.clone(), |l| l.area_m2),
            ].into_iter().flatten() { (chart) }
        }
        details {
            summary { (view.say(M::LevelsTable)) }
            table .levels {
                thead { tr {
                    th scope="col" { (view.text(M::LevelHeight)) }
                    th scope="col" .number { (area) }
                    th scope="col" .number { (volume) }
                } }
                tbody {
                    @for level in levels {
                        tr {
                            th scope="row" { (height(level.height_m)) " m" }
                            td .number data-label=(area) { (whole(level.area_m2)) }
                            td .number data-label=(volume) { (whole(level.volume_m3)) }
                        }
                    }
                }
            }
        }
    }
}
