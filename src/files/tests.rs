//! Copying from servers that anybody may have written: what they tell stays inside the folder that is copied into.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::mpsc;

use super::sftp::Connection;
use super::{Copier, Event, Meter, Options, Store, Trouble, What};
use crate::model::Os;

const FOLDER: u32 = 0o040_755;
const FILE: u32 = 0o100_644;
const LINK: u32 = 0o120_777;

fn text(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn status(code: u32) -> (u8, Vec<u8>) {
    (101, [&code.to_be_bytes()[..], &text(b"no"), &text(b"")].concat())
}

fn attributes(mode: u32, size: u64) -> Vec<u8> {
    [&(1_u32 | 4).to_be_bytes()[..], &size.to_be_bytes(), &mode.to_be_bytes()].concat()
}

fn names(list: &[(&[u8], u32)]) -> (u8, Vec<u8>) {
    let mut body = u32::try_from(list.len()).unwrap().to_be_bytes().to_vec();
    for (name, mode) in list {
        body.extend([text(name), text(b""), attributes(*mode, 2)].concat());
    }
    (104, body)
}

/// Answers each question with what `answer` says, a listing once: the second time a folder is at its end.
async fn serve(mut stream: DuplexStream, answer: impl Fn(u8, &[u8]) -> (u8, Vec<u8>) + Send) {
    let mut listed = std::collections::HashSet::new();
    while let Ok(length) = stream.read_u32().await {
        let mut packet = vec![0; length as usize];
        stream.read_exact(&mut packet).await.unwrap();
        let kind = packet[0];
        if kind == 1 {
            stream.write_all(&[0, 0, 0, 5, 2, 0, 0, 0, 3]).await.unwrap();
            continue;
        }
        let first = u32::from_be_bytes(packet[5..9].try_into().unwrap()) as usize;
        let about = packet[9..9 + first].to_vec();
        let (reply, body) = match kind {
            // A handle is the path that it is of.
            3 | 11 => (102, text(&about)),
            4 => status(0),
            12 if !listed.insert(about.clone()) => status(1),
            _ => answer(kind, &about),
        };
        let whole = [&[reply][..], &packet[1..5], &body].concat();
        stream.write_all(&text(&whole)).await.unwrap();
    }
}

/// What is in `to/copy` after a copy of everything from such a server, and what was told.
async fn copied(to: &Path, answer: impl Fn(u8, &[u8]) -> (u8, Vec<u8>) + Send + 'static) -> (Result<(), Trouble>, Vec<Event>) {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = tokio::spawn(serve(theirs, answer));
    let (output, input) = tokio::io::split(ours);
    let connection = Connection::open(input, output, Os::Linux).await.unwrap();
    let (sender, mut receiver) = mpsc::channel(64);
    let told = tokio::spawn(async move {
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            events.push(event);
        }
        events
    });
    let options = Options { is_recursive: true, ..Options::default() };
    let from = Store::there(connection.sftp.clone(), Vec::new());
    let copier = Copier::new(from, Store::Here, options, Arc::new(Meter::default()), sender);

    let outcome = copier.copy(Path::new("/top"), &to.join("copy")).await;

    copier.clear(true, false).await;
    drop(copier);
    let events = told.await.unwrap();
    server.abort();
    (outcome, events)
}

/// A file of two bytes, and folders.
fn usual(kind: u8, about: &[u8]) -> (u8, Vec<u8>) {
    match kind {
        5 => (103, text(b"hi")),
        8 => (105, attributes(FILE, 2)),
        17 | 7 if about == b"/top" => (105, attributes(FOLDER, 0)),
        19 => names(&[(b"../../outside", LINK)]),
        _ => status(4),
    }
}

fn files_below(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).into_iter().flatten().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

fn failures(events: &[Event]) -> Vec<Trouble> {
    let of = |event: &Event| match &event.what {
        What::Failed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_left_out_and_the_others_are_copied() {
    let place = tempfile::tempdir().unwrap();
    let list: [(&[u8], u32); 6] =
        [(b"../evil", FILE), (b"/tmp/evil", FILE), (b"a/b", FILE), (b"", FILE), (b"..", FOLDER), (b"ok", FILE)];

    let (outcome, events) =
        copied(place.path(), move |kind, about| if kind == 12 { names(&list) } else { usual(kind, about) }).await;

    assert_eq!(outcome, Ok(()));
    assert_eq!(failures(&events), [const { Trouble::BadName }; 4]);
    assert_eq!(files_below(place.path()), [place.path().join("copy/ok").display().to_string()]);
}

#[tokio::test]
async fn nothing_is_written_through_a_link_that_the_server_made_us_make() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("outside")).unwrap();
    let to = place.path().join("in");
    fs::create_dir(&to).unwrap();

    let (outcome, events) = copied(&to, |kind, about| match (kind, about) {
        (12, b"/top") => names(&[(b"d", LINK), (b"d", FOLDER)]),
        (12, _) => names(&[(b"evil", FILE)]),
        _ => usual(kind, about),
    })
    .await;

    assert_eq!(outcome, Ok(()));
    assert!(failures(&events).contains(&Trouble::NotFolder), "{events:?}");
    assert!(events.iter().any(|event| matches!(event.what, What::LeadsOut(_))), "{events:?}");
    assert_eq!(files_below(&place.path().join("outside")), [""; 0]);
}

#[tokio::test]
async fn folders_in_folders_without_an_end_come_to_one() {
    let place = tempfile::tempdir().unwrap();

    let (outcome, events) = copied(place.path(), |kind, about| match kind {
        12 => names(&[(b"a", FOLDER)]),
        _ => usual(kind, about),
    })
    .await;

    assert_eq!(outcome, Ok(()));
    assert_eq!(failures(&events).len(), 1, "{events:?}");
}

#[tokio::test]
async fn a_size_that_is_a_lie_leaves_no_file() {
    let place = tempfile::tempdir().unwrap();

    let (outcome, events) = copied(place.path(), |kind, about| match kind {
        17 => (105, attributes(FILE, u64::MAX / 2)),
        5 => status(1),
        _ => usual(kind, about),
    })
    .await;

    assert_eq!((outcome, failures(&events)), (Ok(()), vec![Trouble::Changed]));
    assert_eq!(files_below(place.path()), [""; 0]);
}

#[tokio::test]
async fn more_bytes_than_were_asked_for_end_it() {
    let place = tempfile::tempdir().unwrap();

    let (outcome, _) = copied(place.path(), |kind, about| match kind {
        17 => (105, attributes(FILE, 2)),
        5 => (103, text(b"hello")),
        _ => usual(kind, about),
    })
    .await;

    assert_eq!(outcome, Err(Trouble::NotSftp));
    assert!(!place.path().join("copy").exists());
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_does_not_take_the_place_of_the_old_one() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("copy"), "old").unwrap();

    let (outcome, events) = copied(place.path(), |kind, about| match kind {
        17 => (105, attributes(FILE, 2)),
        8 => (105, attributes(FILE, 3)),
        _ => usual(kind, about),
    })
    .await;

    assert_eq!((outcome, failures(&events)), (Ok(()), vec![Trouble::Changed]));
    assert_eq!(fs::read(place.path().join("copy")).unwrap(), b"old");
    assert_eq!(files_below(place.path()).len(), 1);
}
