//! The dashboard as a whole: a small company's instances, keys, and what is on the screen.

mod commands;
mod computer;
mod facts;
mod golden;
mod keys;
mod model;
#[cfg(feature = "demo")]
mod pictures;
mod screens;
mod styles;
#[cfg(feature = "demo")]
mod svg;
mod tunnels;
mod widths;
mod work;
mod world;
