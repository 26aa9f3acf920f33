//! Which instance `@name` is: one that the user marked in the dashboard, or that the config file names.

use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::config::{Favourite, Favourites};
use crate::model::{InstanceId, InvalidTarget, Region, Target, Untrusted};

/// What `@name` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// One that was marked, where it was then.
    Marked {
        /// Its id.
        id: InstanceId,
        /// Its region.
        region: Region,
        /// The profile that listed it.
        profile: Option<String>,
    },
    /// A name or an id of the config file.
    Named(Target),
}

impl Meant {
    /// The target without its place.
    pub fn target(self) -> Target {
        match self {
            Self::Marked { id, .. } => Target::Id(id),
            Self::Named(target) => target,
        }
    }
}

impl Invocation {
    /// The favourites of the dashboard and of the config file.
    pub fn favourites(&self) -> Favourites {
        Favourites::new(self.memory.read().0.favourites.keys().map(String::as_str), &self.loaded.settings.favourites)
    }

    /// What `@name` stands for: a name or an id, whole or its start.
    pub fn favourite(&self, name: &Untrusted) -> Result<Meant, Failure> {
        let (state, finding) = self.memory.read();
        if let Some(finding) = finding {
            self.note(&finding.text(&self.text));
        }
        let wanted = name.composed();
        let is_it = |id: &str, favourite: &Favourite| {
            favourite.name.as_ref().is_some_and(|own| Untrusted::from(own.as_str()).composed() == wanted)
                || wanted.starts_with("i-") && id.starts_with(&wanted.to_ascii_lowercase())
        };
        let marked: Vec<_> = state.favourites.iter().filter(|(id, favourite)| is_it(id, favourite)).collect();
        let values = |text: String| [("name", name.shown_in(60).into()), ("favourites", text.into())];
        if marked.len() > 1 {
            let ids: Vec<String> =
                marked.iter().map(|(id, _)| format!("@{}", Untrusted::from(id.as_str()).shown_in(60))).collect();
            return Err(self.failure("favourite-ambiguous", Exit::NotFound, &values(ids.join(" "))));
        }
        if let Some((id, favourite)) = marked.first()
            && let (Ok(id), Ok(region)) = (id.parse(), favourite.region.parse())
        {
            return Ok(Meant::Marked { id, region, profile: favourite.profile.clone() });
        }
        let settings = &self.loaded.settings;
        if let Some(named) = settings.favourites.iter().find(|own| Untrusted::from(own.as_str()).composed() == wanted) {
            let target = named.parse().map_err(|error: InvalidTarget| Failure::target(&error, &self.text))?;
            return Ok(Meant::Named(target));
        }
        let names = state.favourites.iter().map(|(id, favourite)| favourite.name.as_deref().unwrap_or(id));
        let all: Vec<String> = names
            .chain(settings.favourites.iter().map(String::as_str))
            .map(|name| format!("@{}", Untrusted::from(name).shown_in(40)))
            .collect();
        let code = if all.is_empty() { "favourite-none" } else { "favourite-missing" };
        Err(self.failure(code, Exit::NotFound, &values(all.join(" "))))
    }
}
