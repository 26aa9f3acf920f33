//! What becomes of the parts when a copy ends before its time.

use std::fs;
use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::files::shell::Shell;

const LARGE: u64 = 1_000_000;

fn copier(to: Store) -> Copier {
    let (events, _) = mpsc::channel(8);
    Copier::new(Store::Here, to, Options::default(), Arc::default(), events)
}

/// Parts under way, of so many bytes.
fn with_parts(copier: &Copier, folder: &Path, parts: &[(&str, u64)]) {
    for (name, bytes) in parts {
        copier.0.parts.begin(&folder.join(name), *bytes);
    }
}

#[tokio::test]
async fn what_is_worth_keeping_is_known_though_nobody_answers_and_all_removals_are_asked_for_at_once() {
    let (shell, mut asked) = Shell::new(0o022);
    let copier = copier(Store::shell(shell, Vec::new()));
    with_parts(&copier, Path::new("/d"), &[("a", 0), ("b", LARGE), ("c", 5)]);

    assert!(timeout(Duration::ZERO, copier.clear(true, false)).await.is_err());

    assert_eq!(copier.kept(), [Path::new("/d/b")]);
    let removals = std::iter::from_fn(|| asked.try_recv().ok()).filter(|asked| asked.question.text().starts_with(b"rm ")).count();
    assert_eq!(removals, 2);
}

#[tokio::test]
async fn where_room_is_wanted_nothing_is_kept_and_where_nobody_can_be_asked_nothing_is_removed() {
    let place = tempfile::tempdir().unwrap();
    let copier = copier(Store::Here);
    let parts = [("small", 5), ("large", LARGE)];
    with_parts(&copier, place.path(), &parts);
    parts.iter().for_each(|(name, _)| fs::write(place.path().join(name), "part").unwrap());

    copier.clear(false, false).await;
    assert_eq!(copier.kept(), [place.path().join("large")]);
    assert!(!place.path().join("small").exists() && place.path().join("large").exists());

    copier.clear(true, true).await;
    assert_eq!((copier.kept(), fs::read_dir(place.path()).unwrap().count()), (Vec::new(), 0));

    let (shell, mut asked) = Shell::new(0o022);
    let far = self::copier(Store::shell(shell, Vec::new()));
    with_parts(&far, place.path(), &parts);
    far.clear(false, true).await;
    assert!(asked.try_recv().is_err() && far.kept().len() == 1);
}

#[tokio::test]
async fn a_part_that_another_copy_has_begun_anew_gets_no_name_and_stays_where_that_one_writes_it() {
    let place = tempfile::tempdir().unwrap();
    let copier = copier(Store::Here);
    let (part, to) = (place.path().join(".x.1-2.ec2dash-part"), place.path().join("x"));
    fs::write(&to, "old").unwrap();

    fs::write(&part, "less").unwrap();
    assert_eq!(copier.0.named(&part, &to, 5).await, Err(Trouble::Rival));
    assert_eq!((fs::read(&to).unwrap(), fs::read(&part).unwrap()), (b"old".to_vec(), b"less".to_vec()));

    fs::remove_file(&part).unwrap();
    assert_eq!(copier.0.named(&part, &to, 5).await, Err(Trouble::Rival), "the other one was quicker");

    fs::write(&part, "whole").unwrap();
    assert_eq!(copier.0.named(&part, &to, 5).await, Ok(()));
    assert_eq!(fs::read(&to).unwrap(), b"whole");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    assert!(copier.kept().is_empty());

    let (claimed, found) = (place.path().join(".x.12345678-12345678-12345678.ec2dash-part"), ".x.12345678-12345678.ec2dash-part");
    with_parts(&copier, Path::new(""), &[(claimed.to_str().unwrap(), LARGE)]);
    fs::write(&claimed, "whole").unwrap();
    copier.clear(true, false).await;
    assert_eq!(copier.kept(), [place.path().join(found)], "where --resume finds it");
    assert!(place.path().join(found).exists());
}
