//! The body of the fuzz target `key-files`.

use crate::{Format, KeyFile, Unopened, unlock};

/// Any bytes as a key file: never a panic, and what is said of a file without its passphrase is what opening it comes to.
pub fn key_files(bytes: &[u8]) {
    let (file, opened) = (KeyFile::read(bytes), unlock(bytes, None));
    match &file {
        Some(file) if file.format == Format::Public => assert!(opened.is_err() && file.public.is_some()),
        Some(file) if file.is_locked => assert!(opened.is_err()),
        Some(file) => match &opened {
            Ok(private) => {
                assert_eq!((private.public(), private.fingerprints()), (file.public.clone(), file.fingerprints.clone()))
            }
            Err(why) => assert_eq!(*why, Unopened::Unsupported),
        },
        None => assert!(opened.is_err()),
    }
    for public in file.into_iter().filter_map(|file| file.public) {
        assert_eq!(crate::PublicKey::from_line(&public.line()), Some(public));
    }
}
