//! Pages and structure to bytes, through krilla.

use std::num::NonZeroU16;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, ListNumbering, Node, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagKind, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document, SerializeSettings};

use super::layout::{Entry, Laid, Mark, PAGE_HEIGHT, PAGE_WIDTH, Style};
use super::tree::{Child, Role};
use crate::ReportError;
use crate::document::Report;
use crate::drawing::{Anchor, Drawing, Ink, Shape};
use crate::font::{Face, Fonts};

/// Identifiers of the marks of a page, and of the live areas of links, where they are real.
type Ids = Vec<(Option<Node>, Option<Node>)>;

struct Pen {
    fonts: Fonts,
    files: [Font; 2],
}

/// Writes laid-out pages.
pub fn write(report: &Report, laid: &Laid) -> Result<Vec<u8>, ReportError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .expect("PDF/UA-1 alone contradicts nothing");
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let file = |face: Face| {
        Font::new(Data::from(face.bytes().to_vec()), 0).expect("the embedded fonts are tested")
    };
    let pen = Pen { fonts: Fonts::new(), files: Face::ALL.map(file) };
    let mut ids: Vec<Ids> = Vec::new();
    for marks in &laid.pages {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).expect("a page has a size");
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        let content: Vec<Option<Node>> =
            marks.iter().map(|mark| pen.mark(&mut surface, mark)).collect();
        surface.finish();
        let areas: Vec<Option<Node>> = marks
            .iter()
            .map(|mark| {
                let annotation = pen.link(mark)?;
                Some(page.add_tagged_annotation(annotation).into())
            })
            .collect();
        page.finish();
        ids.push(content.into_iter().zip(areas).collect());
    }
    let mut tree = TagTree::new().with_lang(Some(report.language.clone()));
    for child in &laid.tree.0[0].1 {
        if let Some(node) = node(laid, &mut ids, *child) {
            tree.push(node);
        }
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&laid.outline));
    document.set_metadata(metadata(report));
    document.finish().map_err(|e| ReportError::NotAccessible(format!("{e:?}")))
}

fn metadata(report: &Report) -> Metadata {
    let mut metadata = Metadata::new()
        .title(report.title.clone())
        .language(report.language.clone())
        .creator("varp".into())
        .authors(report.authors.clone());
    if let Some(subtitle) = &report.subtitle {
        metadata = metadata.description(subtitle.clone());
    }
    if let Some(day) = report.date {
        metadata = metadata.creation_date(DateTime::new(day.year).month(day.month).day(day.day));
    }
    metadata
}

/// Entries nested by level.
fn outline(entries: &[Entry]) -> Outline {
    let mut outline = Outline::new();
    let mut at = 0;
    while at < entries.len() {
        outline.push_child(branch(entries, &mut at));
    }
    outline
}

fn branch(entries: &[Entry], at: &mut usize) -> OutlineNode {
    let entry = &entries[*at];
    let place = XyzDestination::new(entry.page, Point::from_xy(0.0, entry.y));
    let mut node = OutlineNode::new(entry.text.clone(), place);
    *at += 1;
    while entries.get(*at).is_some_and(|next| next.level > entry.level) {
        node.push_child(branch(entries, at));
    }
    node
}

fn node(laid: &Laid, ids: &mut [Ids], child: Child) -> Option<Node> {
    match child {
        Child::Mark(page, place) => ids[page][place].0.take(),
        Child::Area(page, place) => ids[page][place].1.take(),
        Child::Node(id) => {
            let (role, children) = &laid.tree.0[id];
            let mut group = TagGroup::new(tag(role));
            for child in children {
                if let Some(node) = node(laid, ids, *child) {
                    group.push(node);
                }
            }
            Some(group.into())
        }
    }
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading(level, text) => {
            let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(text.clone())).into()
        }
        Role::Document | Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table(summary) => Tag::Table.with_summary(Some(summary.clone())).into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(words) => Tag::Figure(Some(words.clone())).into(),
        Role::Caption => Tag::Caption.into(),
        Role::Link => Tag::Link.into(),
    }
}

impl Pen {
    /// Draws a mark; its identifier, unless it is part of the frame.
    fn mark(&self, surface: &mut Surface<'_>, mark: &Mark) -> Option<Node> {
        match mark {
            Mark::Text { x, y, style, text, real, .. } => {
                let tag = if *real {
                    ContentTag::Span(SpanTag::empty())
                } else {
                    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other))
                };
                let id = surface.start_tagged(tag);
                self.text(surface, *x, *y, *style, text);
                surface.end_tagged();
                real.then(|| id.into())
            }
            Mark::Rectangle { at: [x, y, w, h], fill } => {
                let tag = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other));
                surface.start_tagged(tag);
                self.fill(surface, rectangle(*x, *y, *w, *h), *fill);
                surface.end_tagged();
                None
            }
            Mark::Drawing { x, y, scale, drawing } => {
                let id = surface.start_tagged(ContentTag::Other);
                surface.push_transform(&Transform::from_translate(*x, *y));
                surface.push_transform(&Transform::from_scale(*scale, *scale));
                self.drawing(surface, drawing);
                surface.pop();
                surface.pop();
                surface.end_tagged();
                Some(id.into())
            }
        }
    }

    fn link(&self, mark: &Mark) -> Option<Annotation> {
        let Mark::Text { x, y, style, link: Some(link), text, .. } = mark else { return None };
        let wide = self.fonts.width(text.trim_end(), style.strong) * style.size;
        let area = Rect::from_xywh(*x, y - style.size, wide.max(1.0), style.size * 1.25)?;
        let target = Target::Action(Action::Link(LinkAction::new(link.clone())));
        Some(Annotation::new_link(LinkAnnotation::new(area, target), Some(link.clone())))
    }

    fn text(&self, surface: &mut Surface<'_>, x: f32, y: f32, style: Style, text: &str) {
        surface.set_fill(Some(Fill { paint: colour(style.ink).into(), ..Fill::default() }));
        surface.set_stroke(None);
        let mut x = x;
        let mut run: Vec<KrillaGlyph> = Vec::new();
        let (mut face, mut start) = (Face::Regular, 0);
        for (at, character) in text.char_indices() {
            let letter = self.fonts.letter(character, style.strong);
            if letter.face != face && !run.is_empty() {
                x += self.draw(surface, (x, y), &run, face, &text[start..at], style.size);
                run.clear();
            }
            if run.is_empty() {
                (face, start) = (letter.face, at);
            }
            let bytes = at - start..at - start + character.len_utf8();
            let glyph = GlyphId::new(letter.glyph);
            run.push(KrillaGlyph::new(glyph, letter.advance, 0.0, 0.0, 0.0, bytes, None));
        }
        if !run.is_empty() {
            self.draw(surface, (x, y), &run, face, &text[start..], style.size);
        }
    }

    fn draw(
        &self,
        surface: &mut Surface<'_>,
        (x, y): (f32, f32),
        glyphs: &[KrillaGlyph],
        face: Face,
        text: &str,
        size: f32,
    ) -> f32 {
        let font = self.files[face as usize].clone();
        surface.draw_glyphs(Point::from_xy(x, y), glyphs, font, text, size, false);
        glyphs.iter().map(|g| g.x_advance).sum::<f32>() * size
    }

    fn fill(&self, surface: &mut Surface<'_>, path: Option<Path>, ink: Ink) {
        if let Some(path) = path {
            surface.set_fill(Some(Fill { paint: colour(ink).into(), ..Fill::default() }));
            surface.set_stroke(None);
            surface.draw_path(&path);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "lengths on a page")]
    fn drawing(&self, surface: &mut Surface<'_>, drawing: &Drawing) {
        for shape in &drawing.shapes {
            match shape {
                Shape::Rectangle { x, y, width, height, fill } => {
                    let [x, y, w, h] = [*x, *y, *width, *height].map(|v| v as f32);
                    self.fill(surface, rectangle(x, y, w, h), *fill);
                }
                Shape::Area { points, fill } => self.fill(surface, polygon(points, true), *fill),
                Shape::Disc { x, y, radius, fill } => {
                    let points: Vec<(f64, f64)> = (0..32)
                        .map(|i| f64::from(i) * std::f64::consts::TAU / 32.0)
                        .map(|a| (x + radius * a.cos(), y + radius * a.sin()))
                        .collect();
                    self.fill(surface, polygon(&points, true), *fill);
                }
                Shape::Line { points, width, ink } => {
                    if let Some(path) = polygon(points, false) {
                        surface.set_fill(None);
                        surface.set_stroke(Some(Stroke {
                            paint: colour(*ink).into(),
                            width: *width as f32,
                            ..Stroke::default()
                        }));
                        surface.draw_path(&path);
                    }
                }
                Shape::Text { x, y, size, anchor, strong, ink, text } => {
                    let wide = f64::from(self.fonts.width(text, *strong)) * size;
                    let left = match anchor {
                        Anchor::Start => *x,
                        Anchor::Middle => x - wide / 2.0,
                        Anchor::End => x - wide,
                    };
                    let size = *size as f32;
                    let style = Style { size, leading: size, strong: *strong, ink: *ink };
                    self.text(surface, left as f32, *y as f32, style, text);
                }
            }
        }
    }
}

fn colour(ink: Ink) -> rgb::Color {
    rgb::Color::new(ink.0, ink.1, ink.2)
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

#[expect(clippy::cast_possible_truncation, reason = "lengths on a page")]
fn polygon(points: &[(f64, f64)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if at == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}
