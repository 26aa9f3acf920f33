//! How SSH writes byte strings, RFC 4251 section 5.

/// The bytes behind their length.
pub(super) fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("our strings are keys, signatures and names");
    [length.to_be_bytes().as_slice(), bytes].concat()
}

/// Take a string off the front; none if there is no whole one.
pub(super) fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_be_bytes(take(rest, 4)?.try_into().ok()?);
    take(rest, usize::try_from(length).ok()?)
}

/// Take so many bytes off the front.
pub(super) fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(count)?;
    *rest = back;
    Some(front)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_as_they_were_and_never_longer_than_what_is_there() {
        let written = [string(b"ssh-ed25519"), string(b"")].concat();
        let mut rest = written.as_slice();

        assert_eq!(take_string(&mut rest), Some(b"ssh-ed25519".as_slice()));
        assert_eq!(take_string(&mut rest), Some(b"".as_slice()));
        assert_eq!(take_string(&mut rest), None);
        assert_eq!(take_string(&mut [0xff, 0xff, 0xff, 0xff, 1].as_slice()), None);
        assert_eq!(take_string(&mut [0, 0, 0, 2, 1].as_slice()), None);
    }
}
