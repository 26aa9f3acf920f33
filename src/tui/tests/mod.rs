//! The dashboard as a whole: a small company's instances, keys, and what is on the screen.

mod commands;
mod computer;
mod facts;
mod keys;
mod model;
mod screens;
mod styles;
mod tunnels;
mod work;
mod world;
