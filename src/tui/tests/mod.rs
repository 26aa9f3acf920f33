//! The dashboard as a whole: a small company's instances, keys, and what is on the screen.

mod columns;
mod commands;
mod computer;
mod facts;
mod favourites;
mod groups;
mod keys;
mod model;
mod mouse;
mod palette;
mod power;
mod running;
mod screens;
mod settings;
mod styles;
mod tunnels;
mod work;
mod world;
