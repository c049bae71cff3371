//! The sheet as a tagged PDF.

use varp_engine::pilot::cost::CostEstimate;
use varp_engine::pilot::sheet::Sheet;
use varp_engine::rank::table::Evidence;
use varp_report::{
    Anchor, Block, Cell, Column, Drawing, Figure, Ink, Report, ReportError, Shape, Table, Words,
    to_pdf,
};

use crate::portal::{Language, fixed, significant};

/// Width of the map, points.
const WIDTH: f64 = 420.0;
/// Height of the map at most, points.
const TALLEST: f64 = 300.0;

/// The file.
///
/// # Errors
/// If the report would not be accessible.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, ReportError> {
    to_pdf(&report(sheet))
}

fn report(sheet: &Sheet) -> Report {
    let mut report = Report::new(&format!("Pilot study: {}", sheet.profile.name), "en");
    report.subtitle = Some(format!("{}, {}", sheet.profile.site, sheet.profile.country));
    report.footer = format!("Proposal computed by varp {}", env!("CARGO_PKG_VERSION"));
    report.push(Block::Paragraph(Words::default().strong(sheet.headline.clone())));
    report.push(Block::note(
        "To be judged by a person who knows the place. Each number says whether it was measured, derived or is a prior.",
    ));
    report.push(Block::heading(1, "Holes"));
    report.push(Block::Figure(Figure {
        drawing: drawing(sheet),
        caption: sheet.epsg.map_or_else(
            || "Places in metres from the middle of the body; its place is not known".into(),
            |code| format!("Planned holes; north is up, EPSG:{code}"),
        ),
        alternative: format!("{} planned holes in the outline of the body", sheet.holes.len()),
    }));
    report.push(Block::paragraph(sheet.study.counts.reason.clone()));
    numbers(sheet, &mut report);
    gates(sheet, &mut report);
    fates(sheet, &mut report);
    report
}

fn table(caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Block {
    let rows = rows.into_iter().map(|cells| cells.into_iter().map(Cell::from).collect()).collect();
    Block::Table(Table { caption: caption.into(), columns, rows })
}

fn numbers(sheet: &Sheet, report: &mut Report) {
    let study = &sheet.study;
    let percent = |share: f64| format!("±{:.0} %", 100.0 * share);
    let precision = study.precision.iter().map(|p| {
        vec![
            format!("{:.0} %", 100.0 * p.confidence),
            percent(p.grade),
            percent(p.tonnage),
            percent(p.contained),
        ]
    });
    report.push(table(
        "Predicted precision",
        vec![
            Column::words("Confidence"),
            Column::numbers("Mean grade"),
            Column::numbers("Tonnes"),
            Column::numbers("Contained metal"),
        ],
        precision.collect(),
    ));
    if let Some(class) = &sheet.class {
        report.push(Block::Facts(vec![
            ("Computed class today".into(), class.today.clone().into()),
            ("If it goes as planned".into(), class.expected.clone().into()),
        ]));
    }
    rests_on(sheet, report);
    cost(&study.cost, report);
}

fn rests_on(sheet: &Sheet, report: &mut Report) {
    let label = |evidence: Option<Evidence>| match evidence {
        Some(Evidence::Measured) => "measured",
        Some(Evidence::Derived) => "derived",
        Some(Evidence::Prior) => "prior",
        None => "given",
    };
    let rows = sheet.rests_on.iter().map(|basis| {
        vec![
            basis.what.clone(),
            basis.value.clone(),
            label(basis.evidence).to_owned(),
            basis.how.clone(),
        ]
    });
    report.push(table(
        "What the plan rests on",
        ["What", "Value", "Label", "How"].map(Column::words).into(),
        rows.collect(),
    ));
}

/// A whole number with its thousands in groups, as on the pages.
fn whole(value: f64) -> String {
    fixed(value, 0, Language::En)
}

/// Tonnes with the digits that a plan can know.
fn tonnes(value: f64) -> String {
    significant(value, 3, Language::En)
}

fn cost(cost: &CostEstimate, report: &mut Report) {
    let lines = cost.entries.iter().map(|entry| {
        let line = &entry.line;
        vec![
            line.item.clone(),
            format!("{} × {}", whole(entry.units), whole(line.best)),
            format!("{}–{}", whole(line.low), whole(line.high)),
            whole(entry.cost),
        ]
    });
    report.push(table(
        &format!(
            "Cost, €: {} ({}–{}) with {:.0} % contingency; {:.0} % rests on unverified unit costs",
            whole(cost.best),
            whole(cost.low),
            whole(cost.high),
            100.0 * cost.contingency,
            100.0 * cost.unverified_share
        ),
        vec![
            Column::words("Item"),
            Column::numbers("Units × €"),
            Column::numbers("Range"),
            Column::numbers("€"),
        ],
        lines.collect(),
    ));
}

fn gates(sheet: &Sheet, report: &mut Report) {
    report.push(Block::heading(1, "Gates"));
    let gate = |g: &varp_engine::pilot::gates::Gate| {
        Words::from(format!(
            "{}: {} – {}",
            g.letter,
            g.question,
            format!("{:?}", g.state).to_lowercase()
        ))
    };
    report.push(Block::List(sheet.verdict.gates.iter().map(gate).collect()));
}

fn fates(sheet: &Sheet, report: &mut Report) {
    report.push(Block::heading(1, "What may become of it"));
    if let Some(why) = &sheet.no_fates {
        report.push(Block::paragraph(format!("No scenario can be drawn up: {why}.")));
    }
    for fates in &sheet.fates {
        report.push(Block::heading(2, fates.way.name.clone()));
        report.push(Block::paragraph(fates.balance.headline.clone()));
        report.push(Block::paragraph(format!("Residue: {}.", fates.residue.words)));
        let flows = fates.scenario.flows.iter();
        report.push(table(
            &format!("Flows of {} t of feed", tonnes(fates.scenario.feed_t)),
            vec![Column::words("Flow"), Column::numbers("t")],
            flows.map(|f| vec![f.name.clone(), tonnes(f.mass_t)]).collect(),
        ));
    }
}

/// The map, in points.
fn drawing(sheet: &Sheet) -> Drawing {
    let plan = &sheet.drawing;
    let holes: Vec<(f64, f64)> = sheet.holes.iter().map(|h| (h.east_m, h.north_m)).collect();
    let corners =
        || plan.outlines.iter().chain(&plan.no_go).flatten().chain(&plan.existing).chain(&holes);
    let ends = |of: fn(&(f64, f64)) -> f64| {
        corners().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let ((west, east), (south, north)) = (ends(|p| p.0), ends(|p| p.1));
    let scale = (WIDTH / (east - west).max(1.0)).min(TALLEST / (north - south).max(1.0));
    let at = |p: &(f64, f64)| ((p.0 - west) * scale, (north - p.1) * scale + 8.0);
    let ring = |points: &Vec<(f64, f64)>| points.iter().map(at).collect::<Vec<_>>();
    let mut shapes = Vec::new();
    for outline in &plan.outlines {
        shapes.push(Shape::Area { points: ring(outline), fill: Ink(0xf6, 0xf2, 0xe8) });
        let mut line = ring(outline);
        line.extend(line.first().copied());
        shapes.push(Shape::Line { points: line, width: 0.8, ink: Ink::TEXT });
    }
    shapes.extend(plan.no_go.iter().map(|r| Shape::Area { points: ring(r), fill: Ink::WASH }));
    for place in &plan.existing {
        let (x, y) = at(place);
        shapes.push(Shape::Disc { x, y, radius: 1.6, fill: Ink::QUIET });
    }
    for hole in &sheet.holes {
        let (x, y) = at(&(hole.east_m, hole.north_m));
        shapes.push(Shape::Disc { x, y, radius: 3.0, fill: Ink::ACCENT });
        let text = hole.name.rsplit('-').next().unwrap_or_default().to_owned();
        shapes.push(word(x + 5.0, y + 3.0, text));
    }
    let height = (north - south) * scale + 16.0;
    let metres = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0]
        .into_iter()
        .rfind(|m| m * scale <= WIDTH / 3.0)
        .unwrap_or(10.0);
    let bar = vec![(0.0, height + 6.0), (metres * scale, height + 6.0)];
    shapes.push(Shape::Line { points: bar, width: 1.2, ink: Ink::TEXT });
    shapes.push(word(metres * scale + 5.0, height + 9.0, format!("{metres} m")));
    Drawing { width: WIDTH, height: height + 16.0, shapes }
}

fn word(x: f64, y: f64, text: String) -> Shape {
    Shape::Text { x, y, size: 7.5, anchor: Anchor::Start, strong: false, ink: Ink::TEXT, text }
}
