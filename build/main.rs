//! What the build writes down for the program: the languages there are, and which commit this is.

#![expect(clippy::print_stdout, reason = "what a build script prints is for cargo")]

use std::path::Path;

mod languages;
mod revision;

fn main() -> std::io::Result<()> {
    revision::tell();
    let program = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    languages::list(Path::new(&program))
}
