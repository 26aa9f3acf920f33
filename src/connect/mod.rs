//! From "I want in" to a session.
