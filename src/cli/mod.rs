//! The commands of the `impostor` program, one file each.
