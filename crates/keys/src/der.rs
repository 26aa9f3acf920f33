//! The little of DER that RSA keys need: sequences of positive numbers.

use zeroize::Zeroizing;

use crate::wire::{take, trimmed};

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// `AlgorithmIdentifier { rsaEncryption, NULL }`.
const RSA_ENCRYPTION: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The numbers of a sequence, which holds nothing else.
pub(crate) fn numbers(der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = der;
    let mut inside = value(SEQUENCE, &mut rest)?;
    let mut numbers = Vec::new();
    while !inside.is_empty() {
        numbers.push(trimmed(value(INTEGER, &mut inside)?));
    }
    Some(numbers)
}

/// The bytes of an octet string.
pub(crate) fn octets(der: &[u8]) -> Option<&[u8]> {
    let mut rest = der;
    value(OCTETS, &mut rest)
}

/// A sequence of these numbers.
pub(crate) fn sequence_of(numbers: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut inside = Zeroizing::new(Vec::with_capacity(numbers.iter().map(|number| number.len() + 6).sum()));
    for number in numbers {
        let number = trimmed(number);
        let is_led = number.first().is_none_or(|first| first & 0x80 != 0);
        header(INTEGER, number.len() + usize::from(is_led), &mut inside);
        if is_led {
            inside.push(0);
        }
        inside.extend_from_slice(number);
    }
    wrapped(SEQUENCE, &[&inside])
}

/// `PrivateKeyInfo` of an RSA key from its PKCS#1 form.
pub(crate) fn private_key_info(pkcs1: &[u8]) -> Zeroizing<Vec<u8>> {
    wrapped(SEQUENCE, &[&[INTEGER, 1, 0], &RSA_ENCRYPTION, &wrapped(OCTETS, &[pkcs1])])
}

/// `SubjectPublicKeyInfo` of an RSA key.
pub(crate) fn public_key_info(modulus: &[u8], exponent: &[u8]) -> Zeroizing<Vec<u8>> {
    const BITS: u8 = 0x03;
    wrapped(SEQUENCE, &[&RSA_ENCRYPTION, &wrapped(BITS, &[&[0], &sequence_of(&[modulus, exponent])])])
}

fn wrapped(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum();
    // At once as long as it gets: what grows leaves copies behind.
    let mut der = Zeroizing::new(Vec::with_capacity(length + 6));
    header(tag, length, &mut der);
    parts.iter().for_each(|part| der.extend_from_slice(part));
    der
}

fn header(tag: u8, length: usize, out: &mut Vec<u8>) {
    out.push(tag);
    let bytes = length.to_be_bytes();
    let bytes = trimmed(&bytes);
    match length {
        0..0x80 => out.push(bytes.first().copied().unwrap_or(0)),
        _ => {
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0x7f));
            out.extend_from_slice(bytes);
        }
    }
}

/// Take a value with this tag off the front.
fn value<'a>(tag: u8, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let [found, short, ..] = **rest else { return None };
    if found != tag {
        return None;
    }
    take(rest, 2)?;
    let length = match short {
        0..0x80 => usize::from(short),
        _ => take(rest, usize::from(short & 0x7f))
            .filter(|bytes| bytes.len() <= 4)?
            .iter()
            .fold(0, |all, byte| all << 8 | usize::from(*byte)),
    };
    take(rest, length)
}
