//! Where the names of a crate's code lead: to one of its files, or out of the crate.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Module, ModulePath, Modules};

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The file that defines what is named; through whatever hands it on.
    Ours(String),
    /// Another crate's, by its own name.
    Foreign(Vec<String>),
}

/// A use of something: in which file, as it is written, where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub file: String,
    pub written: String,
    pub place: Place,
    /// Only named to hand it on.
    pub is_handed_on: bool,
}

/// Every mention of a name in these modules.
pub fn mentions(modules: &Modules) -> Vec<Mention> {
    let names = Names { modules };
    let mut found = Vec::new();
    for (path, module) in modules {
        let mut mention = |segments: &[String], is_handed_on: bool| {
            if let Some(place) = names.place(path, segments, DEPTH)
                && place != Place::Ours(module.file.clone())
            {
                let written = segments.join("::");
                found.push(Mention { file: module.file.clone(), written, place, is_handed_on });
            }
        };
        for import in &module.imports {
            mention(&import.segments, import.is_handed_on);
        }
        for segments in &module.paths {
            mention(segments, false);
        }
    }
    found
}

/// How many names may stand for one another: more is a circle of names.
const DEPTH: usize = 16;

struct Names<'a> {
    modules: &'a Modules,
}

impl Names<'_> {
    /// Where `segments` lead when they are written in the module `from`; `None` for names of the language and of functions.
    fn place(&self, from: &[String], segments: &[String], depth: usize) -> Option<Place> {
        let depth = depth.checked_sub(1)?;
        let (first, rest) = segments.split_first()?;
        match first.as_str() {
            "Self" => None,
            "crate" | "ec2dash" => self.inside(&[], rest, depth),
            "self" => self.inside(from, rest, depth),
            "super" => self.above(from, rest, depth),
            _ => self.by_name(from, first, rest, depth).or_else(|| (!rest.is_empty()).then(|| Place::Foreign(segments.to_vec()))),
        }
    }

    fn above(&self, from: &[String], rest: &[String], depth: usize) -> Option<Place> {
        let (_, parent) = from.split_last()?;
        match rest.split_first() {
            Some((next, rest)) if next == "super" => self.above(parent, rest, depth),
            _ => self.inside(parent, rest, depth),
        }
    }

    fn by_name(&self, from: &[String], first: &str, rest: &[String], depth: usize) -> Option<Place> {
        let module = self.modules.get(from)?;
        let child = below(from, first);
        // A single word may be a variable or a function that is called like a module.
        if self.modules.contains_key(&child) && !rest.is_empty() {
            return self.inside(&child, rest, depth);
        }
        let imported = module.imports.iter().find(|import| {
            let stands_for_itself = import.segments.first().is_some_and(|segment| segment == first);
            import.name.as_deref() == Some(first) && !stands_for_itself
        });
        if let Some(import) = imported {
            return self.place(from, &[&import.segments, rest].concat(), depth);
        }
        if module.items.contains(first) {
            return Some(Place::Ours(module.file.clone()));
        }
        if let Some(place) = self.by_star(from, module, first, rest, depth) {
            return Some(place);
        }
        let itself = module.imports.iter().find(|import| import.name.as_deref() == Some(first))?;
        Some(Place::Foreign([&itself.segments, rest].concat()))
    }

    /// What a `use …::*` brings.
    fn by_star(&self, from: &[String], module: &Module, first: &str, rest: &[String], depth: usize) -> Option<Place> {
        module.imports.iter().filter(|import| import.name.is_none()).find_map(|import| {
            let there = self.module(from, &import.segments)?;
            let other = self.modules.get(&there).filter(|_| there != from)?;
            let is_there = other.items.contains(first)
                || other.imports.iter().any(|import| import.name.as_deref() == Some(first))
                || self.modules.contains_key(&below(&there, first));
            is_there.then(|| self.inside(&there, &[&[first.to_owned()], rest].concat(), depth)).flatten()
        })
    }

    /// Where `rest` leads from inside the module at `path`.
    fn inside(&self, path: &[String], rest: &[String], depth: usize) -> Option<Place> {
        let depth = depth.checked_sub(1)?;
        let module = self.modules.get(path)?;
        let here = || Some(Place::Ours(module.file.clone()));
        let Some((next, further)) = rest.split_first() else { return here() };
        let child = below(path, next);
        if self.modules.contains_key(&child) {
            return self.inside(&child, further, depth);
        }
        let handed_on = module.imports.iter().find(|import| import.name.as_deref() == Some(next.as_str()));
        if let Some(import) = handed_on {
            return self.place(path, &[&import.segments, further].concat(), depth);
        }
        self.by_star(path, module, next, further, depth).or_else(here)
    }

    /// The module that `segments` name.
    fn module(&self, from: &[String], segments: &[String]) -> Option<ModulePath> {
        let mut module = from.to_vec();
        for (number, segment) in segments.iter().enumerate() {
            match segment.as_str() {
                "crate" => module.clear(),
                "self" => {}
                "super" => _ = module.pop()?,
                name => {
                    let child = below(&module, name);
                    let top = below(&[], name);
                    module = if self.modules.contains_key(&child) || number > 0 { child } else { top };
                }
            }
        }
        self.modules.contains_key(&module).then_some(module)
    }
}

fn below(module: &[String], name: &str) -> ModulePath {
    [module, &[name.to_owned()]].concat()
}

/// Files that import each other, directly or round about: each circle in the order of names.
pub fn circles(mentions: &[Mention]) -> Vec<BTreeSet<String>> {
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mention in mentions.iter().filter(|mention| !mention.is_handed_on) {
        if let Place::Ours(file) = &mention.place {
            arrows.entry(mention.file.as_str()).or_default().insert(file.as_str());
        }
    }
    let reached = |start| {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(file) = waiting.pop() {
            waiting.extend(arrows.get(file).into_iter().flatten().filter(|file| seen.insert(file)));
        }
        seen
    };
    let reachable: Vec<(&str, BTreeSet<&str>)> = arrows.keys().map(|file| (*file, reached(file))).collect();
    let mut found: Vec<BTreeSet<String>> = Vec::new();
    for (file, beyond) in reachable.iter().filter(|(file, beyond)| beyond.contains(file)) {
        let circle = reachable.iter().filter(|(other, back)| beyond.contains(other) && back.contains(file));
        let circle: BTreeSet<String> = circle.map(|(other, _)| (*other).to_owned()).collect();
        if !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}
