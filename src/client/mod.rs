//! Talks to a running server from outside, over a socket.
