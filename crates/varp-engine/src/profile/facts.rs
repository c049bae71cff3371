//! From profiles to the facts that knock-outs look at. What the register does not say is not
//! there: an unknown fact removes nothing.

use std::collections::BTreeMap;

use varp_model::LonLat;

use super::knowledge::Knowledge;
use super::{BodyRecord, Profile, statement};
use crate::rank::screen::{Fact, SiteFacts};

impl Profile {
    /// Facts of the body; `others` are the places of all bodies screened, this one included.
    pub fn facts(&self, record: &BodyRecord, others: &[LonLat], known: &Knowledge) -> SiteFacts {
        let mut facts = BTreeMap::new();
        let mut put = |name: &str, fact: Fact| facts.insert(name.to_owned(), fact);
        put("kind", Fact::Text(self.kind.clone()));
        put("country", Fact::Text(self.country.clone()));
        if let Some(commodity) = self.attributes().remove("commodity") {
            put("commodity", Fact::Text(commodity));
        }
        if let Some((lon, lat)) = self.place {
            put("lon", Fact::Number(lon));
            put("lat", Fact::Number(lat));
            if let Some(place) = LonLat::new(lon, lat) {
                let within = known.usual("screening", "distance within a cluster");
                let near = others.iter().filter(|o| place.distance_m(**o) < within).count();
                put("in_cluster", Fact::Flag(near > 1));
            }
        }
        // The high end: only what is surely small is too small.
        if let Some(mass) = &self.size.mass_t {
            put("tonnage_mt", Fact::Number(mass.high * 1e-6));
        }
        if let Some(value) = &self.value_meur {
            put("recoverable_value_meur", Fact::Number(value.high));
        }
        let spread = known.spread("water depth");
        if let Some(depth) = statement::figure(&record.claims, "water_depth", None, spread) {
            put("water_over_waste_m", Fact::Number(depth.low));
        }
        if let Some(status) = &record.body.status {
            put("active_operator_permit", Fact::Flag(status.starts_with("operating")));
        }
        for (property, word, fact) in [
            ("owner_position", "refused", "owner_refuses"),
            ("protection", "strict reserve", "in_strict_reserve"),
        ] {
            let said = statement::words(&record.claims, property);
            if let Some(first) = said.first() {
                put(fact, Fact::Flag(first.eq_ignore_ascii_case(word)));
            }
        }
        if let Some(radiates) = self.radiates(known) {
            put("radiation_or_asbestos_above_limit", Fact::Flag(radiates));
        }
        SiteFacts { id: self.id.clone(), facts }
    }

    /// Whether uranium or thorium is above its limit; unknown unless one is, or both are known.
    fn radiates(&self, known: &Knowledge) -> Option<bool> {
        let limits = known.guidelines.iter().filter(|g| g.purpose == "radiation");
        let above: Vec<Option<bool>> = limits
            .map(|g| {
                let grade = self.grades.get(&g.element)?;
                Some(grade.figure.best * 1e6 > g.mg_per_kg)
            })
            .collect();
        if above.contains(&Some(true)) {
            return Some(true);
        }
        above.iter().all(Option::is_some).then_some(false)
    }
}
