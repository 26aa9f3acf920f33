//! Every column: title, cell, tone, sort key.
