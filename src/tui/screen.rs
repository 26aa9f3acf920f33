//! How large a screen has to be for what, and what the last frame showed on it.

use crate::columns::Column;

/// The least screen with everything on it.
pub const FULL: (u16, u16) = (60, 15);
/// The least screen with anything on it.
pub const SMALL: (u16, u16) = (40, 8);
/// From this height the preview has four lines, and rules divide the screen.
pub const TALL: u16 = 30;

/// What a frame showed: needed by the next key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Rows that there was room for.
    pub rows: usize,
    /// The first visible row that was shown.
    pub top: usize,
    /// The heads of the columns that there was room for, from the left.
    pub heads: Vec<Head>,
    /// The line of the heads; the rows are below it.
    pub heads_at: u16,
    /// Columns and rows of the screen.
    pub screen: (u16, u16),
}

/// The head of a column on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The column.
    pub column: Column,
    /// Its first cell.
    pub x: u16,
    /// How many it has.
    pub width: u16,
}
