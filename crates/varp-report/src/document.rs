//! What a report is made of.

use crate::drawing::Drawing;

/// A report.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// What stands under the title.
    pub subtitle: Option<String>,
    /// Language of all words, such as `en` or `sv`.
    pub language: String,
    /// Who answers for it.
    pub authors: Vec<String>,
    /// Its date.
    pub date: Option<Day>,
    /// What stands at the foot of each page.
    pub footer: String,
    /// Words of the frame, in the language of the report.
    pub labels: Labels,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Report {
    /// An empty report with English words in the frame.
    pub fn new(title: &str, language: &str) -> Self {
        Self {
            title: title.to_owned(),
            subtitle: None,
            language: language.to_owned(),
            authors: Vec::new(),
            date: None,
            footer: String::new(),
            labels: Labels::default(),
            blocks: Vec::new(),
        }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

/// Words of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Before the number of a figure.
    pub figure: String,
    /// Before the number of a table.
    pub table: String,
    /// Between page number and number of pages, with `{page}` and `{pages}`.
    pub page: String,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            figure: "Figure".into(),
            table: "Table".into(),
            page: "Page {page} of {pages}".into(),
        }
    }
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; level 1 is the highest below the title.
    Heading {
        /// From 1 to 3.
        level: u8,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph(Words),
    /// A remark, set apart.
    Note(Words),
    /// Items with a dot.
    List(Vec<Words>),
    /// Names with their values.
    Facts(Vec<(String, Words)>),
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Figure),
}

impl Block {
    /// A heading.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    /// A paragraph.
    pub fn paragraph(words: impl Into<Words>) -> Self {
        Self::Paragraph(words.into())
    }

    /// A remark.
    pub fn note(words: impl Into<Words>) -> Self {
        Self::Note(words.into())
    }
}

/// Words with emphasis and links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Vec<Run>);

/// Words of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Whether they are strong.
    pub strong: bool,
    /// Where they lead; only `http:`, `https:` and `mailto:` become links.
    pub link: Option<String>,
}

impl Words {
    /// The same with strong words after them.
    #[must_use]
    pub fn strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), strong: true, link: None });
        self
    }

    /// The same with plain words after them.
    #[must_use]
    pub fn plain(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), strong: false, link: None });
        self
    }

    /// The same with a link after them.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, to: impl Into<String>) -> Self {
        self.0.push(Run { text: text.into(), strong: false, link: Some(to.into()) });
        self
    }

    /// The bare words.
    pub fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::default().plain(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::default().plain(text)
    }
}

impl Run {
    /// Where it leads, if that is an address that readers may follow.
    pub(crate) fn safe_link(&self) -> Option<&str> {
        let link = self.link.as_deref()?;
        ["http://", "https://", "mailto:"].iter().any(|s| link.starts_with(s)).then_some(link)
    }
}

/// A table with a header row; the first column names the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; as many cells as columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub head: String,
    /// Where its cells stand.
    pub side: Side,
}

impl Column {
    /// A column of words.
    pub fn words(head: impl Into<String>) -> Self {
        Self { head: head.into(), side: Side::Left }
    }

    /// A column of numbers.
    pub fn numbers(head: impl Into<String>) -> Self {
        Self { head: head.into(), side: Side::Right }
    }
}

/// Where the words of a cell stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the left.
    Left,
    /// At the right, as numbers do.
    Right,
}

/// A cell of a table.
pub type Cell = Words;

/// A figure with its caption and what it shows in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What is drawn.
    pub drawing: Drawing,
    /// What stands under it.
    pub caption: String,
    /// What it shows, for readers who do not see it.
    pub alternative: String,
}
