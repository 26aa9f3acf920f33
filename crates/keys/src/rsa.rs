//! The numbers of an RSA key, and the two orders in which its primes are written.

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::der;
use crate::fingerprint::Fingerprint;
use crate::public::PublicKey;
use crate::wire::trimmed;

/// Bits of the longest modulus that is read: EC2 takes 4,096.
const MOST_BITS: usize = 16 * 1024;

type Number = Zeroizing<Vec<u8>>;

/// An RSA key, its primes in the order of its file.
pub(crate) struct Rsa {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    private: Number,
    primes: [Number; 2],
    exponents: [Number; 2],
    /// The inverse of the second prime, modulo the first.
    coefficient: Number,
}

impl Rsa {
    /// From PKCS#1 DER.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        let [version, modulus, exponent, private, p, q, p_exponent, q_exponent, coefficient] =
            <[&[u8]; 9]>::try_from(der::numbers(der)?).ok()?;
        let key = Self {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
            private: number(private),
            primes: [number(p), number(q)],
            exponents: [number(p_exponent), number(q_exponent)],
            coefficient: number(coefficient),
        };
        (version.is_empty() && key.is_sound()).then_some(key)
    }

    /// From what the formats of SSH keep: they leave the two shorter exponents out.
    pub(crate) fn from_parts(public: (&[u8], &[u8]), private: &[u8], p: &[u8], q: &[u8], coefficient: &[u8]) -> Option<Self> {
        let of = |prime: &[u8]| {
            let less = integer(prime)?.wrapping_sub(BoxedUint::one());
            let less = Zeroizing::new(Option::<NonZero<BoxedUint>>::from(NonZero::new(less))?);
            Some(bytes(&Zeroizing::new(integer(private)?.rem(&*less))))
        };
        let key = Self {
            modulus: trimmed(public.0).to_vec(),
            exponent: trimmed(public.1).to_vec(),
            private: number(private),
            primes: [number(p), number(q)],
            exponents: [of(p)?, of(q)?],
            coefficient: number(coefficient),
        };
        key.is_sound().then_some(key)
    }

    /// The same key with its primes in the other order.
    fn swapped(&self) -> Option<Self> {
        let [p, q] = [integer(&self.primes[0])?, integer(&self.primes[1])?];
        // q times its inverse is one more than a multiple k of p; so p times -k is one more than a multiple of q.
        let product = Zeroizing::new(q.concatenating_mul(&*integer(&self.coefficient)?));
        let less = Zeroizing::new(product.wrapping_sub(BoxedUint::one()));
        let (multiple, rest) = less.div_rem(&Option::<NonZero<BoxedUint>>::from(NonZero::new((*p).clone()))?);
        let (multiple, _rest) = (Zeroizing::new(multiple), Zeroizing::new(rest));
        let multiple = integer(&bytes(&multiple)).filter(|multiple| **multiple < *q)?;
        let [p, q] = &self.primes;
        let [p_exponent, q_exponent] = &self.exponents;
        Some(Self {
            modulus: self.modulus.clone(),
            exponent: self.exponent.clone(),
            private: self.private.clone(),
            primes: [q.clone(), p.clone()],
            exponents: [q_exponent.clone(), p_exponent.clone()],
            coefficient: bytes(&Zeroizing::new(integer(q)?.wrapping_sub(&*multiple))),
        })
    }

    /// As PKCS#1 DER.
    pub(crate) fn to_pkcs1(&self) -> Zeroizing<Vec<u8>> {
        let [p, q] = &self.primes;
        let [p_exponent, q_exponent] = &self.exponents;
        der::sequence_of(&[&[], &self.modulus, &self.exponent, &self.private, p, q, p_exponent, q_exponent, &self.coefficient])
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::rsa(&self.modulus, &self.exponent)
    }

    /// What EC2 shows of it if EC2 has made it: which prime came first there, nobody knows here (PuTTY writes the larger one first).
    pub(crate) fn fingerprints(&self) -> Vec<Fingerprint> {
        let of = |key: &Self| Fingerprint::Sha1(Sha1::digest(&*der::private_key_info(&key.to_pkcs1())).into());
        [of(self)].into_iter().chain(self.swapped().as_ref().map(of)).collect()
    }

    /// Whether it can be a key at all: of a size that is worth calculating with, and its primes make its modulus.
    fn is_sound(&self) -> bool {
        let [p, q] = &self.primes;
        let lengths = [&self.modulus, &self.exponent, &*self.private, &**p, &**q, &*self.coefficient].map(Vec::len);
        if lengths.into_iter().any(|length| length == 0 || length > MOST_BITS / 8) {
            return false;
        }
        let product = || Some(bytes(&Zeroizing::new(integer(p)?.concatenating_mul(&*integer(q)?))));
        product().is_some_and(|product| *product == self.modulus)
    }
}

fn number(bytes: &[u8]) -> Number {
    Zeroizing::new(trimmed(bytes).to_vec())
}

fn integer(bytes: &[u8]) -> Option<Zeroizing<BoxedUint>> {
    let bytes = trimmed(bytes);
    let bits = u32::try_from(bytes.len().checked_mul(8)?).ok()?;
    (bytes.len() <= MOST_BITS / 4 && bits > 0).then(|| Zeroizing::new(BoxedUint::from_be_slice_vartime(bytes)))
}

fn bytes(integer: &BoxedUint) -> Number {
    let all = Zeroizing::new(integer.to_be_bytes().into_vec());
    number(&all)
}
