//! Blocks on pages of A4.

use super::tree::{Child, Role, Tree};
use crate::document::{Block, Figure, Report, Words};
use crate::drawing::{Drawing, Ink};
use crate::font::{Fonts, Piece, broken};

/// Width of a page, in points.
pub const PAGE_WIDTH: f32 = 595.0;
/// Height of a page.
pub const PAGE_HEIGHT: f32 = 842.0;
/// Left and right margin.
pub const MARGIN: f32 = 56.0;
/// Width of a line.
pub const WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
const TOP: f32 = 60.0;
const BOTTOM: f32 = PAGE_HEIGHT - 70.0;

/// Something on a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Letters on a baseline.
    Text {
        /// Left end.
        x: f32,
        /// Baseline.
        y: f32,
        /// How it looks.
        style: Style,
        /// Where it leads.
        link: Option<String>,
        /// The words.
        text: String,
        /// Whether it is part of the document, not of its frame.
        real: bool,
    },
    /// A filled rectangle, part of the frame.
    Rectangle {
        /// Left, top, width, height.
        at: [f32; 4],
        /// Its colour.
        fill: Ink,
    },
    /// A drawing, enlarged or reduced.
    Drawing {
        /// Left end.
        x: f32,
        /// Upper end.
        y: f32,
        /// How much larger.
        scale: f32,
        /// The drawing.
        drawing: Drawing,
    },
}

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Size of the letters.
    pub size: f32,
    /// From baseline to baseline.
    pub leading: f32,
    /// Whether all of it is strong.
    pub strong: bool,
    /// Its colour.
    pub ink: Ink,
}

const BODY: Style = Style { size: 10.0, leading: 14.5, strong: false, ink: Ink::TEXT };
const QUIET: Style = Style { size: 9.0, leading: 12.5, strong: false, ink: Ink::QUIET };
const TITLE: Style = Style { size: 22.0, leading: 28.0, strong: true, ink: Ink::TEXT };
const HEADINGS: [Style; 3] = [
    Style { size: 14.5, leading: 19.0, strong: true, ink: Ink::ACCENT },
    Style { size: 11.5, leading: 15.5, strong: true, ink: Ink::TEXT },
    Style { size: 10.0, leading: 14.5, strong: true, ink: Ink::TEXT },
];

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Level, 1 for the title.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// Page, from 0.
    pub page: usize,
    /// Height on it.
    pub y: f32,
}

/// Pages with their structure.
pub struct Laid {
    /// Marks by page.
    pub pages: Vec<Vec<Mark>>,
    /// The structure.
    pub tree: Tree,
    /// The outline, in order.
    pub outline: Vec<Entry>,
}

/// Pages under way.
pub struct Layout {
    pub fonts: Fonts,
    pub laid: Laid,
    /// Where the next line starts.
    pub y: f32,
    figures: usize,
    tables: usize,
}

/// A heading with the lines that must stay with it.
const HEADING_HEIGHT: f32 = 70.0;
/// What the caption of a figure takes at least.
const CAPTION_HEIGHT: f32 = 30.0;

/// Scale and height of a figure on the page.
#[expect(clippy::cast_possible_truncation, reason = "lengths on a page")]
fn size_of(figure: &Figure) -> (f32, f32) {
    let scale = (f64::from(WIDTH) / figure.drawing.width).min(1.3) as f32;
    (scale, figure.drawing.height as f32 * scale)
}

/// Lays a report out.
pub fn layout(report: &Report) -> Laid {
    let laid = Laid { pages: vec![Vec::new()], tree: Tree::new(), outline: Vec::new() };
    let mut layout = Layout { fonts: Fonts::new(), laid, y: TOP, figures: 0, tables: 0 };
    layout.front(report);
    for (at, block) in report.blocks.iter().enumerate() {
        if let (Block::Heading { .. }, Some(Block::Figure(figure))) =
            (block, report.blocks.get(at + 1))
        {
            // a heading goes to the next page with the figure that it stands over
            layout.need(HEADING_HEIGHT + size_of(figure).1 + CAPTION_HEIGHT);
        }
        layout.block(block, report);
    }
    layout.footers(report);
    layout.laid
}

impl Layout {
    fn front(&mut self, report: &Report) {
        self.heading(1, &report.title, TITLE);
        if let Some(subtitle) = &report.subtitle {
            let node = self.laid.tree.node(0, Role::Paragraph);
            self.words(node, &subtitle.as_str().into(), BODY, MARGIN, WIDTH);
        }
        let date = report.date.map(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day));
        let mut by = report.authors.clone();
        by.extend(date);
        if !by.is_empty() {
            let node = self.laid.tree.node(0, Role::Paragraph);
            self.words(node, &by.join(" · ").into(), QUIET, MARGIN, WIDTH);
        }
        self.frame([MARGIN, self.y + 6.0, WIDTH, 1.5], Ink::ACCENT);
        self.y += 16.0;
    }

    fn block(&mut self, block: &Block, report: &Report) {
        match block {
            Block::Heading { level, text } => {
                let at = usize::from((*level).clamp(1, 3)) - 1;
                self.y += 8.0;
                self.need(HEADING_HEIGHT);
                self.heading(level + 1, text, HEADINGS[at]);
                self.y += 2.0;
            }
            Block::Paragraph(words) => {
                let node = self.laid.tree.node(0, Role::Paragraph);
                self.words(node, words, BODY, MARGIN, WIDTH);
                self.y += 5.0;
            }
            Block::Note(words) => self.note(words),
            Block::List(items) => self.list(items),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => {
                self.tables += 1;
                let caption = format!("{} {}. {}", report.labels.table, self.tables, table.caption);
                self.table(table, &caption);
            }
            Block::Figure(figure) => {
                self.figures += 1;
                let caption =
                    format!("{} {}. {}", report.labels.figure, self.figures, figure.caption);
                self.figure(figure, &caption);
            }
        }
    }

    fn heading(&mut self, level: u8, text: &str, style: Style) {
        let page = self.laid.pages.len() - 1;
        self.laid.outline.push(Entry { level, text: text.to_owned(), page, y: self.y });
        let node = self.laid.tree.node(0, Role::Heading(level, text.to_owned()));
        self.words(node, &text.into(), style, MARGIN, WIDTH);
    }

    fn note(&mut self, words: &Words) {
        self.need(BODY.leading * 2.0);
        let (page, top) = (self.laid.pages.len(), self.y);
        let node = self.laid.tree.node(0, Role::Paragraph);
        self.words(node, words, QUIET, MARGIN + 12.0, WIDTH - 12.0);
        if page == self.laid.pages.len() {
            self.frame([MARGIN, top + 1.0, 2.5, self.y - top], Ink::ACCENT);
        }
        self.y += 7.0;
    }

    fn list(&mut self, items: &[Words]) {
        let list = self.laid.tree.node(0, Role::List);
        for words in items {
            self.need(BODY.leading);
            let item = self.laid.tree.node(list, Role::Item);
            let label = self.laid.tree.node(item, Role::Label);
            self.place_text(label, "• ", BODY, MARGIN + 4.0, self.y + BODY.size);
            let body = self.laid.tree.node(item, Role::Body);
            self.words(body, words, BODY, MARGIN + 16.0, WIDTH - 16.0);
        }
        self.y += 5.0;
    }

    fn facts(&mut self, facts: &[(String, Words)]) {
        let list = self.laid.tree.node(0, Role::List);
        for (name, words) in facts {
            self.need(BODY.leading);
            let item = self.laid.tree.node(list, Role::Item);
            let label = self.laid.tree.node(item, Role::Label);
            let (page, top) = (self.laid.pages.len(), self.y);
            self.words(label, &format!("{name} ").into(), QUIET, MARGIN, 140.0);
            let after = self.y;
            if page == self.laid.pages.len() {
                self.y = top;
            }
            let body = self.laid.tree.node(item, Role::Body);
            self.words(body, words, BODY, MARGIN + 148.0, WIDTH - 148.0);
            if page == self.laid.pages.len() {
                self.y = self.y.max(after);
            }
            self.y += 2.0;
        }
        self.y += 5.0;
    }

    fn figure(&mut self, figure: &Figure, caption: &str) {
        let (scale, height) = size_of(figure);
        self.y += 4.0;
        self.need(height + CAPTION_HEIGHT);
        let node = self.laid.tree.node(0, Role::Figure(figure.alternative.clone()));
        let mark = Mark::Drawing { x: MARGIN, y: self.y, scale, drawing: figure.drawing.clone() };
        self.mark(node, mark);
        self.y += height + 4.0;
        let words = self.laid.tree.node(node, Role::Caption);
        self.words(words, &caption.into(), QUIET, MARGIN, WIDTH);
        self.y += 10.0;
    }

    fn footers(&mut self, report: &Report) {
        let pages = self.laid.pages.len();
        for page in 0..pages {
            let number = report
                .labels
                .page
                .replace("{page}", &(page + 1).to_string())
                .replace("{pages}", &pages.to_string());
            let y = PAGE_HEIGHT - 36.0;
            let right = PAGE_WIDTH - MARGIN - self.fonts.width(&number, false) * 8.0;
            let marks = [(MARGIN, report.footer.as_str()), (right, number.as_str())];
            for (x, text) in marks.into_iter().filter(|(_, text)| !text.is_empty()) {
                self.laid.pages[page].push(Mark::Text {
                    x,
                    y,
                    style: Style { size: 8.0, ..QUIET },
                    link: None,
                    text: text.to_owned(),
                    real: false,
                });
            }
        }
    }

    /// Starts a page unless `height` is left on this one.
    pub fn need(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM && self.y > TOP;
        if full {
            self.laid.pages.push(Vec::new());
            self.y = TOP;
        }
        full
    }

    /// Height of a whole page.
    pub const fn page_height() -> f32 {
        BOTTOM - TOP
    }

    /// Lines of words at `x`, no wider than `width`; moves down past them.
    pub fn words(&mut self, node: usize, words: &Words, style: Style, x: f32, width: f32) {
        for line in self.lines(words, style, width) {
            self.need(style.leading);
            self.line(node, words, &line, style, x, self.y + style.size);
            self.y += style.leading;
        }
    }

    /// Words broken into lines.
    pub fn lines(&self, words: &Words, style: Style, width: f32) -> Vec<Vec<Piece>> {
        let runs: Vec<(&str, bool)> =
            words.0.iter().map(|run| (run.text.as_str(), run.strong || style.strong)).collect();
        broken(&self.fonts, &runs, style.size, width)
    }

    /// Width of a line as it is seen.
    pub fn line_width(&self, words: &Words, line: &[Piece], style: Style) -> f32 {
        let last = line.len().saturating_sub(1);
        let pieces = line.iter().enumerate().map(|(at, piece)| {
            let run = &words.0[piece.run];
            let text = &run.text[piece.bytes.clone()];
            let text = if at == last { text.trim_end() } else { text };
            self.fonts.width(text, run.strong || style.strong) * style.size
        });
        pieces.sum()
    }

    /// One line on its baseline.
    pub fn line(
        &mut self,
        node: usize,
        words: &Words,
        line: &[Piece],
        style: Style,
        x: f32,
        y: f32,
    ) {
        let mut x = x;
        for piece in line {
            let run = &words.0[piece.run];
            let text = run.text[piece.bytes.clone()].to_owned();
            let style = Style { strong: run.strong || style.strong, ..style };
            let wide = self.fonts.width(&text, style.strong) * style.size;
            match run.safe_link() {
                Some(link) => {
                    let style = Style { ink: Ink::ACCENT, ..style };
                    let link = Some(link.to_owned());
                    let node = self.laid.tree.node(node, Role::Link);
                    let mark = Mark::Text { x, y, style, link, text, real: true };
                    let place = self.mark(node, mark);
                    self.laid.tree.push(node, Child::Area(place.0, place.1));
                }
                None => self.place_text(node, &text, style, x, y),
            }
            x += wide;
        }
    }

    fn place_text(&mut self, node: usize, text: &str, style: Style, x: f32, y: f32) {
        let text = text.to_owned();
        self.mark(node, Mark::Text { x, y, style, link: None, text, real: true });
    }

    /// Something of the frame.
    pub fn frame(&mut self, at: [f32; 4], fill: Ink) {
        self.laid.pages.last_mut().expect("a page").push(Mark::Rectangle { at, fill });
    }

    /// A mark that belongs to a node.
    fn mark(&mut self, node: usize, mark: Mark) -> (usize, usize) {
        let page = self.laid.pages.len() - 1;
        let place = (page, self.laid.pages[page].len());
        self.laid.pages[page].push(mark);
        self.laid.tree.push(node, Child::Mark(place.0, place.1));
        place
    }

    /// Text of the frame, such as a repeated header.
    pub fn frame_text(&mut self, text: &str, style: Style, x: f32, y: f32) {
        let text = text.to_owned();
        let mark = Mark::Text { x, y, style, link: None, text, real: false };
        self.laid.pages.last_mut().expect("a page").push(mark);
    }
}
