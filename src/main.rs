//! The program's entry: hands over to the command line.

fn main() {}
