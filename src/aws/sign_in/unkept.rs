//! What could not be written down, until somebody tells the user.

use std::io;
use std::sync::{LazyLock, Mutex};

use super::cache::Cache;
use crate::aws::flaw::{Fault, Flaw, Unkept};
use crate::aws::locked::locked;

/// Said of this process already, and whether it was fetched.
static NOTED: LazyLock<Mutex<Vec<(Flaw, bool)>>> = LazyLock::new(Mutex::default);

/// This cannot be kept in that directory.
pub(in crate::aws) fn note(cache: &Cache, what: Unkept, why: &io::Error) {
    let file = cache.directory().to_string_lossy().into_owned().into();
    let flaw = Flaw { file, line: None, fault: Fault::NotKept { what, cause: why.to_string().into() } };
    let mut noted = locked(&NOTED);
    if noted.iter().all(|(known, _)| *known != flaw) {
        noted.push((flaw, false));
    }
}

/// What nobody was told of yet: each thing is told once.
pub fn unkept() -> Vec<Flaw> {
    let mut noted = locked(&NOTED);
    let news = noted.iter_mut().filter(|(_, is_told)| !is_told);
    news.map(|(flaw, is_told)| {
        *is_told = true;
        flaw.clone()
    })
    .collect()
}
