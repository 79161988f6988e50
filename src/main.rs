//! The `impostor` program.

fn main() {}
