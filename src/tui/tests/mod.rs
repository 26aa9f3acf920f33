//! The dashboard as a whole: a small company's instances, keys, and what is on the screen.

mod columns;
mod commands;
mod computer;
mod facts;
mod favourites;
mod foreign;
mod golden;
mod groups;
mod keys;
mod korean;
mod mending;
mod model;
mod mouse;
mod own;
mod palette;
#[cfg(feature = "demo")]
mod pictures;
mod power;
mod running;
mod screens;
mod settings;
mod styles;
#[cfg(feature = "demo")]
mod svg;
mod tunnels;
mod widths;
mod work;
pub mod world;
