//! Which raw materials a body holds and which lists name them.

use maud::{Markup, html};
use varp_model::Status;
use varp_store::BodyItem;

use super::body::commodities_of;
use super::kind;
use super::language::Message as M;
use super::view::View;
use crate::http::{Membership, Presence, memberships};

/// What lists say of one material: by jurisdiction, newest list first.
fn of_material<'m, 'a>(members: &'m [Membership<'a>], material: &str) -> Vec<&'m Membership<'a>> {
    let mut own: Vec<_> = members.iter().filter(|m| m.entry.material == material).collect();
    let jurisdiction = |m: &&Membership<'_>| m.entry.list.split('-').next().map(str::to_owned);
    own.sort_by_key(jurisdiction); // stable: lists come newest first
    own
}

impl View<'_> {
    /// Materials mined or found, each with the lists of critical raw materials that name it.
    pub fn materials(&self, item: &BodyItem) -> Markup {
        let commodities = commodities_of(item, self);
        let members = memberships(item, self.references());
        if commodities.is_empty() && members.is_empty() {
            return html! { p { (self.unknown(M::WhyNoMaterial)) } };
        }
        html! {
            ul .materials {
                @for (commodity, mined) in &commodities {
                    li {
                        a href=(self.href(&format!("/commodities/{}", commodity.code))) {
                            (kind::group_glyph(&commodity.group)) " " (self.commodity(commodity))
                        }
                        " " span .small { (self.say(if *mined { M::Mined } else { M::Found })) }
                    }
                }
            }
            @if members.is_empty() {
                p { (self.say(M::NotListed)) }
            } @else {
                (self.membership_table(&members))
            }
        }
    }

    fn membership_table(&self, members: &[Membership<'_>]) -> Markup {
        let mut materials: Vec<&str> = members.iter().map(|m| m.entry.material.as_str()).collect();
        materials.sort_by_key(|name| name.to_lowercase());
        materials.dedup();
        html! {
            h3 { (self.say(M::CriticalRawMaterials)) }
            p .small { (self.say(M::ElementOrMaterial)) }
            table .memberships {
                thead { tr {
                    th scope="col" { (self.say(M::ListedMaterial)) }
                    th scope="col" { (self.say(M::Because)) }
                    th scope="col" { (self.say(M::ListsNaming)) }
                } }
                tbody {
                    @for material in materials {
                        @let own = of_material(members, material);
                        tr {
                            th scope="row" { (material) }
                            td data-label=(self.text(M::Because)) {
                                (self.because(&own[0].because)) br;
                                (self.presence(&own))
                            }
                            td data-label=(self.text(M::ListsNaming)) {
                                @for member in &own { (self.list_chip(member)) " " }
                            }
                        }
                    }
                }
            }
        }
    }

    fn because(&self, because: &str) -> String {
        because
            .replace(" mined", &format!(" {}", self.text(M::Mined)))
            .replace(" found", &format!(" {}", self.text(M::Found)))
    }

    /// Whether the listed material itself or only its element is there, and the form the law asks.
    fn presence(&self, own: &[&Membership<'_>]) -> Markup {
        let listed = own.iter().any(|m| m.presence == Presence::Material);
        let form = own.iter().map(|m| m.entry.form.as_str()).find(|form| !form.is_empty());
        html! {
            span .small {
                @match form {
                    Some(form) => { (self.say(M::ElementPresent)) " " q { (form) } }
                    None if listed => (self.say(M::MaterialPresent)),
                    None => (self.say(M::ElementPresentOnly)),
                }
            }
        }
    }

    fn list_chip(&self, member: &Membership<'_>) -> Markup {
        let entry = member.entry;
        let unverified = entry.status == Status::Unverified;
        html! {
            a .chip .strategic[entry.strategic] href=(self.href_with(
                "/collections/bodies/items", &[("crm", &entry.list)])) title=(entry.source) {
                (entry.list.replace('-', "\u{a0}"))
                @if entry.strategic { " · " (self.say(M::Strategic)) }
                @if unverified { " · " (self.say(M::Unverified)) }
            }
        }
    }
}
