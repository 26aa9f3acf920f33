//! How data leaves the program.

mod delimited;
mod json;
mod row;
mod table;

pub use delimited::Delimited;
pub use json::{SCHEMA, write_line, write_pretty};
pub use row::Row;
pub use table::{Cell, Table};
