//! Which keys sign a tenant's tokens: the current one, the next one, those before. Source: spec/tokens.md §8.

use crate::time::Timestamp;

/// Slots of the key ring. Forks share the ring, so a slot's key is made once, and a fork that rotates takes the next
/// slot for itself alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SigningSlots {
    /// Signs.
    pub(crate) current: u32,
    /// Published already, so that apps know it when it begins to sign.
    pub(crate) next: u32,
    /// Signed once, and tokens of theirs are still good; newest first.
    previous: Vec<u32>,
    /// Nothing that they signed is good any more; newest first.
    revoked: Vec<(u32, Timestamp)>,
}

/// What a slot's key is for at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Current,
    Next,
    Previous,
    Revoked(Timestamp),
}

/// The key signs: another one must take its place before it can be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InUse;

impl Default for SigningSlots {
    fn default() -> Self {
        Self { current: 0, next: 1, previous: Vec::new(), revoked: Vec::new() }
    }
}

impl SigningSlots {
    /// Slots whose keys are published and verify tokens, in the order of the key set.
    pub(crate) fn published(&self) -> impl Iterator<Item = u32> {
        [self.current, self.next].into_iter().chain(self.previous.iter().copied())
    }

    /// All slots that were ever in use, published ones first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, Stage)> {
        let previous = self.previous.iter().map(|slot| (*slot, Stage::Previous));
        let revoked = self.revoked.iter().map(|(slot, at)| (*slot, Stage::Revoked(*at)));
        [(self.current, Stage::Current), (self.next, Stage::Next)].into_iter().chain(previous).chain(revoked)
    }

    /// The slot that the next rotation takes into use.
    pub(crate) fn fresh(&self) -> u32 {
        self.all().map(|(slot, _)| slot).max().unwrap_or_default().saturating_add(1)
    }

    /// The next key signs from now on, and there is a new next one.
    #[must_use]
    pub(crate) fn rotated(&self) -> Self {
        let mut previous = self.previous.clone();
        previous.insert(0, self.current);
        Self { current: self.next, next: self.fresh(), previous, revoked: self.revoked.clone() }
    }

    /// Without the key of a slot: what it signed is good no more. A next key gets a successor; one that was revoked
    /// before stays as it is.
    ///
    /// # Errors
    /// [`InUse`] for the current key (unverified: the real service's way is to rotate first).
    pub(crate) fn without(&self, slot: u32, now: Timestamp) -> Result<Self, InUse> {
        if slot == self.current {
            return Err(InUse);
        }
        let mut slots = self.clone();
        slots.previous.retain(|previous| *previous != slot);
        if slot == slots.next {
            slots.next = slots.fresh();
        }
        if !slots.revoked.iter().any(|(revoked, _)| *revoked == slot) {
            slots.revoked.insert(0, (slot, now));
        }
        Ok(slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 100;

    #[track_caller]
    fn check(slots: &SigningSlots, published: &[u32]) {
        assert_eq!(slots.published().collect::<Vec<_>>(), published);
    }

    #[test]
    fn a_rotation_moves_each_key_one_stage_on() {
        let slots = SigningSlots::default();
        check(&slots, &[0, 1]);
        check(&slots.rotated(), &[1, 2, 0]);
        check(&slots.rotated().rotated(), &[2, 3, 1, 0]);
    }

    #[test]
    fn a_revoked_key_is_published_no_more_and_its_slot_never_used_again() {
        let now = Timestamp::from_seconds(NOW);
        let slots = SigningSlots::default().rotated().without(0, now).unwrap();
        check(&slots, &[1, 2]);
        assert_eq!(slots.all().last(), Some((0, Stage::Revoked(now))));
        assert_eq!(slots.without(0, Timestamp::from_seconds(NOW + 1)), Ok(slots.clone()));
        assert_eq!(slots.without(1, now), Err(InUse));

        let slots = slots.without(2, now).unwrap();
        check(&slots, &[1, 3]);
        check(&slots.rotated(), &[3, 4, 1]);
    }
}
