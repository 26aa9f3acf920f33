//! Which ways in work, and what is in the way of the others.
