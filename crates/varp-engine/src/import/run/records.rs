//! Sites, bodies, holes and samples of a row.

use varp_model::{
    Body, BodyId, BodyKind, Country, Licence, Locator, Origin, Period, Site, SiteId, Subject,
    Visibility,
};

use super::bind::{Binder, BoundField, Table};
use super::place::BoundPlace;
use super::row::{CodeField, Row, map_hint, shortened};
use super::state::Context;
use crate::import::Code;
use crate::import::mapping::{BodyFields, Field, SiteFields, TableMapping};

/// What the records of a row have in common.
pub(crate) struct Common {
    pub(crate) source: varp_model::SourceId,
    pub(crate) locator: Locator,
    pub(crate) visibility: Visibility,
    pub(crate) licence: Option<Licence>,
}

impl Common {
    pub(super) fn visibility(&self, row: Option<Visibility>) -> Visibility {
        row.unwrap_or(self.visibility)
    }
}

/// Columns of a site.
pub(crate) struct BoundSite {
    pub(crate) key: BoundField,
    name: Option<BoundField>,
    aliases: Option<BoundField>,
    country: Option<CodeField>,
    municipality: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    note: Option<BoundField>,
    visibility: Option<BoundField>,
}

impl BoundSite {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &SiteFields,
        mapping: &TableMapping,
        table: &Table,
        country: Option<&str>,
    ) -> Self {
        let fixed = country.map(Field::fixed);
        let country = f.country.as_ref().or(fixed.as_ref());
        if country.is_none() {
            let hint = "say country = \"SE\" for the whole file, or which column holds it";
            b.fault(
                Code::MAPPING,
                "the country of the sites is not stated".into(),
                Some(hint.into()),
            );
        }
        Self {
            key: b.field(&f.key),
            name: b.optional(f.name.as_ref()),
            aliases: b.optional(f.aliases.as_ref()),
            country: code_field(b, country, "country"),
            municipality: b.optional(f.municipality.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            note: b.optional(f.note.as_ref()),
            visibility: b.optional(f.visibility.as_ref()),
        }
    }
}

pub(crate) fn code_field(
    b: &mut Binder<'_>,
    field: Option<&Field>,
    noun: &'static str,
) -> Option<CodeField> {
    field.map(|f| CodeField::new(b.field(f), noun))
}

impl<'r> Row<'r> {
    /// The key of a record; a row without it is refused.
    pub(crate) fn key(&mut self, field: &'r BoundField, noun: &str) -> Option<String> {
        let key = self.required(field, &format!("key of the {noun}"))?;
        if key.len() > 500 {
            let message = format!("the key of the {noun} is longer than 500 letters");
            self.error(Code::MISSING, field.column(), message, None);
            return None;
        }
        Some(key)
    }

    /// The site of the row.
    pub(crate) fn site(
        &mut self,
        s: &'r BoundSite,
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Site> {
        let key = self.key(&s.key, "site")?;
        let visibility = common.visibility(self.word(s.visibility.as_ref()));
        let name = self.name(s.name.as_ref());
        let aliases = self.names(s.aliases.as_ref());
        let country = self.country(s.country.as_ref(), c);
        let place = s.place.as_ref().and_then(|p| self.place(p, visibility, c.references));
        let municipality = self.name(s.municipality.as_ref());
        let note = self.name(s.note.as_ref());
        Some(Site {
            id: SiteId::of(c.dataset, &key),
            name: name.unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            aliases,
            country: country?,
            municipality,
            position: place.map(|(position, _)| position),
            note,
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        })
    }

    fn country(&mut self, field: Option<&'r CodeField>, c: &Context<'_>) -> Option<Country> {
        let field = field?;
        let text = self.required(&field.field, "country")?;
        let known = c.references.list("countries").and_then(|list| {
            field.recall(&text, |t| list.recognise(t).map(|code| code.code.clone()))
        });
        let country = known.as_deref().unwrap_or(&text).parse();
        if country.is_err() {
            let message = format!("\"{}\" is not a country", shortened(&text));
            let hint = map_hint(&text, Some("SE"));
            self.error(Code::UNKNOWN_WORD, field.field.column(), message, hint);
        }
        country.ok()
    }
}

/// Columns of a body.
pub(crate) struct BoundBody {
    pub(crate) key: BoundField,
    site: Option<BoundField>,
    name: Option<BoundField>,
    aliases: Option<BoundField>,
    kind: CodeField,
    status: Option<CodeField>,
    storage: Option<CodeField>,
    list_of_waste: Option<CodeField>,
    commodities: Option<CodeField>,
    period: Option<BoundField>,
    start: Option<BoundField>,
    end: Option<BoundField>,
    origin_deposit: Option<BoundField>,
    deposit_type: Option<BoundField>,
    pub(crate) place: Option<BoundPlace>,
    note: Option<BoundField>,
    visibility: Option<BoundField>,
}

impl BoundBody {
    pub(crate) fn bind(
        b: &mut Binder<'_>,
        f: &BodyFields,
        mapping: &TableMapping,
        table: &Table,
    ) -> Self {
        if f.site.is_none() && mapping.site.is_none() {
            let hint = "name the column of the site's key: site = \"…\" in [table.body]";
            b.fault(
                Code::MAPPING,
                "the site of the bodies is not stated".into(),
                Some(hint.into()),
            );
        }
        Self {
            key: b.field(&f.key),
            site: b.optional(f.site.as_ref()),
            name: b.optional(f.name.as_ref()),
            aliases: b.optional(f.aliases.as_ref()),
            kind: CodeField::new(b.field(&f.kind), "kind of body"),
            status: code_field(b, f.status.as_ref(), "status of a mine"),
            storage: code_field(b, f.storage.as_ref(), "kind of storage"),
            list_of_waste: code_field(b, f.list_of_waste.as_ref(), "entry of the List of Waste"),
            commodities: code_field(b, f.commodities.as_ref(), "commodity"),
            period: b.optional(f.period.as_ref()),
            start: b.optional(f.start.as_ref()),
            end: b.optional(f.end.as_ref()),
            origin_deposit: b.optional(f.origin_deposit.as_ref()),
            deposit_type: b.optional(f.deposit_type.as_ref()),
            place: BoundPlace::bind(b, f.place.as_ref(), mapping, table),
            note: b.optional(f.note.as_ref()),
            visibility: b.optional(f.visibility.as_ref()),
        }
    }
}

impl<'r> Row<'r> {
    /// The body of the row; `site` is the site that the row makes.
    pub(crate) fn body(
        &mut self,
        f: &'r BoundBody,
        site: Option<SiteId>,
        c: &Context<'_>,
        common: &Common,
    ) -> Option<Body> {
        let key = self.key(&f.key, "body")?;
        let visibility = common.visibility(self.word(f.visibility.as_ref()));
        let site = match &f.site {
            Some(field) => {
                let key = self.key(field, "site")?;
                let id = SiteId::of(c.dataset, &key);
                self.refer(Subject::Site(id), field, "site", &key, c);
                Some(id)
            }
            None => site,
        };
        let list = |name| c.references.list(name).unwrap_or(&c.no_codes);
        let kind = self.code(Some(&f.kind), list("body_kinds"));
        if kind.is_none() && !self.refused {
            let hint = "\"unknown\" is a kind, too";
            self.error(
                Code::MISSING,
                f.kind.field.column(),
                "the kind of body is missing".into(),
                Some(hint.to_owned()),
            );
        }
        let place = f.place.as_ref().and_then(|p| self.place(p, visibility, c.references));
        let (position, footprint) = place.map_or((None, None), |(p, outline)| (Some(p), outline));
        let origin_deposit = self.optional(f.origin_deposit.as_ref());
        let body = Body {
            id: BodyId::of(c.dataset, &key),
            name: self.name(f.name.as_ref()).unwrap_or_else(|| key.clone()),
            origin: Origin { dataset: c.dataset.clone(), key },
            site: site.unwrap_or(SiteId::of(c.dataset, "")),
            aliases: self.names(f.aliases.as_ref()),
            kind: BodyKind(kind.unwrap_or_default()),
            position,
            footprint,
            period: self.body_period(f),
            status: self.code(f.status.as_ref(), list("mine_status")),
            storage: self.code(f.storage.as_ref(), list("waste_storage")),
            list_of_waste: self.code(f.list_of_waste.as_ref(), list("list_of_waste")),
            commodities: self.commodities(f.commodities.as_ref(), c),
            origin_deposit: origin_deposit.map(|key| BodyId::of(c.dataset, &key)),
            deposit_type: self.name(f.deposit_type.as_ref()),
            note: self.name(f.note.as_ref()),
            source: common.source,
            locator: common.locator.clone(),
            visibility,
            licence: common.licence.clone(),
        };
        site.map(|_| body)
    }

    fn body_period(&mut self, f: &'r BoundBody) -> Option<Period> {
        if f.period.is_some() {
            return self.period(f.period.as_ref());
        }
        let period = Period { start: self.date(f.start.as_ref()), end: self.date(f.end.as_ref()) };
        if let (Some(start), Some(end)) = (period.start, period.end)
            && start.first_day() > end.last_day()
        {
            let column = f.end.as_ref().and_then(BoundField::column);
            let message = format!("the period ends in {end}, before it starts in {start}");
            self.error(Code::DATE, column, message, None);
        }
        (period.start.is_some() || period.end.is_some()).then_some(period)
    }

    /// Codes of commodities from symbols and names in any of the languages.
    fn commodities(&mut self, field: Option<&'r CodeField>, c: &Context<'_>) -> Vec<String> {
        let Some(field) = field else { return Vec::new() };
        let Some(text) = self.text(&field.field) else { return Vec::new() };
        let mut codes = Vec::new();
        let mut add = |code: String| {
            if !code.is_empty() && !codes.contains(&code) {
                codes.push(code);
            }
        };
        for part in text.split([',', ';', '|', '/', '+']).map(str::trim).filter(|p| !p.is_empty()) {
            let whole = field.recall(part, |t| c.commodity(t));
            if let Some(code) = whole {
                add(code);
                continue;
            }
            let words: Vec<&str> = part.split_whitespace().collect();
            let known: Vec<Option<String>> =
                words.iter().map(|w| field.recall(w, |t| c.commodity(t))).collect();
            for (word, code) in words.iter().zip(known) {
                match code {
                    Some(code) => add(code),
                    None => {
                        let message = format!("\"{}\" is not a commodity", shortened(word));
                        let hint = map_hint(word, Some("Cu"));
                        self.error(Code::UNKNOWN_WORD, field.field.column(), message, hint);
                    }
                }
            }
        }
        codes
    }

    /// Checks that a record referred to exists in this import or in the register.
    pub(crate) fn refer(
        &mut self,
        subject: Subject,
        field: &BoundField,
        noun: &str,
        key: &str,
        c: &Context<'_>,
    ) {
        if c.knows(subject) {
            return;
        }
        let message = format!("there is no {noun} \"{}\"", shortened(key));
        let hint = match c.refused(subject) {
            Some(row) => format!("its row {row} was refused"),
            None => format!("neither in this import nor in the register under \"{}\"", c.dataset.0),
        };
        self.error(Code::UNKNOWN_REFERENCE, field.column(), message, hint);
    }
}
