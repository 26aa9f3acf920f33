//! Settings: defaults, then the file, the environment, the flags.
