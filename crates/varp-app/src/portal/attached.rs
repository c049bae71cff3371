//! Measured surfaces and points that are attached to a body.

use maud::{Markup, html};
use varp_model::{Attached, Attachment, Role};

use super::language::Message as M;
use super::number;
use super::view::View;

/// A row for each; nothing where there is none.
pub fn section(attached: &[Attached], view: &View<'_>) -> Markup {
    html! {
        @if !attached.is_empty() {
            section #attached {
                h2 { (view.say(M::Attached)) }
                p .small { (view.say(M::AttachedAbout)) }
                table .products {
                    thead { tr {
                        th scope="col" { (view.say(M::AttachedWhat)) }
                        th scope="col" { (view.say(M::AttachedMeasured)) }
                        th scope="col" { (view.say(M::AttachedError)) }
                        th scope="col" { (view.say(M::NavSources)) }
                    } }
                    tbody { @for one in attached { (row(&one.attachment, view)) } }
                }
            }
        }
    }
}

fn row(attachment: &Attachment, view: &View<'_>) -> Markup {
    let date = attachment
        .measured()
        .map_or_else(|| attachment.date.clone(), |date| number::date(date, view.language));
    html! {
        tr {
            th scope="row" {
                b { (view.say(role(attachment.role))) } " " (attachment.name)
                " " span .small lang="en" { (attachment.holds) ", EPSG:" (attachment.epsg) }
            }
            td data-label=(view.text(M::AttachedMeasured)) { (date) }
            td data-label=(view.text(M::AttachedError)) { (error(attachment, view)) }
            td data-label=(view.text(M::NavSources)) {
                (attachment.source)
                @if let Some(licence) = &attachment.licence { ", " (licence) }
            }
        }
    }
}

fn role(role: Role) -> M {
    match role {
        Role::Top => M::RoleTop,
        Role::Base => M::RoleBase,
        Role::Thickness => M::RoleThickness,
        Role::Soundings => M::RoleSoundings,
    }
}

fn error(attachment: &Attachment, view: &View<'_>) -> String {
    let error = attachment.error;
    let parts = [
        (M::ErrorOfOne, error.sd_m),
        (M::ErrorCommon, error.offset_sd_m),
        (M::ErrorRange, error.range_m),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter_map(|(message, value)| {
            let metres = number::shortest(value?, view.language);
            Some(view.fill(message, &[("metres", &metres)]))
        })
        .collect();
    match said.is_empty() {
        true => view.text(M::ErrorNotStated).to_owned(),
        false => said.join(", "),
    }
}
