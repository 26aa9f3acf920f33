//! What the build writes down for the program: the languages there are, and which commit this is.

#![expect(clippy::print_stdout, reason = "what a build script prints is for cargo")]

mod languages;
mod revision;

fn main() -> std::io::Result<()> {
    revision::tell();
    languages::list()
}
