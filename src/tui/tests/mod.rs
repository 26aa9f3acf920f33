//! The dashboard as a whole: a small company's instances, keys, and what is on the screen.

mod columns;
mod commands;
mod computer;
mod facts;
mod favourites;
mod keys;
mod model;
mod own;
mod palette;
mod power;
mod screens;
mod settings;
mod styles;
mod tunnels;
mod work;
mod world;
