//! Where a value comes from: a column, a fixed value, or several columns joined.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// By its header; case and white space do not count.
    Header(String),
    /// By its letters in a spreadsheet.
    Letter(String),
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(header) => write!(f, "\"{header}\""),
            Self::Letter(letter) => write!(f, "column {letter}"),
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Field {
    /// Columns; more than one are joined by `join`.
    pub columns: Vec<ColumnRef>,
    /// The value for every row.
    pub value: Option<String>,
    /// The value where the cell is empty.
    pub default: Option<String>,
    /// What words of the table mean.
    pub map: Words,
    /// What stands between joined columns, and between the parts of a list.
    pub join: Option<String>,
}

/// What words of a table mean, in the order in which the mapping lists them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Words(Vec<Word>);

#[derive(Clone, Debug, PartialEq)]
struct Word {
    spelled: String,
    folded: String,
    meaning: String,
}

impl Words {
    /// Whether no word has a meaning of its own.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a word means; case does not count.
    pub fn meaning(&self, word: &str) -> Option<&str> {
        let folded = word.to_lowercase();
        self.0.iter().find(|w| w.folded == folded).map(|w| w.meaning.as_str())
    }

    /// The first word whose meaning is one of these.
    pub fn word(&self, means: impl Fn(&str) -> bool) -> Option<&str> {
        self.0.iter().find(|w| means(&w.meaning)).map(|w| w.spelled.as_str())
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("words with their meanings: { \"sandmagasin\" = \"tailings\" }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some((spelled, meaning)) = map.next_entry::<String, Scalar>()? {
                    let folded = spelled.trim().to_lowercase();
                    words.push(Word { folded, meaning: meaning.into(), spelled });
                }
                Ok(Words(words))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    column: Option<OneOrMany>,
    letter: Option<String>,
    value: Option<Scalar>,
    default: Option<Scalar>,
    #[serde(default)]
    map: Words,
    join: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A word, a number or a truth, as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
}

impl From<Scalar> for String {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => text,
            Scalar::Whole(number) => number.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Truth(truth) => truth.to_string(),
        }
    }
}

impl Field {
    /// A field that is this column.
    pub fn column(header: &str) -> Self {
        Self { columns: vec![ColumnRef::Header(header.to_owned())], ..Self::default() }
    }

    /// A field that is this value in every row.
    pub fn fixed(value: &str) -> Self {
        Self { value: Some(value.to_owned()), ..Self::default() }
    }

    fn spelled<E: de::Error>(spelled: Spelled) -> Result<Self, E> {
        let mut columns: Vec<ColumnRef> = match spelled.column {
            None => Vec::new(),
            Some(OneOrMany::One(header)) => vec![ColumnRef::Header(header)],
            Some(OneOrMany::Many(headers)) => headers.into_iter().map(ColumnRef::Header).collect(),
        };
        columns.extend(spelled.letter.map(ColumnRef::Letter));
        let value: Option<String> = spelled.value.map(Into::into);
        if columns.is_empty() == value.is_none() {
            return Err(E::custom("needs either `column` (or `letter`) or `value`, not both"));
        }
        Ok(Self {
            columns,
            value,
            default: spelled.default.map(Into::into),
            map: spelled.map,
            join: spelled.join,
        })
    }
}

/// In a record section a bare word is the header of a column.
impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header, a list of headers, or { column = … } or { value = … }")
    }

    fn visit_str<E: de::Error>(self, header: &str) -> Result<Field, E> {
        Ok(Field::column(header))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut headers: A) -> Result<Field, A::Error> {
        let mut field = Field::default();
        while let Some(header) = headers.next_element()? {
            field.columns.push(ColumnRef::Header(header));
        }
        if field.columns.is_empty() {
            return Err(de::Error::custom("the list of headers is empty"));
        }
        Ok(field)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
        Field::spelled(Spelled::deserialize(MapAccessDeserializer::new(map))?)
    }
}

/// In a claim or an assay a bare word is the value itself: `unit = "ppm"`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Given(pub Field);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GivenVisitor).map(Given)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or { column = … }")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Field, E> {
        Ok(Field::fixed(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Field, E> {
        Ok(Field::fixed(&value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Field, E> {
        Ok(Field::fixed(&value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
        Field::spelled(Spelled::deserialize(MapAccessDeserializer::new(map))?)
    }
}
