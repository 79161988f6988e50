//! What a tenant was, kept to go back to. Source: design page, section 3.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::server::site::Moment;
use crate::time::Timestamp;

/// How many a tenant has at a time. What changed since is kept alive by each.
pub(crate) const MOST_SNAPSHOTS: usize = 100;

/// A tenant's snapshots, oldest first; clones are the same. They are not part of the state: a reset or a restore leaves
/// them, and a fork begins with none.
#[derive(Clone, Default)]
pub(crate) struct Snapshots(Arc<Mutex<Vec<Snapshot>>>);

/// What a tenant was, with a name to go back to it by. Clones are cheap.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) id: Arc<str>,
    /// Given by who made it, as another way to say which.
    pub(crate) name: Option<Arc<str>>,
    /// When it was made, by the tenant's clock.
    pub(crate) at: Timestamp,
    pub(crate) moment: Moment,
}

/// Why there is no snapshot.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SnapshotError {
    #[error("there are {MOST_SNAPSHOTS} snapshots of this tenant already; delete those that are not needed")]
    TooMany,
    #[error("there is a snapshot \"{0}\" already")]
    NameTaken(String),
    #[error("a snapshot's name has 1 to 100 characters")]
    BadName,
}

impl Snapshots {
    /// Keeps one.
    ///
    /// # Errors
    /// [`SnapshotError`], and it is not kept.
    pub(crate) fn add(&self, snapshot: Snapshot) -> Result<(), SnapshotError> {
        let mut kept = self.0.lock();
        if let Some(name) = &snapshot.name {
            if !(1..=100).contains(&name.chars().count()) {
                return Err(SnapshotError::BadName);
            }
            if kept.iter().any(|other| other.is(name)) {
                return Err(SnapshotError::NameTaken(name.to_string()));
            }
        }
        if kept.len() >= MOST_SNAPSHOTS {
            return Err(SnapshotError::TooMany);
        }
        kept.push(snapshot);
        Ok(())
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Snapshot> {
        self.0.lock().clone()
    }

    /// The one with this id or name.
    pub(crate) fn get(&self, which: &str) -> Option<Snapshot> {
        self.0.lock().iter().find(|snapshot| snapshot.is(which)).cloned()
    }

    /// Forgets the one with this id or name, and gives it back: it may be long to let go of.
    pub(crate) fn remove(&self, which: &str) -> Option<Snapshot> {
        let mut kept = self.0.lock();
        let place = kept.iter().position(|snapshot| snapshot.is(which))?;
        Some(kept.remove(place))
    }
}

impl Snapshot {
    fn is(&self, which: &str) -> bool {
        *self.id == *which || self.name.as_deref() == Some(which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keyring;
    use crate::server::site::Parts;
    use crate::server::site::Site;
    use crate::store::state::TenantState;
    use crate::time::Clock;
    use crate::upstreams::UpstreamState;

    fn snapshot(id: &str, name: Option<&str>) -> Snapshot {
        let parts = Parts { keyring: Keyring::in_memory(), clock: Clock::default(), seed: Some(1) };
        let site = Site::new("acme", TenantState::default(), UpstreamState::default(), &parts);
        Snapshot { id: id.into(), name: name.map(Into::into), at: site.tenant.now(), moment: site.moment() }
    }

    #[test]
    fn a_snapshot_goes_by_its_id_or_its_name_and_a_name_is_ones_own() {
        let kept = Snapshots::default();
        kept.add(snapshot("1", Some("logged in"))).unwrap();
        kept.add(snapshot("2", None)).unwrap();
        assert_eq!(kept.add(snapshot("3", Some("logged in"))), Err(SnapshotError::NameTaken("logged in".to_owned())));
        assert_eq!(kept.add(snapshot("3", Some("2"))), Err(SnapshotError::NameTaken("2".to_owned())));
        assert_eq!(kept.add(snapshot("3", Some(""))), Err(SnapshotError::BadName));
        assert_eq!(&*kept.get("logged in").unwrap().id, "1");
        assert_eq!(&*kept.remove("logged in").unwrap().id, "1");
        assert!(kept.get("1").is_none());
        assert_eq!(kept.all().len(), 1);
    }

    #[test]
    fn there_is_an_end_to_them() {
        let (kept, one) = (Snapshots::default(), snapshot("", None));
        for number in 0..MOST_SNAPSHOTS {
            kept.add(Snapshot { id: number.to_string().into(), ..one.clone() }).unwrap();
        }
        assert_eq!(kept.add(snapshot("one more", None)), Err(SnapshotError::TooMany));
    }
}
