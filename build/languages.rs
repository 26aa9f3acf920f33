//! Lists the languages: every folder of `assets/locales` is one, so that a new language is a folder and no line of code.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Write `languages.rs`, of the program in this folder.
pub fn list(program: &Path) -> io::Result<()> {
    let locales = program.join("assets/locales");
    let generated = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write")).join("languages.rs");
    println!("cargo::rerun-if-changed={}", locales.display());

    let mut list = String::from("&[\n");
    for folder in sorted(&locales)? {
        list.push_str(&format!("    Files {{ tag: {:?}, sources: &[\n", name(&folder)));
        for file in sorted(&folder)?.iter().filter(|file| file.extension().is_some_and(|extension| extension == "ftl")) {
            list.push_str(&format!("        ({:?}, include_str!({:?})),\n", name(file), file.display().to_string()));
        }
        list.push_str("    ] },\n");
    }
    list.push_str("]\n");
    fs::write(generated, list)
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a path of a listing has a name").to_string_lossy().into_owned()
}
