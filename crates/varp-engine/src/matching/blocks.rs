//! Which pairs are worth a comparison.

use std::collections::{BTreeSet, HashMap};

use super::Thing;
use super::name::{Name, skeleton};

/// A key that more things share than this says nothing.
const CROWD: usize = 60;
/// Edge of a neighbourhood, degrees of latitude: about 2 km.
const CELL: f64 = 0.02;

/// Pairs that share a token, a skeleton or a neighbourhood, each once, in order.
pub(crate) fn pairs(things: &[Thing], names: &[Vec<Name>]) -> BTreeSet<(usize, usize)> {
    let mut blocks: HashMap<String, Vec<usize>> = HashMap::new();
    let mut put = |key: String, at: usize| {
        let block = blocks.entry(key).or_default();
        if block.last() != Some(&at) {
            block.push(at);
        }
    };
    for (at, spellings) in names.iter().enumerate() {
        for name in spellings {
            for token in &name.tokens {
                put(format!("t{token}"), at);
                if token.chars().count() >= 4 {
                    put(format!("s{}", skeleton(token)), at);
                    let head: String = token.chars().take(5).collect();
                    put(format!("h{head}"), at);
                }
            }
        }
    }
    let mut cells: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (at, thing) in things.iter().enumerate() {
        if let Some(cell) = cell(thing) {
            cells.entry(cell).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for block in blocks.values().filter(|b| b.len() <= CROWD) {
        for (i, &a) in block.iter().enumerate() {
            pairs.extend(block[i + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    for (&(x, y), here) in cells.iter().filter(|(_, here)| here.len() <= CROWD) {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (1, -1)] {
            let Some(there) = cells.get(&(x + dx, y + dy)).filter(|t| t.len() <= CROWD) else {
                continue;
            };
            for &a in here {
                let other = there.iter().filter(|&&b| b != a && ((dx, dy) != (0, 0) || b > a));
                pairs.extend(other.map(|&b| (a.min(b), a.max(b))));
            }
        }
    }
    pairs
}

/// The neighbourhood of a thing; cells keep about their width in metres towards the poles.
fn cell(thing: &Thing) -> Option<(i64, i64)> {
    let place = thing.place?;
    if place.longitude() == 0.0 && place.latitude() == 0.0 {
        return None; // nowhere
    }
    let row = (place.latitude() / CELL).floor();
    let width = CELL / (row * CELL).to_radians().cos().max(0.02);
    #[expect(clippy::cast_possible_truncation, reason = "some thousand cells")]
    Some(((place.longitude() / width).floor() as i64, row as i64))
}
