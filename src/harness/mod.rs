//! The in-process server and the control API under `/_impostor/`.
