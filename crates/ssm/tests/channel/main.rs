//! The data channel, two ends over a link that loses, repeats, reorders and flips messages, in virtual time.

mod back_pressure;
mod encrypted;
mod ends;
mod hostile;
mod link;
mod lossy;
mod ports;
mod sessions;
