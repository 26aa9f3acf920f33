//! A folder where the source has a file, and a file where it has a folder.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use super::*;
use crate::files::{Event, Options};

const DELETES: Mirror = Mirror { deletes: true, compares_content: false, is_dry: false };

/// A source with a file and a folder, and a target where each is the other.
fn crossed(place: &Path) -> (PathBuf, PathBuf) {
    let (source, target) = (place.join("source"), place.join("target"));
    fs::create_dir_all(source.join("folder")).unwrap();
    fs::write(source.join("file"), "file").unwrap();
    fs::create_dir_all(target.join("file/in")).unwrap();
    fs::write(target.join("file/in/mine"), "mine").unwrap();
    fs::write(target.join("folder"), "mine").unwrap();
    (source, target)
}

fn copier() -> (Copier, mpsc::Receiver<Event>) {
    let (sender, events) = mpsc::channel(64);
    (Copier::new(Store::Here, Store::Here, Options { keeps: true, ..Options::default() }, Arc::default(), sender), events)
}

fn told(events: &mut mpsc::Receiver<Event>) -> Vec<(PathBuf, What)> {
    let mut told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).map(|event| (event.path, event.what)).collect();
    told.sort_by(|(one, _), (other, _)| one.cmp(other));
    told
}

#[tokio::test]
async fn how_many_are_removed_to_make_way_is_told_before() {
    let place = tempfile::tempdir().unwrap();
    let (source, target) = crossed(place.path());
    let (copier, mut events) = copier();

    let listed = copier.mirror(&source, &target, Mirror { is_dry: true, ..DELETES }).await.unwrap();
    let removed = told(&mut events).into_iter().filter(|(_, what)| *what == What::WouldRemove).map(|(path, _)| path);
    assert_eq!(removed.collect::<Vec<_>>(), ["file", "file/in", "file/in/mine", "folder"].map(|name| target.join(name)));
    assert_eq!((listed.all, fs::read(target.join("file/in/mine")).unwrap()), (Vec::new(), b"mine".to_vec()));

    copier.mirror(&source, &target, DELETES).await.unwrap();

    assert_eq!(told(&mut events), [(target.join("file"), What::Removes(3)), (target.join("folder"), What::Removes(1))]);
    assert!(fs::read(target.join("file")).unwrap() == b"file" && target.join("folder").is_dir());
}

#[tokio::test]
async fn nothing_makes_way_after_something_has_failed() {
    let place = tempfile::tempdir().unwrap();
    let (source, target) = crossed(place.path());
    let (copier, mut events) = copier();
    copier.mirror(&source.join("none"), &target, DELETES).await.unwrap();
    told(&mut events);

    copier.mirror(&source, &target, DELETES).await.unwrap();

    assert_eq!(told(&mut events), [(target.join("file"), What::NotRemoved(3)), (target.join("folder"), What::NotRemoved(1))]);
    assert!(target.join("file/in/mine").exists() && target.join("folder").is_file());
}

#[tokio::test]
async fn no_folder_makes_way_for_one_file_that_is_the_source() {
    let place = tempfile::tempdir().unwrap();
    let (source, target) = crossed(place.path());
    for is_dry in [true, false] {
        let (copier, mut events) = copier();

        copier.mirror(&source.join("file"), &target, Mirror { is_dry, ..DELETES }).await.unwrap();

        assert_eq!(told(&mut events), [(target.clone(), What::Failed(Trouble::IsFolder))]);
        assert!(target.join("file/in/mine").exists());
    }
}

#[tokio::test]
async fn a_folder_that_loses_something_has_the_time_and_the_mode_of_its_source() {
    for is_removed in [true, false] {
        let place = tempfile::tempdir().unwrap();
        let (source, target) = (place.path().join("source"), place.path().join("target"));
        for folder in ["", "sub", "sub/deep", "other"] {
            fs::create_dir_all(source.join(folder)).unwrap();
            fs::create_dir_all(target.join(folder).join("gone/with/all")).unwrap();
            fs::write(target.join(folder).join("gone/with/mine"), "mine").unwrap();
            fs::write(target.join(folder).join("too"), "mine").unwrap();
        }
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for folder in ["sub/deep", "sub", "other", ""] {
            let folder = fs::File::open(source.join(folder)).unwrap();
            folder.set_permissions(fs::Permissions::from_mode(0o750)).unwrap();
            folder.set_modified(old).unwrap();
        }
        let (copier, _events) = copier();

        let extra = copier.mirror(&source, &target, DELETES).await.unwrap();
        assert_eq!(extra.all.len(), 4 * 5);
        if is_removed { copier.remove(&target, extra).await } else { copier.leave(extra).await }.unwrap();

        for folder in ["", "sub", "sub/deep", "other"] {
            let folder = target.join(folder);
            let like = fs::metadata(&folder).unwrap();
            assert_eq!((like.modified().unwrap(), like.mode() & 0o777), (old, 0o750), "{}", folder.display());
            assert_eq!((folder.join("gone").exists(), folder.join("too").exists()), (!is_removed, !is_removed));
        }
    }
}

#[tokio::test]
async fn without_leave_what_is_in_the_way_stays_and_the_way_on_is_told() {
    let place = tempfile::tempdir().unwrap();
    let (source, target) = crossed(place.path());
    let (copier, mut events) = copier();

    copier.mirror(&source, &target, Mirror::default()).await.unwrap();

    let folder = (target.join("file"), What::Failed(Trouble::FolderInPlace));
    assert_eq!(told(&mut events), [folder, (target.join("folder"), What::Failed(Trouble::FileInPlace))]);
    let text = crate::text::Catalogue::english();
    for trouble in [Trouble::FolderInPlace, Trouble::FileInPlace] {
        let words = trouble.words(&text);
        assert!(words.contains("--delete") && !words.contains("-r "), "{words}");
    }
    assert!(target.join("file/in/mine").exists() && target.join("folder").is_file());
}
