//! Tables: widths from what stands in them, rows kept together, headers repeated.

use super::layout::{Layout, MARGIN, Style, WIDTH};
use super::tree::Role;
use crate::document::{Cell, Column, Side, Table};
use crate::drawing::Ink;
use crate::font::Piece;

const CELL: Style = Style { size: 8.5, leading: 11.5, strong: false, ink: Ink::TEXT };
const HEAD: Style = Style { strong: true, ..CELL };
const CAPTION: Style = Style { size: 9.0, leading: 12.5, strong: true, ink: Ink::TEXT };
const PADDING: f32 = 5.0;
const ABOVE: f32 = 3.0;

/// A cell ready to draw: its node, its words, its lines.
struct Ready<'a> {
    node: usize,
    words: &'a Cell,
    lines: Vec<Vec<Piece>>,
}

impl Layout {
    /// A table with its caption above it.
    pub fn table(&mut self, table: &Table, caption: &str) {
        self.y += 4.0;
        self.need(80.0);
        let node = self.laid.tree.node(0, Role::Table(table.caption.clone()));
        let words = self.laid.tree.node(node, Role::Caption);
        self.words(words, &caption.into(), CAPTION, MARGIN, WIDTH);
        self.y += 2.0;
        let widths = self.widths(table);
        let heads: Vec<Cell> = table.columns.iter().map(|c| c.head.as_str().into()).collect();
        let head = self.laid.tree.node(node, Role::Head);
        let row = self.laid.tree.node(head, Role::Row);
        let ready = self.ready(row, &heads, &widths, |_| Role::ColumnHeader, HEAD);
        self.row(&ready, &table.columns, &widths, HEAD, &heads);
        self.rule(Ink::TEXT, 0.8);
        if !table.rows.is_empty() {
            let rows = self.laid.tree.node(node, Role::Rows);
            for cells in &table.rows {
                let row = self.laid.tree.node(rows, Role::Row);
                let role = |at| if at == 0 { Role::RowHeader } else { Role::Cell };
                let ready = self.ready(row, cells, &widths, role, CELL);
                self.row(&ready, &table.columns, &widths, CELL, &heads);
                self.rule(Ink::LINE, 0.4);
            }
        }
        self.y += 12.0;
    }

    fn ready<'a>(
        &mut self,
        row: usize,
        cells: &'a [Cell],
        widths: &[f32],
        role: impl Fn(usize) -> Role,
        style: Style,
    ) -> Vec<Ready<'a>> {
        let mut ready = Vec::with_capacity(cells.len());
        for (at, (words, width)) in cells.iter().zip(widths).enumerate() {
            let node = self.laid.tree.node(row, role(at));
            ready.push(Ready { node, words, lines: self.lines(words, style, width - PADDING) });
        }
        ready
    }

    /// Draws a row, on a new page if it does not fit, over pages if it fits on none.
    fn row(
        &mut self,
        cells: &[Ready<'_>],
        columns: &[Column],
        widths: &[f32],
        style: Style,
        heads: &[Cell],
    ) {
        let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        let height = ABOVE * 2.0 + style.leading * lines.min(50) as f32;
        let fits_a_page = height < Self::page_height();
        if fits_a_page && self.need(height) {
            self.repeat(heads, columns, widths);
        }
        self.y += ABOVE;
        for line in 0..lines {
            if self.need(style.leading) {
                self.repeat(heads, columns, widths);
            }
            let mut x = MARGIN;
            for ((cell, column), width) in cells.iter().zip(columns).zip(widths) {
                if let Some(pieces) = cell.lines.get(line) {
                    let left = match column.side {
                        Side::Left => x,
                        Side::Right => {
                            x + width - PADDING - self.line_width(cell.words, pieces, style)
                        }
                    };
                    self.line(cell.node, cell.words, pieces, style, left, self.y + style.size);
                }
                x += width;
            }
            self.y += style.leading;
        }
        self.y += ABOVE;
    }

    /// The header once more on a new page, as part of its frame.
    fn repeat(&mut self, heads: &[Cell], columns: &[Column], widths: &[f32]) {
        let lines: Vec<Vec<Vec<Piece>>> =
            heads.iter().zip(widths).map(|(h, w)| self.lines(h, HEAD, w - PADDING)).collect();
        for line in 0..lines.iter().map(Vec::len).max().unwrap_or(0) {
            let mut x = MARGIN;
            for (at, width) in widths.iter().enumerate() {
                if let Some(pieces) = lines[at].get(line) {
                    let left = match columns[at].side {
                        Side::Left => x,
                        Side::Right => {
                            x + width - PADDING - self.line_width(&heads[at], pieces, HEAD)
                        }
                    };
                    let text = heads[at].text();
                    let shown: String = pieces.iter().map(|p| &text[p.bytes.clone()]).collect();
                    self.frame_text(&shown, HEAD, left, self.y + HEAD.size);
                }
                x += width;
            }
            self.y += HEAD.leading;
        }
        self.y += ABOVE;
        self.rule(Ink::TEXT, 0.8);
    }

    fn rule(&mut self, ink: Ink, thick: f32) {
        self.frame([MARGIN, self.y, WIDTH, thick], ink);
    }

    /// Widths of the columns: what they need at least, and the rest by what they would like.
    fn widths(&self, table: &Table) -> Vec<f32> {
        let cell = |words: &Cell, style: Style| {
            let text = words.text();
            let strong = style.strong || words.0.iter().any(|run| run.strong);
            let whole = self.fonts.width(&text, strong) * style.size;
            let word =
                text.split([' ', '/', '-']).map(|w| self.fonts.width(w, strong) * style.size);
            (word.fold(0.0, f32::max).min(110.0), whole)
        };
        let (mut least, mut wished): (Vec<f32>, Vec<f32>) = (Vec::new(), Vec::new());
        for (at, column) in table.columns.iter().enumerate() {
            let head = cell(&column.head.as_str().into(), HEAD);
            let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|c| cell(c, CELL));
            let (low, high) = cells.fold(head, |(low, high), (l, h)| (low.max(l), high.max(h)));
            least.push(low + PADDING + 2.0);
            wished.push(high.min(260.0) + PADDING + 2.0);
        }
        let (low, high): (f32, f32) = (least.iter().sum(), wished.iter().sum());
        if low >= WIDTH {
            return least.iter().map(|w| w * WIDTH / low).collect();
        }
        let share = ((WIDTH - low) / (high - low).max(1.0)).min(1.0);
        let widths: Vec<f32> =
            least.iter().zip(&wished).map(|(l, w)| l + (w - l).max(0.0) * share).collect();
        let spare = (WIDTH - widths.iter().sum::<f32>()).max(0.0);
        let total: f32 = widths.iter().sum();
        widths.iter().map(|w| w + spare * w / total).collect()
    }
}
