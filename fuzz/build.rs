//! The languages of the program, for the sentences that its modules say.

use std::path::Path;

#[path = "../build/languages.rs"]
mod languages;

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    languages::list(here.parent().expect("a folder of the repository"))
}
