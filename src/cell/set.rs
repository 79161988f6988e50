//! A persistent set in order: cloning is O(1), ranges are walked from any place. Indexes are made of it.

use imbl::OrdSet;

#[derive(Clone)]
pub(crate) struct Set<K>(OrdSet<K>);

impl<K: Ord + Clone> Set<K> {
    /// Adds an element; tells whether it is new.
    pub(crate) fn insert(&mut self, element: K) -> bool {
        self.0.insert(element).is_none()
    }

    /// Takes an element out; tells whether it was there.
    pub(crate) fn remove(&mut self, element: &K) -> bool {
        self.0.remove(element).is_some()
    }

    pub(crate) fn contains(&self, element: &K) -> bool {
        self.0.contains(element)
    }

    /// The elements from `first` on, in their order.
    pub(crate) fn from(&self, first: K) -> impl Iterator<Item = &K> {
        self.0.range(first..)
    }
}

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self(OrdSet::new())
    }
}

impl<K> std::fmt::Debug for Set<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Set")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_walked_in_order_and_clones_are_apart() {
        let mut set = Set::default();
        assert!(set.insert(2) && set.insert(1) && set.insert(3) && !set.insert(3));
        let clone = set.clone();
        assert!(set.remove(&2) && !set.remove(&2));
        assert_eq!(set.from(2).copied().collect::<Vec<_>>(), [3]);
        assert_eq!(clone.from(2).copied().collect::<Vec<_>>(), [2, 3]);
        assert!(clone.contains(&2) && !set.contains(&2));
    }
}
