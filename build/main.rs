//! What the build writes down for the program: the languages there are, and which commit this is.

mod languages;
mod revision;

fn main() -> std::io::Result<()> {
    revision::tell();
    languages::list()
}
