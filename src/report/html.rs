//! The report as one HTML file: no script, nothing from a network, for a wide screen, a phone and paper.

use maud::{DOCTYPE, PreEscaped, html as markup};

use super::page::{Block, Fix, Page, Section};

/// How it looks.
const STYLE: &str = include_str!("report.css");
/// More rows than this are folded away at first.
const OPEN: usize = 12;

/// The report as an HTML file, in this language (`en`, `ko`).
pub fn html(page: &Page, language: &str) -> String {
    markup! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing may be loaded, whatever a name contains.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="referrer" content="no-referrer";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (page.title) }
                    p { (page.about) }
                    ul.tally { @for (what, count) in &page.tally { li { b { (count) } " " (what) } } }
                }
                nav { @for section in &page.sections { a href={ "#" (section.id) } { (section.title) } } }
                main {
                    @for section in &page.sections { (of_section(section, page)) }
                    @if !page.gaps.is_empty() {
                        section id="gaps" { h2 { (page.gaps_title) } ul { @for gap in &page.gaps { li { (gap) } } } }
                    }
                }
            }
        }
    }
    .into_string()
}

fn of_section(section: &Section, page: &Page) -> maud::Markup {
    markup! {
        section id=(section.id) .found[!section.blocks.is_empty()] {
            h2 { (section.title) }
            p { (section.about) }
            @for block in &section.blocks { (of_block(block, page)) }
        }
    }
}

fn of_block(block: &Block, page: &Page) -> maud::Markup {
    markup! {
        article {
            h3 { (block.title) }
            ul { @for line in &block.lines { li { (line) } } }
            @for fix in &block.fixes {
                @match fix {
                    Fix::Remedy(line) => { p.fix { span { (page.fix) } code { (line) } } }
                    Fix::Remark(line) => { p.fix { span { (line) } } }
                }
            }
            @if !block.rows.is_empty() {
                details open[block.rows.len() <= OPEN] {
                    summary { (page.who) }
                    table {
                        thead { tr { @for head in &page.heads { th { (head) } } } }
                        tbody {
                            @for row in &block.rows {
                                tr { @for (cell, head) in row.iter().zip(&page.heads) { td data-head=(head) { (cell) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
