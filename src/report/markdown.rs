//! The report as Markdown, in which no name means anything.

use super::page::{Block, Fix, Page};

/// The report as Markdown as GitHub reads it.
pub fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n\n{}\n\n", plain(&page.title), plain(&page.about));
    for (what, count) in &page.tally {
        out.push_str(&format!("- {count}: {}\n", plain(what)));
    }
    for section in &page.sections {
        out.push_str(&format!("\n## {}\n\n{}\n", plain(&section.title), plain(&section.about)));
        section.blocks.iter().for_each(|block| write_block(block, page, &mut out));
    }
    if !page.gaps.is_empty() {
        out.push_str(&format!("\n## {}\n\n", plain(&page.gaps_title)));
        page.gaps.iter().for_each(|gap| out.push_str(&format!("- {}\n", plain(gap))));
    }
    out
}

fn write_block(block: &Block, page: &Page, out: &mut String) {
    out.push_str(&format!("\n### {}\n\n", plain(&block.title)));
    block.lines.iter().for_each(|line| out.push_str(&format!("- {}\n", plain(line))));
    block.fixes.iter().for_each(|fix| match fix {
        Fix::Remedy(line) => out.push_str(&format!("- {}: {}\n", plain(&page.fix), code(line))),
        Fix::Remark(line) => out.push_str(&format!("- {}\n", plain(line))),
    });
    if block.rows.is_empty() {
        return;
    }
    out.push_str(&format!("\n| {} |\n|---|---|---|---|\n", page.heads.each_ref().map(|head| plain(head)).join(" | ")));
    for row in &block.rows {
        out.push_str(&format!("| {} |\n", row.each_ref().map(|cell| plain(cell)).join(" | ")));
    }
}

/// Text in which no character has a meaning of its own.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            // A list, a heading or a rule begins with these only where a line begins; a name may be all of a cell.
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '>' => out.extend(['\\', character]),
            // What looks like a link would become one.
            ':' if out.ends_with("http") || out.ends_with("https") => out.push_str("\\:"),
            '@' => out.push_str("&#64;"),
            _ => out.push(character),
        }
    }
    out
}

/// A command to copy, whatever quotes are in it.
fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}
