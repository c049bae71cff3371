//! The report as one page of HTML that needs nothing else.

use std::fmt::Write;

use crate::document::{Block, Figure, Report, Side, Table, Words};

const STYLE: &str = "body{font:16px/1.5 'Noto Sans',system-ui,sans-serif;color:#22262b;\
background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}h1{line-height:1.2}\
h2{color:#a4501f;margin-top:2rem}table{border-collapse:collapse;width:100%;font-size:.9rem}\
caption,figcaption{text-align:left;font-size:.9rem;padding:.3rem 0}caption{font-weight:600}\
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;border-bottom:1px solid #b9bec4}\
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}tbody th{font-weight:400}\
.note{border-left:3px solid #a4501f;padding-left:.8rem;color:#545b63}.by,footer{color:#545b63}\
dl{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.2rem 1rem}dt{color:#545b63}\
dd{margin:0}figure{margin:1.2rem 0}svg{max-width:100%;height:auto}a{color:#a4501f}\
.wide{overflow-x:auto}@media(max-width:30rem){dl{grid-template-columns:1fr}}@media print{body{margin:0}}";

/// Writes a report as a page.
pub fn to_html(report: &Report) -> String {
    let mut page = String::new();
    write(&mut page, report).expect("a String takes all that is written to it");
    page
}

fn write(page: &mut String, report: &Report) -> std::fmt::Result {
    let title = escape(&report.title);
    write!(
        page,
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}\
         </style></head><body><main><h1>{title}</h1>",
        escape(&report.language)
    )?;
    if let Some(subtitle) = &report.subtitle {
        write!(page, "<p>{}</p>", escape(subtitle))?;
    }
    let date = report.date.map(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day));
    let mut by = report.authors.clone();
    by.extend(date);
    if !by.is_empty() {
        write!(page, "<p class=\"by\">{}</p>", escape(&by.join(" · ")))?;
    }
    let (mut tables, mut figures) = (0, 0);
    for block in &report.blocks {
        match block {
            Block::Heading { level, text } => {
                let level = (*level).clamp(1, 3) + 1;
                write!(page, "<h{level}>{}</h{level}>", escape(text))?;
            }
            Block::Paragraph(text) => write!(page, "<p>{}</p>", words(text))?,
            Block::Note(text) => write!(page, "<p class=\"note\">{}</p>", words(text))?,
            Block::List(items) => {
                page.push_str("<ul>");
                items.iter().try_for_each(|item| write!(page, "<li>{}</li>", words(item)))?;
                page.push_str("</ul>");
            }
            Block::Facts(facts) => {
                page.push_str("<dl>");
                for (name, value) in facts {
                    write!(page, "<dt>{}</dt><dd>{}</dd>", escape(name), words(value))?;
                }
                page.push_str("</dl>");
            }
            Block::Table(value) => {
                tables += 1;
                table(page, value, &format!("{} {tables}", report.labels.table))?;
            }
            Block::Figure(value) => {
                figures += 1;
                figure(page, value, &format!("{} {figures}", report.labels.figure))?;
            }
        }
    }
    write!(page, "</main><footer><p>{}</p></footer></body></html>", escape(&report.footer))
}

fn table(page: &mut String, table: &Table, number: &str) -> std::fmt::Result {
    let class = |at: usize| match table.columns.get(at).map(|c| c.side) {
        Some(Side::Right) => " class=\"n\"",
        _ => "",
    };
    write!(
        page,
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{}\"><table><caption>\
         {number}. {}</caption><thead><tr>",
        escape(&table.caption),
        escape(&table.caption)
    )?;
    for (at, column) in table.columns.iter().enumerate() {
        write!(page, "<th scope=\"col\"{}>{}</th>", class(at), escape(&column.head))?;
    }
    page.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        page.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let (open, close) = if at == 0 { ("th scope=\"row\"", "th") } else { ("td", "td") };
            write!(page, "<{open}{}>{}</{close}>", class(at), words(cell))?;
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table></div>");
    Ok(())
}

fn figure(page: &mut String, figure: &Figure, number: &str) -> std::fmt::Result {
    write!(
        page,
        "<figure>{}<figcaption>{number}. {}</figcaption></figure>",
        figure.drawing.to_svg(&figure.alternative),
        escape(&figure.caption)
    )
}

fn words(words: &Words) -> String {
    let mut out = String::new();
    for run in &words.0 {
        let text = escape(&run.text);
        let text = if run.strong { format!("<strong>{text}</strong>") } else { text };
        match run.safe_link() {
            Some(link) => {
                out.push_str("<a href=\"");
                out.push_str(&escape(link));
                out.push_str("\">");
                out.push_str(&text);
                out.push_str("</a>");
            }
            None => out.push_str(&text),
        }
    }
    out
}

/// Text that can stand in HTML, in elements and attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
