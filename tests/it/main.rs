//! Integration tests, one binary: each further one would link the SDK again.

mod architecture;
mod support;
