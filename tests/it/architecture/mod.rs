//! Holds the rooms to who may use whom, files to running in no circle, and every file to saying its purpose.

mod code;
mod law;
mod names;
mod planted;

use std::fs;
use std::path::{Path, PathBuf};

use code::{Modules, Source, modules};
use law::{Law, acquaintances, broken, circles_of_files};

/// The program. All but `model` and `terminal` may use `text`.
const PROGRAM: Law = Law {
    may_use: &[
        ("main", &["cli", "config", "sim"]),
        ("model", &["keys"]),
        ("text", &[]),
        ("terminal", &[]),
        ("access", &["keys", "model", "text"]),
        ("columns", &["model", "access", "text"]),
        ("aws", &["keys", "model", "outbound", "text"]),
        ("config", &["model", "access", "columns", "text"]),
        ("outbound", &["model"]),
        ("websocket", &["model", "outbound"]),
        ("session", &["model", "ssm", "aws", "config", "outbound", "terminal", "text", "websocket"]),
        // Where a tunnel listens is the same whatever carries it.
        ("endpoint", &["model", "aws", "outbound", "session/tunnel/listener", "text", "websocket"]),
        ("ssh", &["keys", "model", "access", "config", "terminal", "text"]),
        ("builtin_ssh", &["model", "session/tunnel/socks", "ssh", "terminal", "text"]),
        ("here", &["keys", "model", "access", "text"]),
        ("files", &["model", "text"]),
        ("fixes", &["keys", "model", "access", "aws", "config", "text"]),
        ("fleet", &["model", "aws", "config", "text"]),
        ("multiplexer", &["model", "config", "text"]),
        ("power", &["model", "aws", "text"]),
        ("probe", &["model", "access", "aws", "endpoint", "session", "text"]),
        (
            "connect",
            &[
                "keys",
                "model",
                "access",
                "aws",
                "builtin_ssh/arguments",
                "config",
                "endpoint",
                "here",
                "power",
                "session",
                "ssh",
                "terminal",
                "text",
            ],
        ),
        // Of a room that performs, the dashboard sees what it plans and how far it has come: values, which nothing waits for.
        (
            "tui",
            &[
                "model",
                "access",
                "columns",
                "config",
                "connect/plan",
                "files/facts",
                "fixes/called",
                "fixes/change",
                "fixes/consequence",
                "fixes/fix",
                "fixes/plan",
                "fixes/preview",
                "files/meter",
                "files/name",
                "files/rate",
                "fleet/order",
                "fleet/progress",
                "fleet/ending",
                "fleet/update",
                "multiplexer/host",
                "multiplexer/opening",
                "power/cost",
                "power/order",
                "power/preview",
                "power/progress",
                "power/update",
                "probe/kind",
                "session/tunnel/led",
                "session/tunnel/saved",
                "session/tunnel/listener",
                "session/tunnel/state",
                "text",
            ],
        ),
        // What performs: AWS, sessions, fleets and ways in are called from here and from nowhere else in the dashboard.
        ("tui/run", &["aws", "session", "files", "fleet", "power", "connect", "here", "ssh", "terminal"]),
        (
            "tui/runtime",
            &["aws", "session", "fixes", "fleet", "multiplexer", "power", "probe", "connect", "here", "ssh", "terminal"],
        ),
        ("tui/terminal", &["terminal"]),
        ("tui/signals", &["terminal"]),
        ("tui/panic", &["terminal"]),
        ("report", &["model", "access", "text"]),
        ("cli", EVERYTHING),
    ],
    pure: &[
        "model",
        "text",
        "access",
        "columns",
        "connect/plan",
        "builtin_ssh/arguments",
        "builtin_ssh/words",
        "builtin_ssh/names",
        "connect/diagnosis",
        "files/arrange",
        "files/event",
        "files/facts",
        "files/likeness",
        "files/meter",
        "files/name",
        "files/options",
        "files/part",
        "files/rate",
        "files/sftp/attributes",
        "files/sftp/fields",
        "files/sftp/reply",
        "files/sftp/request",
        "files/spot",
        "files/trouble",
        "fixes/called",
        "fixes/change",
        "fixes/consequence",
        "fixes/fix",
        "fixes/plan",
        "fixes/preview",
        "fixes/record",
        "fleet/order",
        "fleet/progress",
        "fleet/ending",
        "fleet/update",
        "fleet/script",
        "fleet/windows_line",
        "multiplexer/host",
        "multiplexer/opening",
        "power/cost",
        "power/order",
        "power/preview",
        "power/progress",
        "power/update",
        "probe/kind",
        "report",
        "tui",
    ],
    touches_the_world: &[
        "tui/run",
        "tui/runtime",
        "tui/terminal",
        "tui/signals", // what asks the loop to end
        "tui/panic",   // writes the crash report
    ],
};

const EVERYTHING: &[&str] = &[
    "keys",
    "model",
    "access",
    "columns",
    "aws",
    "config",
    "terminal",
    "outbound",
    "websocket",
    "session",
    "endpoint",
    "builtin_ssh",
    "ssh",
    "here",
    "files",
    "fixes",
    "multiplexer",
    "fleet",
    "power",
    "probe",
    "report",
    "connect",
    "tui",
    "text",
    "ssm",
    "sim",
];

/// The formats of keys, the data channel: pure from end to end.
const KEYS: Law = Law { may_use: &[(".", &["."])], pure: &["."], touches_the_world: &[] };
const SSM: Law = Law { may_use: &[(".", &["."])], pure: &["."], touches_the_world: &[] };

#[test]
fn rooms_use_only_what_they_may_and_pure_ones_nothing_of_the_world() {
    let found = broken(&program(), &PROGRAM);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_data_channel_touches_nothing_of_the_world() {
    let found = broken(&read("crates/ssm/src"), &SSM);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_formats_of_keys_touch_nothing_of_the_world() {
    let found = broken(&read("crates/keys/src"), &KEYS);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_of_the_formats_of_keys_import_each_other() {
    hold(&read("crates/keys/src"));
}

#[test]
fn the_services_of_the_simulated_cloud_know_nothing_of_each_other() {
    let services = ["ec2", "eic", "iam", "kms", "ssm", "sts", "run_command", "far_end", "identity_center", "access_requests"];
    let found = acquaintances(&read("crates/sim/src"), &services);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_of_the_program_import_each_other() {
    hold(&program());
}

#[test]
fn no_files_of_the_data_channel_import_each_other() {
    hold(&read("crates/ssm/src"));
}

#[test]
fn no_files_of_the_simulated_cloud_import_each_other() {
    hold(&read("crates/sim/src"));
}

#[test]
fn every_room_is_in_the_table() {
    for room in program().keys().filter_map(|path| path.first()) {
        assert!(PROGRAM.may_use.iter().any(|(name, _)| name == room), "{room} is not in the table of this test");
    }
}

#[test]
fn every_file_opens_with_its_purpose() {
    let folders = ["src", "crates", "tests", "benches"];
    let silent: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "files without a first sentence: {silent:?}");
}

#[test]
fn colours_are_named_only_in_the_theme() {
    let named: Vec<String> = program()
        .into_values()
        .filter(|module| module.file.starts_with("tui/") && !module.file.starts_with("tui/theme"))
        .filter(|module| module.paths.iter().any(|path| path.iter().any(|segment| segment == "Color")))
        .map(|module| module.file)
        .collect();
    assert!(named.is_empty(), "colours outside the theme: {named:?}");
}

/// Looks at the certificate of a desktop, which Windows signs itself, to compare it with what the console tells. Not a byte follows the
/// handshake on that connection.
const LOOKS_ONLY: &str = "connect/desktop.rs";

/// No build, flag or setting takes a certificate that does not hold: the library's doors to that are never opened.
#[test]
fn no_certificate_is_taken_unseen() {
    let opens = ["dangerous", "danger", "ServerCertVerifier", "set_certificate_verifier", "with_custom_certificate_verifier"];
    let is_one = |name: &String| opens.contains(&name.as_str());
    let crates = [program(), read("crates/sim/src"), read("crates/ssm/src")];
    let opened: Vec<String> = crates
        .into_iter()
        .flat_map(Modules::into_values)
        .filter(|module| module.methods.iter().any(is_one) || module.paths.iter().flatten().any(is_one))
        .map(|module| module.file)
        .filter(|file| file != LOOKS_ONLY)
        .collect();
    assert!(opened.is_empty(), "certificates are not checked: {opened:?}");
}

/// Everywhere else a way is asked what it is like, so that a new one is declared in one place.
#[test]
fn ways_in_are_named_only_where_they_are_declared() {
    let is_name = |path: &[String]| match path {
        [.., of, name] => {
            of == "Method" && name.chars().any(|letter| letter.is_ascii_lowercase()) && name.starts_with(char::is_uppercase)
        }
        _ => false,
    };
    let named: Vec<String> = program()
        .into_values()
        .filter(|module| !module.file.starts_with("access/") && module.paths.iter().any(|path| is_name(path)))
        .map(|module| module.file)
        .collect();
    assert!(named.is_empty(), "ways in that are named outside access: {named:?}");
}

/// No circle, directly or round about.
fn hold(modules: &Modules) {
    let found = circles_of_files(modules);
    assert!(found.is_empty(), "files that import each other, and by what: {found:#?}");
}

fn program() -> Modules {
    read("src")
}

fn read(folder: &str) -> Modules {
    let folder = root().join(folder);
    let source = |file: PathBuf| Source {
        path: file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(&file).unwrap(),
    };
    modules(&files(&folder).into_iter().map(source).collect::<Vec<_>>())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    found.sort();
    found
}
