//! Samples of tailings with their assays: clean, and with one fault.
//!
//! Medians are those of base-metal, iron and tungsten tailings as published for Nordic sites;
//! spreads are lognormal with a common factor, as in real tables.

use super::Case;
use super::random::Random;

/// A column: header, substance, unit, median in that unit, spread, decimals, detection limit.
#[derive(Clone)]
struct Column {
    name: String,
    substance: String,
    unit: String,
    median: f64,
    spread: f64,
    decimals: usize,
    limit: f64,
}

fn column(
    substance: &str,
    unit: &str,
    median: f64,
    spread: f64,
    decimals: usize,
    limit: f64,
) -> Column {
    Column {
        name: substance.into(), // no unit in the header: the values alone have to tell
        substance: substance.into(),
        unit: unit.into(),
        median,
        spread,
        decimals,
        limit,
    }
}

struct Rocks {
    columns: Vec<Column>,
    cells: Vec<Vec<String>>,
    dates: Vec<String>,
    zero: Option<&'static str>,
}

const OXIDES: &[(&str, f64, f64)] = &[
    ("SiO2", 55.0, 0.08),
    ("Al2O3", 12.0, 0.12),
    ("Fe2O3", 9.0, 0.25),
    ("MgO", 4.0, 0.25),
    ("CaO", 5.5, 0.2),
    ("Na2O", 2.4, 0.2),
    ("K2O", 2.1, 0.2),
    ("TiO2", 0.9, 0.3),
    ("P2O5", 0.25, 0.4),
    ("MnO", 0.15, 0.3),
];

impl Rocks {
    fn new(random: &mut Random) -> Self {
        let mut columns = Vec::new();
        let whole_rock = random.share() < 0.5;
        if whole_rock {
            for (oxide, median, spread) in OXIDES {
                columns.push(column(oxide, "%", *median, *spread, 2, 0.01));
            }
        }
        let ore = random.between(0.5, 3.0);
        columns.push(column("Cu", "ppm", 900.0 * ore, 0.7, 1, 1.0));
        columns.push(column("Zn", "ppm", 1500.0 * ore, 0.8, 0, 2.0));
        columns.push(column("Pb", "ppm", 250.0 * ore, 0.8, 1, 0.5));
        columns.push(column("Co", "ppm", 60.0 * ore, 0.5, 1, 0.2));
        columns.push(column("Ni", "ppm", 70.0, 0.5, 1, 0.2));
        columns.push(column("As", "ppm", 8.0, 1.1, 1, 5.0));
        columns.push(column("W", "ppm", 12.0 * ore, 0.9, 1, 1.0));
        columns.push(column("Ag", "ppm", 2.0, 0.9, 2, 0.5));
        columns.push(column("Au", "ppb", 90.0, 1.0, 0, 5.0));
        columns.push(column("S", "%", 3.0 * ore, 0.5, 2, 0.01));
        columns.push(column("La", "ppm", 35.0, 0.4, 1, 0.5));
        columns.push(column("Ce", "ppm", 70.0, 0.4, 1, 0.5));
        let rows = 60 + random.below(140);
        let mut rocks = Self { columns, cells: Vec::new(), dates: Vec::new(), zero: None };
        for _ in 0..rows {
            rocks.add(random);
        }
        rocks
    }

    fn add(&mut self, random: &mut Random) {
        let common = random.normal() * 0.4;
        let mut values: Vec<f64> = Vec::new();
        for c in &self.columns {
            let shared = common * if c.substance.contains('O') { 0.2 } else { 1.0 };
            values.push(c.median * (c.spread * (random.normal() + shared)).exp());
        }
        self.close(&mut values, random);
        let cells = values.iter().zip(&self.columns).map(|(v, c)| print(*v, c)).collect();
        self.cells.push(cells);
        let (year, month, day) =
            (2015 + random.below(8), 1 + random.below(12), 1 + random.below(28));
        self.dates.push(format!("{year}-{month:02}-{day:02}"));
    }

    /// The oxides of a rock make 88 to 97 % of it; the rest is water, sulphur and traces.
    fn close(&self, values: &mut [f64], random: &mut Random) {
        let oxide = |c: &Column| c.substance.contains('O');
        let oxides: Vec<usize> = (0..values.len()).filter(|i| oxide(&self.columns[*i])).collect();
        let sum: f64 = oxides.iter().map(|i| values[*i]).sum();
        let wanted = random.between(88.0, 97.0);
        for at in oxides {
            values[at] *= wanted / sum;
        }
    }

    fn number(&self, row: usize, column: usize) -> f64 {
        self.cells[row][column].trim_start_matches('<').parse().unwrap()
    }

    /// Multiplies the values of a column, printed with as many significant digits as before.
    fn scale(&mut self, column: usize, factor: f64, rows: impl Iterator<Item = usize>) {
        for row in rows {
            let below = self.cells[row][column].starts_with('<');
            let value = self.number(row, column) * factor;
            let digits =
                if value >= 100.0 { 0 } else { (2.0 - value.log10().floor()).max(0.0) as usize };
            let printed = format!("{value:.digits$}");
            self.cells[row][column] = if below { format!("<{printed}") } else { printed };
        }
    }

    fn find(&self, substance: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.substance == substance)
    }

    fn traces(&self) -> Vec<usize> {
        let trace =
            |i: &usize| self.columns[*i].unit != "%" && !self.columns[*i].substance.contains('O');
        (0..self.columns.len()).filter(trace).collect()
    }

    fn case(self, codes: &'static [&'static str], fault: String) -> Case {
        let names: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
        let mut table = format!("sample,date,{}\n", names.join(","));
        for (at, cells) in self.cells.iter().enumerate() {
            let quoted: Vec<String> = cells
                .iter()
                .map(|c| if c.contains(',') { format!("\"{c}\"") } else { c.clone() })
                .collect();
            table += &format!("T{at:04},{},{}\n", self.dates[at], quoted.join(","));
        }
        let zero = self.zero.map_or(String::new(), |z| format!("[table.censoring]\n{z}\n"));
        let mut mapping = format!(
            "dataset = \"d\"\n[source]\ntitle = \"t\"\n[[table]]\n[table.sample]\nkey = \"sample\"\n\
             date = \"date\"\n[table.assay_defaults]\nbasis = \"dry\"\n{zero}"
        );
        for c in &self.columns {
            mapping += &format!(
                "[[table.assay]]\ncolumn = \"{}\"\nsubstance = \"{}\"\nunit = \"{}\"\n",
                c.name, c.substance, c.unit
            );
        }
        Case { table, mapping, codes, fault, rows: Vec::new(), column: String::new() }
    }
}

fn print(value: f64, c: &Column) -> String {
    if value < c.limit { format!("<{}", c.limit) } else { format!("{value:.*}", c.decimals) }
}

pub fn clean(random: &mut Random) -> Case {
    Rocks::new(random).case(&[], String::new())
}

/// A column in another unit than stated, rows of another laboratory, or single cells.
pub fn unit_fault(random: &mut Random) -> Case {
    const CODES: &[&str] = &["V050", "V023", "V053"];
    let mut rocks = Rocks::new(random);
    let traces = rocks.traces();
    let rows = rocks.cells.len();
    match random.below(4) {
        0 => {
            // the values are ppm (or ppb), the mapping says otherwise
            let at = *random.pick(&traces);
            let unit = rocks.columns[at].unit.clone();
            let wrong = if unit == "ppb" { "%" } else { *random.pick(&["%", "ppb"]) };
            rocks.columns[at].unit = wrong.into();
            let fault = format!("{} {unit} stated as {wrong}", rocks.columns[at].substance);
            let name = rocks.columns[at].name.clone();
            let mut case = rocks.case(CODES, fault);
            case.column = name;
            case
        }
        1 => {
            // the values are %, the mapping says ppm
            let at = *random.pick(&traces);
            let factor = if rocks.columns[at].unit == "ppb" { 1e-7 } else { 1e-4 };
            rocks.scale(at, factor, 0..rows);
            let fault = format!(
                "{} in % stated as {}",
                rocks.columns[at].substance, rocks.columns[at].unit
            );
            let name = rocks.columns[at].name.clone();
            let mut case = rocks.case(CODES, fault);
            case.column = name;
            case
        }
        2 => {
            // some rows come from a laboratory that prints other units
            let first = random.below(rows - 12);
            let length = 3 + random.below(8);
            let factor = *random.pick(&[1e3, 1e-3, 1e-4]);
            for at in 0..rocks.columns.len() {
                rocks.scale(at, factor, first..first + length);
            }
            let mut case = rocks.case(CODES, format!("{length} rows times {factor}"));
            case.rows = (first..first + length).map(|r| r as u32 + 2).collect();
            case
        }
        _ => {
            // one cell times 1000
            let at = *random.pick(&traces);
            let row = (0..rows).find(|r| !rocks.cells[*r][at].starts_with('<')).unwrap_or(0);
            rocks.scale(at, 1000.0, row..=row);
            let fault = format!("one {} times 1000", rocks.columns[at].substance);
            let mut case = rocks.case(&["V050", "V023", "V053", "V054"], fault);
            case.rows = vec![row as u32 + 2];
            case
        }
    }
}

/// Factor from oxide to element for the columns of whole rock.
const TO_ELEMENT: &[(&str, &str, f64)] = &[
    ("SiO2", "Si", 0.4674),
    ("Al2O3", "Al", 0.5293),
    ("Fe2O3", "Fe", 0.6994),
    ("MgO", "Mg", 0.6030),
    ("CaO", "Ca", 0.7147),
    ("Na2O", "Na", 0.7419),
    ("K2O", "K", 0.8301),
    ("TiO2", "Ti", 0.5993),
    ("P2O5", "P", 0.4364),
    ("MnO", "Mn", 0.7745),
];

fn with_whole_rock(random: &mut Random) -> Rocks {
    loop {
        let rocks = Rocks::new(random);
        if rocks.find("SiO2").is_some() {
            return rocks;
        }
    }
}

/// Oxides stated as elements or the reverse: the whole table, one of a pair, or a balance.
pub fn oxide_fault(random: &mut Random) -> Case {
    const CODES: &[&str] = &["V051", "V053"];
    let mut rocks = with_whole_rock(random);
    let rows = rocks.cells.len();
    match random.below(4) {
        0 => {
            for (oxide, element, _) in TO_ELEMENT {
                let at = rocks.find(oxide).unwrap();
                rocks.columns[at].substance = (*element).into();
            }
            rocks.case(CODES, "oxides stated as elements".into())
        }
        1 => {
            for (oxide, _, factor) in TO_ELEMENT {
                let at = rocks.find(oxide).unwrap();
                rocks.scale(at, *factor, 0..rows);
            }
            rocks.case(CODES, "elements stated as oxides".into())
        }
        2 => {
            // a second column of the same element, by another method, in the wrong form
            let (oxide, element, factor) = *random.pick(TO_ELEMENT);
            let at = rocks.find(oxide).unwrap();
            let wrong_way = random.share() < 0.5;
            let mut second = rocks.columns[at].clone();
            second.name = format!("{element}_icp");
            second.substance = element.into();
            for row in 0..rows {
                let value = rocks.number(row, at) * if wrong_way { 1.0 } else { factor * factor };
                let value = value * (0.04 * random.normal()).exp();
                rocks.cells[row].push(format!("{value:.3}"));
            }
            let name = second.name.clone();
            rocks.columns.push(second);
            let mut case = rocks.case(CODES, format!("{name} holds the oxide: {wrong_way}"));
            case.column = name;
            case
        }
        _ => balance_fault(random),
    }
}

/// Ore, grade and content in one row, with the grade of the element stated as oxide or reverse.
fn balance_fault(random: &mut Random) -> Case {
    let choices: &[(&str, &str, f64)] = &[
        ("WO3", "W", 1.2611),
        ("TiO2", "Ti", 1.6685),
        ("P2O5", "P", 2.2914),
        ("V2O5", "V", 1.7852),
    ];
    let (oxide, element, factor) = *random.pick(choices);
    let (mass, grade) = (random.between(0.5, 60.0), random.between(0.1, 6.0));
    let right = mass * 1e6 * grade / 100.0;
    let (stated, content) = match random.below(2) {
        0 => (oxide, right * factor), // the grade is of the element, said to be of the oxide
        _ => (element, right / factor), // the reverse: content is of the element
    };
    let content = content * (0.01 * random.normal()).exp();
    let table = format!("body,mass,grade,content\nA,{mass:.3},{grade:.3},{content:.0}\n");
    let claim = |property: &str, column: &str, unit: &str, substance: bool| {
        let substance =
            if substance { format!("substance = \"{stated}\"\n") } else { String::new() };
        format!(
            "[[table.claim]]\nsubject = \"body\"\nproperty = \"{property}\"\ncolumn = \"{column}\"\n\
             unit = \"{unit}\"\n{substance}"
        )
    };
    let mapping = format!(
        "dataset = \"d\"\ncountry = \"SE\"\n[source]\ntitle = \"t\"\n[[table]]\n[table.site]\n\
         key = \"body\"\n[table.body]\nkey = \"body\"\nkind = {{ value = \"tailings\" }}\n\
         [table.claim_defaults]\nbasis = \"dry\"\nterm = \"remaining\"\n{}{}{}",
        claim("mass", "mass", "Mt", false),
        claim("grade", "grade", "%", true),
        claim("contained", "content", "t", true),
    );
    let fault = format!("content of {stated} by the other form");
    Case { table, mapping, codes: &["V051"], fault, rows: Vec::new(), column: String::new() }
}

/// Half limits, undeclared marks, zeros, negative numbers, limits without a number.
pub fn censoring_fault(random: &mut Random) -> Case {
    let mut rocks = Rocks::new(random);
    let arsenic = rocks.find("As").unwrap();
    let rows = rocks.cells.len();
    let row = random.below(rows);
    let at = *random.pick(&rocks.traces());
    let mark = match random.below(5) {
        0 => {
            let half = rocks.columns[arsenic].limit / 2.0;
            for row in 0..rows {
                if rocks.cells[row][arsenic].starts_with('<') {
                    rocks.cells[row][arsenic] = half.to_string();
                }
            }
            let mut case = rocks.case(&["V052"], "As below 5 replaced by 2.5".into());
            case.column = "As".into();
            return case;
        }
        1 => *random.pick(&["n.d.", "ND", "-", "*", "I.S.", "tr"]),
        2 => "0",
        3 => "-0.5",
        _ => *random.pick(&["<LOD", "BDL", "<DL"]),
    };
    rocks.cells[row][at] = mark.into();
    let name = rocks.columns[at].name.clone();
    let mut case = rocks.case(&["V024", "V025", "V026"], format!("{mark} in {name}"));
    case.rows = vec![row as u32 + 2];
    case.column = name;
    case
}

/// A lost decimal sign, a decimal comma, thousands, two points.
pub fn decimal_fault(random: &mut Random) -> Case {
    let mut rocks = Rocks::new(random);
    let decimal = |c: &Column| c.decimals > 0;
    let candidates: Vec<usize> =
        (0..rocks.columns.len()).filter(|i| decimal(&rocks.columns[*i])).collect();
    let at = *random.pick(&candidates);
    let rows = rocks.cells.len();
    let typical = |r: &usize| {
        let cell = &rocks.cells[*r][at];
        !cell.starts_with('<') && rocks.number(*r, at) > 0.5 * rocks.columns[at].median
    };
    let usable: Vec<usize> = (0..rows).filter(typical).collect();
    let row = *random.pick(&usable);
    let cell = rocks.cells[row][at].clone();
    let wrong = match random.below(4) {
        0 | 1 => cell.replace('.', ""),
        2 => cell.replace('.', ","),
        _ => format!("1.{cell}"),
    };
    rocks.cells[row][at].clone_from(&wrong);
    let name = rocks.columns[at].name.clone();
    let codes = &["V054", "V021", "V020", "V050", "V023", "V053"];
    let mut case = rocks.case(codes, format!("{cell} as {wrong} in {name}"));
    case.rows = vec![row as u32 + 2];
    case
}

/// A key twice, or a row copied under another key.
pub fn duplicate_fault(random: &mut Random) -> Case {
    let mut rocks = Rocks::new(random);
    let rows = rocks.cells.len();
    let (from, to) = (random.below(rows - 1), rows - 1);
    if random.share() < 0.5 {
        rocks.cells[to] = rocks.cells[from].clone();
        let mut case = rocks.case(&["V059"], "a copied row".into());
        case.rows = vec![to as u32 + 2];
        case
    } else {
        let mut case = rocks.case(&["V031"], "a key twice".into());
        case.table = case.table.replace(&format!("T{to:04},"), &format!("T{from:04},"));
        case.rows = vec![to as u32 + 2];
        case
    }
}

/// Day numbers, two-digit years, days that are months, days that are none.
pub fn date_fault(random: &mut Random) -> Case {
    let mut rocks = Rocks::new(random);
    let row = random.below(rocks.cells.len());
    let wrong = *random.pick(&[
        "43619",
        "3.6.19",
        "03/06/2019",
        "2019-02-30",
        "2919-06-03",
        "31.4.2019",
        "19-06-03",
        "1019",
        "June",
        "6/7/2019",
        "0019-06-03",
    ]);
    rocks.dates[row] = wrong.into();
    let mut case = rocks.case(&["V027", "V062"], format!("date {wrong}"));
    case.rows = vec![row as u32 + 2];
    case
}
