//! The report as lines for a terminal.

use super::page::{Block, Fix, Page};

/// So many instances are named of each group; the other forms name all.
const NAMED: usize = 10;

/// The report as lines, each with its end. `more` says how many are not named.
pub fn plain(page: &Page, more: impl Fn(usize) -> String) -> String {
    let mut lines = vec![page.title.clone(), page.about.clone(), String::new()];
    lines.extend(page.tally.iter().map(|(what, count)| format!("{count:>7}  {what}")));
    for section in &page.sections {
        lines.extend([String::new(), section.title.clone(), format!("  {}", section.about)]);
        for block in &section.blocks {
            lines.push(String::new());
            lines.extend(of_block(block, page, &more));
        }
    }
    if !page.gaps.is_empty() {
        lines.extend([String::new(), page.gaps_title.clone()]);
        lines.extend(page.gaps.iter().map(|gap| format!("  {gap}")));
    }
    lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn of_block(block: &Block, page: &Page, more: &impl Fn(usize) -> String) -> Vec<String> {
    let mut lines = vec![format!("  {}", block.title)];
    lines.extend(block.lines.iter().map(|line| format!("    {line}")));
    lines.extend(block.fixes.iter().map(|fix| match fix {
        Fix::Remedy(line) => format!("    {}: {line}", page.fix),
        Fix::Remark(line) => format!("      {line}"),
    }));
    let named = block.rows.iter().take(NAMED);
    lines.extend(named.map(|[name, id, place, _]| format!("      {id}  {name}  {place}")));
    if block.rows.len() > NAMED {
        lines.push(format!("      {}", more(block.rows.len() - NAMED)));
    }
    lines
}
