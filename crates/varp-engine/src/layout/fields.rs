//! All fields of a table of a mapping, in the order of its sections.

use crate::import::mapping::{
    BodyFields, ClaimFields, Field, Given, HoleFields, LongFields, PlaceFields, SampleFields,
    SiteFields, SourceFields, SurveyFields, TableMapping,
};

type Fields<'a> = Vec<Option<&'a Field>>;

/// The fields that a table has.
pub(super) fn named(table: &TableMapping) -> Vec<&Field> {
    let mut fields: Fields<'_> = Vec::new();
    table.site.iter().for_each(|f| site(f, &mut fields));
    table.body.iter().for_each(|f| body(f, &mut fields));
    table.hole.iter().for_each(|f| hole(f, &mut fields));
    table.survey.iter().for_each(|f| survey(f, &mut fields));
    table.sample.iter().for_each(|f| sample(f, &mut fields));
    fields.push(table.crs.as_ref().map(|crs| &crs.0));
    if let Some(f) = &table.subject {
        fields.extend([Some(&f.kind.0), Some(&f.key)]);
    }
    table.claims.iter().for_each(|f| claim(f, &mut fields));
    fields.extend(table.assays.iter().map(|f| Some(&f.column)));
    table.long.iter().for_each(|f| long(f, &mut fields));
    table.source.iter().for_each(|f| source(f, &mut fields));
    fields.into_iter().flatten().collect()
}

fn given(field: &Option<Given>) -> Option<&Field> {
    field.as_ref().map(|g| &g.0)
}

fn place<'a>(place: &'a Option<PlaceFields>, fields: &mut Fields<'a>) {
    let Some(PlaceFields { x, y, crs, accuracy_m, visibility: _, geometry: _ }) = place else {
        return;
    };
    fields.extend([given(crs), x.as_ref(), y.as_ref(), accuracy_m.as_ref()]);
}

fn site<'a>(f: &'a SiteFields, fields: &mut Fields<'a>) {
    let SiteFields { key, name, aliases, country, municipality, place: at, note, visibility } = f;
    fields.extend([Some(key), name.as_ref(), aliases.as_ref(), country.as_ref()]);
    fields.push(municipality.as_ref());
    place(at, fields);
    fields.extend([note.as_ref(), visibility.as_ref()]);
}

fn body<'a>(f: &'a BodyFields, fields: &mut Fields<'a>) {
    fields.extend([Some(&f.key), f.site.as_ref(), f.name.as_ref(), f.aliases.as_ref()]);
    fields.extend([Some(&f.kind), f.status.as_ref(), f.storage.as_ref()]);
    fields.extend([f.list_of_waste.as_ref(), f.commodities.as_ref(), f.period.as_ref()]);
    fields.extend([f.start.as_ref(), f.end.as_ref(), f.origin_deposit.as_ref()]);
    fields.push(f.deposit_type.as_ref());
    place(&f.place, fields);
    fields.extend([f.note.as_ref(), f.visibility.as_ref()]);
}

fn hole<'a>(f: &'a HoleFields, fields: &mut Fields<'a>) {
    fields.extend([Some(&f.key), f.body.as_ref(), f.name.as_ref()]);
    place(&f.place, fields);
    fields.extend([f.elevation.as_ref(), f.height_datum.as_ref(), f.depth.as_ref()]);
    fields.extend([f.azimuth.as_ref(), f.dip.as_ref(), f.method.as_ref(), f.visibility.as_ref()]);
}

fn survey<'a>(f: &'a SurveyFields, fields: &mut Fields<'a>) {
    let SurveyFields { hole, depth, azimuth, dip } = f;
    fields.extend([hole, depth, azimuth, dip].map(Some));
}

fn sample<'a>(f: &'a SampleFields, fields: &mut Fields<'a>) {
    fields.extend([Some(&f.key), f.name.as_ref(), f.body.as_ref(), f.hole.as_ref()]);
    place(&f.place, fields);
    fields.extend([f.from.as_ref(), f.to.as_ref(), f.method.as_ref(), f.mass_kg.as_ref()]);
    fields.extend([f.finest_mm.as_ref(), f.coarsest_mm.as_ref(), f.mass_share.as_ref()]);
    fields.extend([f.date.as_ref(), f.role.as_ref(), f.visibility.as_ref()]);
}

fn claim<'a>(f: &'a ClaimFields, fields: &mut Fields<'a>) {
    fields.extend([Some(&f.property.0), given(&f.substance), f.column.as_ref()]);
    fields.extend([f.low.as_ref(), f.high.as_ref(), given(&f.unit), given(&f.coverage)]);
    fields.extend([&f.basis, &f.term, &f.date, &f.period].map(given));
    fields.extend([&f.method, &f.note, &f.page, &f.preferred, &f.key].map(given));
}

fn long<'a>(f: &'a LongFields, fields: &mut Fields<'a>) {
    fields.extend([Some(&f.substance), f.qualifier.as_ref(), Some(&f.value)]);
    fields.extend([&f.unit, &f.basis, &f.digestion, &f.method, &f.laboratory].map(given));
    fields.push(given(&f.detection_limit));
}

fn source<'a>(f: &'a SourceFields, fields: &mut Fields<'a>) {
    let SourceFields { key, title, authors, date, address, licence, reliability, page } = f;
    let all = [key, title, authors, date, address, licence, reliability, page];
    fields.extend(all.map(Option::as_ref));
}
