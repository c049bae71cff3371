//! Kinds of problems, each with a stable code and an explanation.

use std::fmt;

/// A kind of problem, such as `V023`; stable over versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as printed.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// What the kind of problem is, in a few words.
    pub fn title(self) -> &'static str {
        self.explained().1
    }

    /// Why it matters and what to do.
    pub fn explanation(self) -> &'static str {
        self.explained().2
    }

    /// The kind of problem with this code, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let wanted = text.trim().to_uppercase();
        ALL.iter().map(|row| row.0).find(|code| code.0 == wanted)
    }

    /// All kinds, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|row| row.0)
    }

    fn explained(self) -> &'static (Self, &'static str, &'static str) {
        ALL.iter().find(|row| row.0 == self).expect("codes are made by the table alone")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $explanation:literal;)*) => {
        impl Code {
            $(
                #[doc = $title]
                pub const $name: Self = Self($code);
            )*
        }
        static ALL: &[(Code, &str, &str)] = &[$((Code::$name, $title, $explanation),)*];
    };
}

codes! {
    UNREADABLE = "V001", "the file cannot be read as a table",
        "The file is of a kind that varp does not read, is damaged, or is not what its name says. \
         Open it in the program that made it and save it as CSV, XLSX, ODS, GeoJSON or GeoPackage.";
    ENCODING = "V002", "the bytes are not text in the encoding named",
        "Say `encoding = \"windows-1252\"` (or utf-8, utf-16, cp850) in the table of the mapping, \
         or save the file as UTF-8.";
    TOO_LONG = "V003", "a row is too long",
        "A row of a table has at most 4 MiB and 16 384 columns. A missing quotation mark or a \
         wrong delimiter makes a file look like one long row.";
    TOO_LARGE = "V004", "the file is larger inside than it may be",
        "A workbook is a compressed archive. Archives that inflate beyond all proportion are \
         refused before they are read. Save very large tables as CSV.";
    TORN_ROW = "V005", "the row has more cells than the header",
        "A delimiter stands inside a cell without quotation marks, or a decimal comma in a table \
         that is delimited by commas.";
    QUESTION = "V010", "a question of the mapping is not answered",
        "The proposal could not decide and left `\"?\"` in the mapping. Replace it by the answer.";
    NO_COLUMN = "V011", "a column of the mapping is not in the table",
        "The mapping names a column by its header. Correct the name, or the rows of the header.";
    AMBIGUOUS_COLUMN = "V012", "two columns have the same header",
        "Name the column by its letter: `{ letter = \"F\" }`.";
    UNUSED_COLUMN = "V013", "a column is not read",
        "Map the column, or list it under `ignore` to say that it is left out on purpose.";
    NO_TABLE = "V014", "a table of the mapping matches no sheet",
        "Compare `file` and `sheet` of the table with the names of files and sheets.";
    UNMAPPED_SHEET = "V015", "a sheet is not read",
        "No table of the mapping speaks of this sheet.";
    MAPPING = "V016", "the mapping contradicts itself",
        "A part of the mapping needs another part that is missing.";
    NOT_A_NUMBER = "V020", "the cell is not a number",
        "Numbers are digits with the decimal sign that the table states; a unit may follow.";
    AMBIGUOUS_NUMBER = "V021", "the number can be read in two ways",
        "State `decimal` and, where used, `thousands` in the table of the mapping.";
    UNIT = "V022", "the unit is missing, unknown or of the wrong kind",
        "Every number has a unit from the mapping, the header, a row of units or the cell.";
    OVER_100_PERCENT = "V023", "a grade is above 100 %",
        "Mostly the unit is wrong: 3120 in a column of per cent may be ppm.";
    CENSORED = "V024", "a mark stands in place of a value and its meaning is not stated",
        "List the mark under `below`, `above` or `missing` of `[table.censoring]`; a mark without \
         a number also needs the detection limit.";
    ZERO = "V025", "the meaning of zero is not stated",
        "A laboratory never measures zero. Say `zero = \"value\"`, `\"below limit\"` or \
         `\"missing\"`.";
    NEGATIVE = "V026", "a quantity is negative",
        "Old surveys write -0.5 for <0.5: say `negative = \"below limit\"` where that is so.";
    DATE = "V027", "the cell is not a date that can be read in one way",
        "ISO dates (1963-05-17, 1963-05, 1963) and 17.5.1963 are read; for others say `dates` in \
         the table of the mapping.";
    UNKNOWN_WORD = "V028", "the word is not in the list of codes",
        "Give its meaning in `map`, or use a code of the list.";
    MISSING = "V029", "a required value is missing",
        "Fill the cell, or give a `default` in the mapping where one is true for all such rows.";
    DUPLICATE_KEY = "V031", "the same key stands twice",
        "Keys name one record each. Correct one of them, or add a column to `key`.";
    UNKNOWN_REFERENCE = "V032", "the row refers to a record that does not exist",
        "The site, body or hole is neither in this import nor in the register, or was refused.";
    DIFFERS = "V033", "rows that describe the same record differ",
        "The first row counts; the later one says something else of the same site or body.";
    NO_SOURCE = "V034", "no source is given",
        "Every value cites a source: `[source]` for the whole file or `[table.source]` by row.";
    INTERVAL = "V035", "the interval is not one",
        "Depths run from a smaller to a larger number, both not negative.";
    FORMULA_ERROR = "V036", "the cell holds a formula error",
        "Correct the formula in the spreadsheet.";
    SUBSTANCE = "V037", "the word is not a substance",
        "Substances are element symbols, formulas such as WO3, minerals and defined sums.";
    DIRECTION = "V038", "the direction of a hole is not one",
        "Azimuth runs from 0 to 360 degrees, dip from -90 to 90.";
    GEOMETRY = "V039", "the shape cannot be used",
        "Points, polygons and multipolygons are read.";
    NOT_A_PLACE = "V040", "the coordinates are not a place in their system",
        "Check the EPSG code, the order of the axes and the decimal sign.";
    OUTSIDE_COUNTRY = "V041", "the place is outside the country",
        "Mostly the zone of the grid, the axes or a digit are wrong.";
    SWAPPED_AXES = "V042", "the axes are swapped",
        "North stands in the column of east. Exchange `x` and `y` in the mapping.";
    WRONG_CRS = "V043", "another coordinate system fits better",
        "In the system stated the points fall outside their country; in the one named they do not.";
    UNIT_SLIP = "V050", "the unit may be wrong by a power of ten",
        "The values are far from what the substance can reach, or from the other rows.";
    OXIDE = "V051", "element and oxide may be confused",
        "The ratio of two columns, or the sum of a row, is that of an oxide where an element is \
         stated, or the reverse.";
    HALF_LIMIT = "V052", "values below the limit may have been replaced",
        "Many values are exactly half a detection limit. Ask for the original results: replaced \
         values bias every estimate.";
    SUM_OVER_100 = "V053", "the sum of the assays is above 100 %",
        "A unit or a basis is wrong, or two determinations of one thing are both counted.";
    DECIMAL_SHIFT = "V054", "a decimal sign may be lost",
        "The value has no decimals where the column has them, and is larger by a power of ten.";
    VOLUME_AREA = "V055", "volume, area and thickness do not fit",
        "The volume over the area gives an impossible thickness.";
    DENSITY = "V056", "mass and volume do not fit",
        "Mass over volume gives a density outside 0.5 to 5 t/m3.";
    ORE_AS_WASTE = "V057", "ore mined may stand as waste",
        "What was mined is not what was left. Map the column to `ore_mined`.";
    SAME_PLACE = "V058", "two names stand at exactly the same place",
        "They may be one thing twice, or one of them got the other's coordinates.";
    SAME_VALUES = "V059", "two rows have the same values",
        "A row may have been copied. Name duplicates by their role if they are meant.";
    OVERLAP = "V060", "intervals of a hole overlap",
        "The same metre is counted twice.";
    MOJIBAKE = "V061", "letters were damaged by a wrong encoding",
        "The text was read in one encoding and written in another before it came here.";
    UNLIKELY_DATE = "V062", "the date is unlikely",
        "It lies before mining began or after the year 2100.";
    BALANCE = "V063", "mass, grade and content do not fit",
        "Mass times grade differs from the content stated.";
    NOTE_ROW = "V065", "a row holds a note only",
        "A row with text in one cell and no key makes no record. Move the note to a column, or end the \
         table with `stop_at`.";
    NO_COLLAR = "V064", "a survey has no collar",
        "The hole of this row is not among the collars.";
}
