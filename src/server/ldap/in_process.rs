//! LDAP within the process: the way from a connection's connector to the embedded directory. The same bytes as on a port,
//! over a pair of connected sockets.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::watch;

use crate::server::ldap::connection;
use crate::server::ldap::connection::Door;
use crate::server::ldap::listener::Serving;

/// Begins a conversation, and gives the client's end of it. It ends when that is dropped.
///
/// # Errors
/// When the system gives no more sockets.
pub(crate) fn dial(serving: Serving) -> io::Result<UnixStream> {
    let (ours, theirs) = UnixStream::pair()?;
    theirs.set_nonblocking(true)?;
    let wire = tokio::net::UnixStream::from_std(theirs)?;
    let (stop, stopped) = watch::channel(());
    let door = Door { tls: serving.tls, patience: serving.patience, crowded: Arc::new(Notify::new()), stopped };
    // Nobody can listen in on it.
    let secure = true;
    let conversation = (serving.begin)(secure);
    tokio::spawn(async move {
        let _for_its_whole_life = stop;
        connection::serve(Box::new(wire), secure, conversation, door).await;
    });
    Ok(ours)
}
