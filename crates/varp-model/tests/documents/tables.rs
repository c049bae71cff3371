//! Tables of the documents, in Markdown.

use varp_model::{Element, References, Status, Substance, ValueKind};

/// What each file holds.
const FILES: &[(&str, &str)] = &[
    ("associations.csv", "commodities that tend to come with a type of deposit"),
    ("body_kinds.csv", "kinds of bodies, their labels, List-of-Waste entries and scope hints"),
    (
        "commodities.csv",
        "raw materials, the substances that witness them, CGI and INSPIRE concepts",
    ),
    ("countries.csv", "countries as people write them"),
    ("country_boxes.csv", "boxes around the Nordic countries"),
    ("crm_entries.csv", "materials of each list of critical raw materials, with forms"),
    ("crm_lists.csv", "lists of critical raw materials by jurisdiction and date"),
    ("crs.csv", "coordinate systems, extents, accuracies"),
    ("digestions.csv", "how samples are opened"),
    ("elements.csv", "atomic weights"),
    ("environmental_impacts.csv", "impacts, after CGI"),
    ("list_of_waste.csv", "entries of the List of Waste"),
    ("mine_status.csv", "status of mines, after CGI and INSPIRE"),
    ("mineral_contents.csv", "what minerals hold beside their formula"),
    ("minerals.csv", "minerals and their end members"),
    ("processing_activities.csv", "treatment, after CGI and INSPIRE"),
    ("properties.csv", "what may be claimed"),
    ("sampling_methods.csv", "how samples are taken"),
    ("size_classes.csv", "contained tonnes of very large to small deposits"),
    ("sums.csv", "sums and species with their definition"),
    ("unfc_categories.csv", "UNFC categories"),
    ("unfc_classes.csv", "UNFC classes"),
    ("waste_storage.csv", "where waste lies, after CGI"),
];

/// The table of this name.
pub fn table(name: &str, references: &References) -> Option<String> {
    Some(match name {
        "associations" => associations(references),
        "body_kinds" => body_kinds(references),
        "body_scope" => body_scope(references),
        "crm_2024" => crm_2024(references),
        "crm_lists" => crm_lists(references),
        "crs" => crs(references),
        "factors" => factors(references),
        "files" => files(references),
        "minerals" => minerals(references),
        "properties" => properties(references),
        "size_classes" => size_classes(references),
        "sums" => sums(references),
        list => codes(list, references)?,
    })
}

/// Rows between bars; a bar in a cell is escaped.
fn markdown(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(&header.iter().map(ToString::to_string).collect::<Vec<_>>());
    text.push_str(&format!("|{}\n", "---|".repeat(header.len())));
    for row in rows {
        assert_eq!(row.len(), header.len(), "{row:?}");
        text.push_str(&line(&row));
    }
    text
}

fn status(status: Status) -> String {
    if status == Status::Verified { String::new() } else { "unverified".to_owned() }
}

fn codes(name: &str, references: &References) -> Option<String> {
    let rows = references.list(name)?.codes.iter().map(|c| {
        let label = if c.en == c.code { String::new() } else { c.en.clone() };
        vec![c.code.clone(), label, c.definition.clone(), status(c.status)]
    });
    Some(markdown(&["code", "label", "meaning", ""], rows))
}

fn body_kinds(references: &References) -> String {
    let rows = references.lists["body_kinds"].codes.iter().map(|c| {
        let labels = [&c.fi, &c.sv, &c.nb, &c.da, &c.is].map(Clone::clone);
        [vec![c.code.clone()], labels.to_vec(), vec![c.definition.clone()]].concat()
    });
    markdown(&["code", "fi", "sv", "nb", "da", "is", "meaning"], rows)
}

fn body_scope(references: &References) -> String {
    let rows = references.kinds.iter().map(|k| {
        let entries = k.list_of_waste.split('|').collect::<Vec<_>>().join(", ");
        vec![k.code.clone(), k.scope.clone(), k.scope_hint.clone(), entries, k.stream.clone()]
    });
    markdown(&["kind", "hint", "why", "List of Waste", "FutuRaM stream"], rows)
}

fn properties(references: &References) -> String {
    let mut properties: Vec<_> = references.properties.iter().collect();
    let first = |group: &str| references.properties.iter().position(|p| p.group == group);
    properties.sort_by_key(|p| first(&p.group));
    let rows = properties.iter().map(|p| {
        let subjects: Vec<&str> = p
            .subjects
            .split_whitespace()
            .map(|s| if s == "sample" { "m" } else { &s[..1] })
            .collect();
        let kind = match (p.value, p.dimension) {
            (ValueKind::Number, Some(dimension)) => {
                varp_model::Unit::canonical(dimension).symbol().to_owned()
            }
            (ValueKind::Code, _) => format!("code of `{}`", p.list),
            (ValueKind::Date, _) => "date".to_owned(),
            _ => "words".to_owned(),
        };
        let mark = if p.needs_substance { " ●" } else { "" };
        let visible = if p.visibility.word() == "public" { "" } else { p.visibility.word() };
        vec![
            p.group.clone(),
            format!("`{}`{mark}", p.code),
            kind,
            subjects.concat(),
            p.definition.clone(),
            visible.to_owned(),
        ]
    });
    markdown(&["group", "property", "unit or kind", "of", "meaning", "visibility"], rows)
}

fn factors(references: &References) -> String {
    let oxides = "Li2O BeO B2O3 MgO Al2O3 SiO2 P2O5 TiO2 V2O5 Cr2O3 MnO Fe2O3 Nb2O5 Ta2O5 WO3 \
                  Y2O3 La2O3 CeO2 Nd2O3 Dy2O3 U3O8 CaF2 BaSO4";
    let rows = oxides.split_whitespace().map(|oxide| {
        let substance = Substance::parse(oxide, references).unwrap();
        let wanted = match oxide {
            "CaF2" => "F",
            "BaSO4" => "Ba",
            _ => substance.elements()[0].symbol(),
        };
        let element = Element::from_symbol(wanted).unwrap();
        let share = substance.exact_fraction_of(element, references).unwrap();
        vec![format!("{oxide} / {wanted}"), format!("{:.4}", 1.0 / share), format!("{share:.4}")]
    });
    markdown(&["compound / element", "element to compound ×", "compound to element ×"], rows)
}

fn minerals(references: &References) -> String {
    let shown = [
        ("ilmenite", "Ti"),
        ("scheelite", "W"),
        ("wolframite", "W"),
        ("apatite", "P"),
        ("sphalerite", "Zn"),
        ("pentlandite", "Ni"),
        ("magnetite", "V"),
        ("columbite", "Nb"),
    ];
    let rows = shown.into_iter().map(|(code, symbol)| {
        let element = Element::from_symbol(symbol).unwrap();
        let range = references.mineral_fraction(code, element).unwrap();
        let mineral = references.minerals.iter().find(|m| m.code == code).unwrap();
        let per_cent = if range.high - range.low < 1e-6 {
            format!("{:.1}", range.high * 100.0)
        } else {
            format!("{:.1} to {:.1}", range.low * 100.0, range.high * 100.0)
        };
        vec![
            code.to_owned(),
            mineral.definition.clone(),
            symbol.to_owned(),
            per_cent,
            status(range.status),
        ]
    });
    markdown(&["mineral", "formula", "element", "% by mass", ""], rows)
}

fn sums(references: &References) -> String {
    let rows = references.sums.iter().map(|s| {
        vec![
            s.code.clone(),
            s.definition.clone(),
            s.spellings.split('|').collect::<Vec<_>>().join(", "),
        ]
    });
    markdown(&["code", "definition", "also written"], rows)
}

fn crs(references: &References) -> String {
    let rows = references.crs.iter().map(|c| {
        let axes = if c.north_first { "north, east" } else { "east, north" };
        vec![
            c.epsg.to_string(),
            c.name.clone(),
            c.countries.clone(),
            axes.to_owned(),
            c.accuracy_m.to_string(),
            c.operation.clone(),
        ]
    });
    markdown(
        &["EPSG", "name", "used in", "axes of the authority", "error without grids, m", "how"],
        rows,
    )
}

fn crm_lists(references: &References) -> String {
    let rows = references.crm_lists.iter().map(|l| {
        let strategic =
            if l.strategic_count == 0 { String::new() } else { l.strategic_count.to_string() };
        vec![l.list.clone(), l.valid_from.clone(), l.count.to_string(), strategic, l.source.clone()]
    });
    markdown(&["list", "valid from", "critical", "strategic", "source"], rows)
}

fn crm_2024(references: &References) -> String {
    let list = references.crm_lists.iter().find(|l| l.list == "EU-2024").unwrap();
    let mark = |yes: bool| if yes { "●" } else { "" }.to_owned();
    let rows = list.entries.iter().map(|e| {
        vec![
            e.material.clone(),
            mark(e.critical),
            e.form.clone(),
            mark(e.strategic),
            e.strategic_form.clone(),
            e.commodities.clone(),
            status(e.status),
        ]
    });
    markdown(
        &["material", "critical", "form", "strategic", "form when strategic", "commodities", ""],
        rows,
    )
}

fn size_classes(references: &References) -> String {
    let rows = references.size_classes.iter().map(|s| {
        let bounds = [s.very_large, s.large, s.medium, s.small].map(thousands);
        [vec![s.commodity.clone(), s.basis.clone()], bounds.to_vec()].concat()
    });
    markdown(&["commodity", "tonnes of", "very large", "large", "medium", "small"], rows)
}

/// Digits in groups of three, as tables of tonnes are read.
fn thousands(tonnes: f64) -> String {
    let digits = format!("{tonnes:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    groups.join(" ")
}

fn associations(references: &References) -> String {
    let mut types: Vec<&str> = Vec::new();
    for row in &references.associations {
        if !types.contains(&row.deposit_type.as_str()) {
            types.push(&row.deposit_type);
        }
    }
    let of = |deposit_type: &str, frequency: &str| {
        let rows = references.associations.iter();
        let found = rows.filter(|r| r.deposit_type == deposit_type && r.frequency == frequency);
        found.map(|r| r.commodity.as_str()).collect::<Vec<_>>().join(", ")
    };
    let rows = types.iter().map(|t| vec![(*t).to_owned(), of(t, "common"), of(t, "occasional")]);
    markdown(&["type of deposit", "common", "occasional"], rows)
}

fn files(references: &References) -> String {
    let rows = FILES.iter().map(|(file, holds)| {
        let mut reader = csv::Reader::from_reader(references.files[*file].as_bytes());
        let status = reader.headers().unwrap().iter().position(|h| h == "status");
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let unverified = status.map(|s| rows.iter().filter(|r| &r[s] == "unverified").count());
        vec![
            format!("`{file}`"),
            (*holds).to_owned(),
            rows.len().to_string(),
            unverified.map_or("own words".to_owned(), |n| n.to_string()),
        ]
    });
    markdown(&["file", "holds", "rows", "of them unverified"], rows)
}
