//! Files of an instance where nothing speaks SFTP: a shell there is asked about them, by questions and answers in lines.
//!
//! Who carries them takes the [`Asked`] and brings the answers. Paths are bytes in base64, and content has its hash with it, both ways.

mod answer;
mod client;
mod question;

pub use answer::{Answer, Listed};
pub use client::{Asked, Pending, Shell};
pub use question::Question;

/// Most bytes of a file in one question or one answer.
pub const PIECE: u32 = 256 * 1024;
/// Where pieces that are read begin: at a multiple of this.
pub const BLOCK: u64 = 4096;
