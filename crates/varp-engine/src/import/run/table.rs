//! A table of the mapping, bound to a sheet, and what one of its rows makes.

use varp_model::{
    Assay, Body, BodyId, Claim, Dataset, Determination, Hole, HoleId, Licence, Locator, Measured,
    Origin, Reported, Sample, SampleId, Site, SiteId, Source, SourceId, Subject, Survey,
    Visibility,
};

use super::assays::{BoundAssay, bind_assays};
use super::bind::{Binder, BoundField, Table};
use super::claims::BoundClaim;
use super::holes::{BoundHole, BoundSample, BoundSurvey};
use super::long::BoundLong;
use super::place::BoundPlace;
use super::records::{BoundBody, BoundSite, Common};
use super::row::Row;
use super::state::Context;
use crate::import::Code;
use crate::import::check::PlaceColumns;
use crate::import::mapping::{Mapping, SourceDocument, SourceFields, TableMapping};

/// Everything a row can make, bound to columns.
pub(crate) struct BoundTable {
    pub(crate) table: Table,
    pub(crate) site: Option<BoundSite>,
    pub(crate) body: Option<BoundBody>,
    pub(crate) hole: Option<BoundHole>,
    survey: Option<BoundSurvey>,
    pub(crate) sample: Option<BoundSample>,
    subject: Option<(BoundField, BoundField)>,
    claims: Vec<BoundClaim>,
    pub(crate) assays: Vec<BoundAssay>,
    pub(crate) long: Option<BoundLong>,
    source: Option<BoundSource>,
    visibility: Visibility,
    licence: Option<Licence>,
    /// Whether the property of a claim stands in a column: then records repeat by row.
    pub(crate) long_claims: bool,
}

/// What a row makes.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) source: Option<Source>,
    pub(crate) site: Option<Site>,
    pub(crate) body: Option<Body>,
    pub(crate) hole: Option<Hole>,
    pub(crate) survey: Option<(String, Survey)>,
    pub(crate) sample: Option<Sample>,
    /// Sample of another table that the assays of the row belong to.
    pub(crate) sample_key: Option<SampleId>,
    pub(crate) assays: Vec<Assay>,
    pub(crate) long: Option<(Determination, Measured<Reported>)>,
    pub(crate) claims: Vec<Claim>,
}

impl BoundTable {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        mapping: &Mapping,
        spec: &TableMapping,
        table: &Table,
        c: &Context<'_>,
        determinations: &mut Vec<Determination>,
    ) -> impl FnOnce(Table) -> Self + use<> {
        check_table(b, mapping, spec);
        let country = mapping.country.as_deref();
        let site = spec.site.as_ref().map(|f| BoundSite::bind(b, f, spec, table, country));
        let body = spec.body.as_ref().map(|f| BoundBody::bind(b, f, spec, table));
        let hole = spec.hole.as_ref().map(|f| BoundHole::bind(b, f, spec, table));
        let survey = spec.survey.as_ref().map(|f| BoundSurvey::bind(b, f, spec));
        let sample = spec.sample.as_ref().map(|f| BoundSample::bind(b, f, spec, table));
        let subject = spec.subject.as_ref().map(|f| (b.field(&f.kind.0), b.field(&f.key)));
        let claims = spec.claims.iter().map(|f| BoundClaim::bind(b, f, spec, c)).collect();
        let assays = bind_assays(b, spec, table, c, determinations);
        let long = BoundLong::bind(b, spec);
        let source = spec.source.as_ref().map(|f| BoundSource::bind(b, f));
        let visibility = spec.visibility.unwrap_or(mapping.visibility);
        let licence = spec.licence.clone().or(mapping.licence.clone()).map(Licence);
        let long_claims = spec.claims.iter().any(|f| !f.property.0.columns.is_empty());
        move |table| Self {
            table,
            site,
            body,
            hole,
            survey,
            sample,
            subject,
            claims,
            assays,
            long,
            source,
            visibility,
            licence,
            long_claims,
        }
    }

    /// Columns in which the coordinates of the records stand.
    pub(crate) fn place_columns(&self) -> PlaceColumns {
        let column = |place: Option<&BoundPlace>| place?.x.as_ref()?.column();
        PlaceColumns {
            site: column(self.site.as_ref().and_then(|f| f.place.as_ref())),
            body: column(self.body.as_ref().and_then(|f| f.place.as_ref())),
            hole: column(self.hole.as_ref().and_then(|f| f.place.as_ref())),
            sample: column(self.sample.as_ref().and_then(|f| f.place.as_ref())),
        }
    }

    /// Reads one row. Issues are in `row`; records stand only if it is not refused.
    pub(crate) fn read<'r>(
        &'r self,
        row: &mut Row<'r>,
        c: &Context<'_>,
        whole_source: Option<SourceId>,
    ) -> Records {
        let mut made = Records::default();
        let page = self.source.as_ref().and_then(|s| row.optional(s.page.as_ref()));
        made.source = self.source.as_ref().and_then(|s| s.read(row, c.dataset, self.visibility));
        let Some(source) = made.source.as_ref().map(|s| s.id).or(whole_source) else {
            let column = self.source.as_ref().and_then(|s| s.title.as_ref()?.column());
            let hint = "fill it, or add [source] to the mapping for rows without".to_owned();
            row.error(Code::NO_SOURCE, column, "the row names no source".into(), hint);
            return made;
        };
        let locator = Locator {
            page,
            file: Some(self.table.file.to_string()),
            sheet: self.table.sheet.as_ref().map(ToString::to_string),
            row: Some(row.number),
            column: None,
        };
        let licence = self.licence.clone();
        let common = Common { source, locator, visibility: self.visibility, licence };
        made.site = self.site.as_ref().and_then(|f| row.site(f, c, &common));
        let site = made.site.as_ref().map(|s| s.id);
        made.body = self.body.as_ref().and_then(|f| row.body(f, site, c, &common));
        let body = made.body.as_ref().map(|b| b.id);
        made.hole = self.hole.as_ref().and_then(|f| row.hole(f, body, c, &common));
        let hole = made.hole.as_ref().map(|h| h.id);
        made.survey = self.survey.as_ref().and_then(|f| row.survey(f));
        if let Some(f) = &self.sample {
            self.read_sample(f, row, (body, hole), c, &common, &mut made);
        }
        for claim in &self.claims {
            let Some(about) = self.subject_of(claim, row, &made, c) else { continue };
            made.claims.extend(row.claim(claim, (about.0, &about.1), c, &common));
        }
        made
    }

    fn read_sample<'r>(
        &'r self,
        f: &'r BoundSample,
        row: &mut Row<'r>,
        parents: (Option<BodyId>, Option<HoleId>),
        c: &Context<'_>,
        common: &Common,
        made: &mut Records,
    ) {
        let Some(key) = row.key(&f.key, "sample") else { return };
        if f.existing {
            let id = SampleId::of(c.dataset, &key);
            row.refer(Subject::Sample(id), &f.key, "sample", &key, c);
            made.sample_key = Some(id);
        } else {
            made.sample = Some(row.sample(f, key, parents, c, common));
        }
        made.assays.reserve_exact(self.assays.len());
        row.assays(&self.assays, &mut made.assays);
        made.long = self.long.as_ref().and_then(|f| row.long_assay(f, c));
    }

    /// What a claim is about, with the key by which the claim is known.
    fn subject_of<'r>(
        &'r self,
        claim: &BoundClaim,
        row: &mut Row<'r>,
        made: &Records,
        c: &Context<'_>,
    ) -> Option<(Subject, String)> {
        if let Some(kind) = claim.subject.as_deref() {
            return match kind {
                "site" => made.site.as_ref().map(|s| (Subject::Site(s.id), s.origin.key.clone())),
                "body" => made.body.as_ref().map(|b| (Subject::Body(b.id), b.origin.key.clone())),
                "hole" => made.hole.as_ref().map(|h| (Subject::Hole(h.id), h.origin.key.clone())),
                "sample" => {
                    made.sample.as_ref().map(|s| (Subject::Sample(s.id), s.origin.key.clone()))
                }
                _ => None,
            };
        }
        let (kind_field, key_field) = self.subject.as_ref()?;
        let kind = row.required(kind_field, "kind of the subject")?;
        let key = row.key(key_field, "subject")?;
        let subject = match kind.as_str() {
            "site" => Subject::Site(SiteId::of(c.dataset, &key)),
            "body" => Subject::Body(BodyId::of(c.dataset, &key)),
            "hole" => Subject::Hole(HoleId::of(c.dataset, &key)),
            "sample" => Subject::Sample(SampleId::of(c.dataset, &key)),
            _ => {
                let message = format!("\"{kind}\" is not one of site, body, hole, sample");
                row.error(Code::UNKNOWN_WORD, kind_field.column(), message, None);
                return None;
            }
        };
        row.refer(subject, key_field, subject.kind(), &key, c);
        Some((subject, key))
    }
}

/// Says what the mapping of a table lacks, whatever its columns.
fn check_table(b: &mut Binder<'_>, mapping: &Mapping, spec: &TableMapping) {
    let makes = spec.site.is_some()
        || spec.body.is_some()
        || spec.hole.is_some()
        || spec.survey.is_some()
        || spec.sample.is_some()
        || !spec.claims.is_empty();
    if !makes {
        let hint = "add [table.site], [table.body], [table.hole], [table.survey], [table.sample] \
                    or [[table.claim]]";
        b.fault(Code::MAPPING, "the table makes nothing".into(), Some(hint.into()));
    }
    if spec.sample.is_none() && (!spec.assays.is_empty() || spec.long.is_some()) {
        let hint = "add [table.sample] with the column of the sample's key".to_owned();
        b.fault(Code::MAPPING, "assays need the sample they belong to".into(), Some(hint));
    }
    if mapping.source.is_none() && spec.source.is_none() {
        let hint = "add [source] with its title, or [table.source] where it stands in columns";
        b.fault(Code::NO_SOURCE, "no source is given".into(), Some(hint.into()));
    }
    if let Some(decimal) = spec.decimal.as_ref().filter(|d| !matches!(d.as_str(), "." | ",")) {
        b.fault(Code::MAPPING, format!("decimal is \".\" or \",\", not \"{decimal}\""), None);
    }
}

/// Columns of a source.
struct BoundSource {
    key: Option<BoundField>,
    title: Option<BoundField>,
    authors: Option<BoundField>,
    date: Option<BoundField>,
    address: Option<BoundField>,
    licence: Option<BoundField>,
    reliability: Option<BoundField>,
    page: Option<BoundField>,
}

impl BoundSource {
    fn bind(b: &mut Binder<'_>, f: &SourceFields) -> Self {
        Self {
            key: b.optional(f.key.as_ref()),
            title: b.optional(f.title.as_ref()),
            authors: b.optional(f.authors.as_ref()),
            date: b.optional(f.date.as_ref()),
            address: b.optional(f.address.as_ref()),
            licence: b.optional(f.licence.as_ref()),
            reliability: b.optional(f.reliability.as_ref()),
            page: b.optional(f.page.as_ref()),
        }
    }

    fn read<'r>(
        &'r self,
        row: &mut Row<'r>,
        dataset: &Dataset,
        visibility: Visibility,
    ) -> Option<Source> {
        let title = row.name(self.title.as_ref());
        let address = row.optional(self.address.as_ref());
        let key = row.optional(self.key.as_ref()).or(address.clone()).or(title.clone())?;
        Some(Source {
            id: SourceId::of(dataset, &key),
            origin: Origin { dataset: dataset.clone(), key: key.clone() },
            title: title.unwrap_or(key),
            authors: row.name(self.authors.as_ref()),
            date: row.date(self.date.as_ref()),
            address,
            licence: row.optional(self.licence.as_ref()).map(Licence),
            file_hash: None,
            reliability: row.optional(self.reliability.as_ref()),
            visibility,
        })
    }
}

/// The source that the mapping itself describes.
pub(crate) fn whole_source(
    document: &SourceDocument,
    dataset: &Dataset,
    visibility: Visibility,
) -> Result<Source, String> {
    let key = document.address.clone().unwrap_or_else(|| document.title.clone());
    let date = document.date.as_deref().map(str::parse).transpose()?;
    Ok(Source {
        id: SourceId::of(dataset, &key),
        origin: Origin { dataset: dataset.clone(), key },
        title: document.title.clone(),
        authors: document.authors.clone(),
        date,
        address: document.address.clone(),
        licence: document.licence.clone().map(Licence),
        file_hash: None,
        reliability: document.reliability.clone(),
        visibility,
    })
}
