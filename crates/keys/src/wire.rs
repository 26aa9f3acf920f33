//! Byte strings and numbers as SSH writes them, RFC 4251 section 5.

/// The bytes behind their length.
pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [length.to_be_bytes().as_slice(), bytes].concat()
}

/// A positive number: without leading zeros, with one where its first bit would make it negative.
pub(crate) fn number(bytes: &[u8]) -> Vec<u8> {
    let trimmed = trimmed(bytes);
    match trimmed.first() {
        Some(first) if first & 0x80 != 0 => string(&[&[0], trimmed].concat()),
        _ => string(trimmed),
    }
}

/// A number without its leading zeros.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// Take a string off the front; none if there is no whole one.
pub(crate) fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_u32(rest)?;
    take(rest, usize::try_from(length).ok()?)
}

/// Take a number of four bytes off the front.
pub(crate) fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(take(rest, 4)?.try_into().ok()?))
}

/// Take so many bytes off the front.
pub(crate) fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(count)?;
    *rest = back;
    Some(front)
}
