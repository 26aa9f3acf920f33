//! Every sentence we say, by key and values, in the language asked for.
