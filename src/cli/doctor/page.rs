//! What `doctor` found, for people.

use std::io::{self, Write};

use super::offers::Offers;
use crate::access::{Mark, Reason, Way, mark, place_flags};
use crate::columns::{Column, View};
use crate::text::joined;

/// The instance, the best way in, and every way with its findings; with those that are mended here the line that does it.
pub fn write(view: &View<'_>, login: &str, offers: &Offers, out: &mut dyn Write) -> io::Result<()> {
    let lines = |way: &Way, reason: &Reason| offers.line(way, reason);
    let (text, instance) = (view.text, view.instance);
    let address = instance.private_ip.map(|ip| ip.to_string());
    let facts = [Some(instance.shown()), Some(Column::STATE.cell(view).text), address];
    writeln!(out, "{}", joined(" · ", facts.iter().flatten().map(String::as_str)))?;
    match view.ways.called_best() {
        Some(best) => {
            let mut values =
                vec![("method", best.id().into()), ("id", format!("{} {}", instance.id, place_flags(&instance.place)).into())];
            if best.runs_ssh() {
                values.push(("login", login.to_owned().into()));
            }
            writeln!(out, "{}", text.say_with(if best.runs_ssh() { "doctor-best-as" } else { "doctor-best" }, &values))?;
        }
        None => match joined(", ", view.ways.last_resorts().map(|method| method.id())) {
            none if none.is_empty() => writeln!(out, "{}", text.say("doctor-no-best"))?,
            methods => writeln!(out, "{}", text.say_with("doctor-last-resorts", &[("methods", methods.into())]))?,
        },
    }
    for way in &view.ways.list {
        writeln!(out)?;
        write_way(way, view, &lines, out)?;
    }
    Ok(())
}

fn write_way(way: &Way, view: &View<'_>, lines: &dyn Fn(&Way, &Reason) -> Option<String>, out: &mut dyn Write) -> io::Result<()> {
    let text = view.text;
    writeln!(out, "{} {:<8}{}", mark(way).symbol(), way.method.id(), view.ways.verdict(way, text))?;
    // Of a way that has no meaning nothing is in order.
    let passes = view.ways.new_passes(way).filter(|_| mark(way) != Mark::NotApplicable);
    for reason in way.reasons.iter().chain(passes) {
        write_finding(reason, view, lines(way, reason), out)?;
    }
    Ok(())
}

fn write_finding(reason: &Reason, view: &View<'_>, line: Option<String>, out: &mut dyn Write) -> io::Result<()> {
    let text = view.text;
    writeln!(out, "    {} {}", reason.outcome.mark().symbol(), reason.text(text))?;
    let lines = reason.remedy(text).into_iter().chain(line).chain(reason.remark(text));
    for (at, line) in lines.enumerate() {
        let label = if at == 0 { text.say("doctor-fix") } else { String::new() };
        writeln!(out, "        {label:<5}{line}")?;
    }
    Ok(())
}
