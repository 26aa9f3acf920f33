//! How data leaves the program.

mod delimited;
mod stdout;
mod table;

pub use delimited::Delimited;
pub use stdout::{ReaderGone, Stdout, of_output};
pub use table::{Cell, Table};

use std::io::{self, Write};

use serde::Serialize;

use crate::columns::json;

/// Version of the JSON forms.
pub const SCHEMA: u32 = 1;

/// One value and a line end.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    json::write_line(out, value)?;
    writeln!(out)
}

/// One value over many lines and a line end.
pub fn write_pretty(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    json::write_pretty(out, value)?;
    writeln!(out)
}
