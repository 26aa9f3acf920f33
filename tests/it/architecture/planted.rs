//! The law is seen to be broken: each kind of violation, planted in a few lines of code.

use super::code::{Modules, Source, modules};
use super::law::{Law, acquaintances, broken, circles_of_files};

const LAW: Law = Law {
    may_use: &[("model", &[]), ("aws", &["model"]), ("tui", &["model"]), ("tui/runtime", &["aws"])],
    pure: &["model", "tui"],
    touches_the_world: &["tui/runtime"],
};

fn planted(files: &[(&str, &str)]) -> Modules {
    let source = |(path, text): &(&str, &str)| Source { path: (*path).to_owned(), text: (*text).to_owned() };
    let around = [
        ("lib.rs", "mod aws; mod model; mod tui;"),
        ("model/mod.rs", "mod place; pub use place::Place;"),
        ("model/place.rs", "pub struct Place;"),
        ("aws/mod.rs", "mod cloud; pub use cloud::Cloud;"),
        ("aws/cloud.rs", "use crate::model::Place; pub struct Cloud(Place);"),
        ("tui/mod.rs", "mod draw; mod runtime;"),
    ];
    let around = around.iter().filter(|(path, _)| files.iter().all(|(other, _)| other != path));
    modules(&around.chain(files).map(source).collect::<Vec<_>>())
}

#[test]
fn code_within_the_law_breaks_nothing() {
    let modules = planted(&[
        ("tui/draw.rs", "use crate::model::Place; fn draw(place: &Place) {} #[cfg(test)] mod tests { use crate::aws::Cloud; }"),
        ("tui/runtime.rs", "use crate::aws; async fn ask(cloud: &aws::Cloud) { tokio::task::yield_now().await }"),
    ]);

    assert_eq!(broken(&modules, &LAW), [""; 0]);
    assert!(circles_of_files(&modules).is_empty());
}

#[test]
fn a_circle_of_files_is_found_direct_and_round_about() {
    let direct = planted(&[
        ("model/place.rs", "use super::region::Region; pub struct Place(Region);"),
        ("model/region.rs", "pub struct Region; impl Region { fn place(self) -> super::Place { todo!() } }"),
    ]);
    let round_about = planted(&[
        ("tui/draw.rs", "pub struct Seen; fn draw() -> super::runtime::Runtime { todo!() }"),
        ("tui/runtime.rs", "pub struct Runtime(super::state::State);"),
        ("tui/state.rs", "use crate::tui::{draw::{Seen as Known}}; pub struct State(Known);"),
    ]);

    let names =
        |modules: &Modules| circles_of_files(modules).into_iter().map(|(circle, _)| circle.into_iter().collect()).collect();
    let direct: Vec<Vec<String>> = names(&direct);
    let round_about: Vec<Vec<String>> = names(&round_about);

    assert_eq!(direct, [["model/place.rs", "model/region.rs"]]);
    assert_eq!(round_about, [["tui/draw.rs", "tui/runtime.rs", "tui/state.rs"]]);
}

#[test]
fn a_room_that_may_not_be_used_is_found() {
    let modules = planted(&[("tui/draw.rs", "fn draw(cloud: &crate::aws::Cloud) {}")]);

    assert_eq!(broken(&modules, &LAW), ["tui/draw.rs may not use aws/cloud.rs: crate::aws::Cloud"]);
}

#[test]
fn a_room_behind_another_name_is_found() {
    let modules =
        planted(&[("tui/draw.rs", "use crate::{model::Place, aws as model2}; fn draw(cloud: &model2::Cloud, place: Place) {}")]);

    assert_eq!(
        broken(&modules, &LAW),
        ["tui/draw.rs may not use aws/cloud.rs: model2::Cloud", "tui/draw.rs may not use aws/mod.rs: crate::aws"]
    );
}

#[test]
fn a_room_reached_from_below_is_found() {
    let modules = planted(&[("tui/draw.rs", "mod inner { fn draw() { let cloud = super::super::super::aws::Cloud; } }")]);

    assert_eq!(broken(&modules, &LAW), ["tui/draw.rs may not use aws/cloud.rs: super::super::super::aws::Cloud"]);
}

#[test]
fn a_room_in_a_macro_and_in_an_attribute_is_found() {
    let modules = planted(&[(
        "tui/draw.rs",
        "fn draw() { println!(\"{:?}\", crate::aws::Cloud) } #[derive(Clone)] #[serde(with = crate::aws::Cloud)] struct Seen;",
    )]);

    assert_eq!(broken(&modules, &LAW), ["tui/draw.rs may not use aws/cloud.rs: crate::aws::Cloud"]);
}

#[test]
fn a_clock_in_a_pure_file_is_found_under_any_name() {
    let plain = planted(&[("model/place.rs", "pub struct Place; fn age() { std::time::Instant::now(); }")]);
    let renamed = planted(&[("tui/draw.rs", "use std::time::{Instant as Moment}; fn draw() { let age = Moment::now(); }")]);
    let asked = planted(&[(
        "tui/draw.rs",
        "use std::time::Instant; fn draw(at: Instant) { let age = format!(\"{:?}\", at.elapsed()); }",
    )]);

    assert_eq!(broken(&plain, &LAW), ["model/place.rs is pure, and uses std::time::Instant::now: std::time::Instant::now"]);
    assert_eq!(broken(&renamed, &LAW), ["tui/draw.rs is pure, and uses std::time::Instant::now: Moment::now"]);
    assert_eq!(broken(&asked, &LAW), ["tui/draw.rs is pure, and calls elapsed"]);
}

#[test]
fn a_stranger_that_knows_another_is_found() {
    let modules = planted(&[("tui/draw.rs", "use crate::model::Place;"), ("aws/cloud.rs", "pub struct Cloud;")]);

    assert_eq!(acquaintances(&modules, &["tui", "model"]), ["tui/draw.rs knows model/place.rs: crate::model::Place"]);
    assert_eq!(acquaintances(&modules, &["tui", "aws"]), [""; 0]);
}

#[test]
fn files_and_tasks_in_a_pure_file_are_found() {
    let modules = planted(&[("tui/draw.rs", "use tokio::sync::mpsc; fn draw() { use std::fs; fs::read(\"x\"); }")]);

    let found = broken(&modules, &LAW);

    assert!(found.iter().any(|line| line.contains("std::fs::read")), "{found:?}");
    assert!(found.iter().any(|line| line.contains("tokio::sync::mpsc")), "{found:?}");
}
