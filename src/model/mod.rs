//! What EC2 is to us.
