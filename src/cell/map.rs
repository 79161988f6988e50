//! A persistent map, for the values that live in a cell outside `store`: cloning is O(1), clones share their rows.

use std::borrow::Borrow;
use std::sync::Arc;

use imbl::OrdMap;

/// Rows by key, in the order of their keys.
#[derive(Clone)]
pub(crate) struct Map<K, V>(OrdMap<K, Arc<V>>);

impl<K: Ord + Clone, V> Map<K, V> {
    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&Arc<V>>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key)
    }

    /// Puts a row in the place of the one with its key, if there is one.
    pub(crate) fn put(&mut self, key: K, row: V) {
        self.0.insert(key, Arc::new(row));
    }

    /// Takes a row out.
    pub(crate) fn remove<Q>(&mut self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.remove(key)
    }

    /// Rows in the order of their keys.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<V>> {
        self.0.values()
    }

    /// Keys and rows, in the order of the keys.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = (&K, &Arc<V>)> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out the rows that `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        let unwanted: Vec<K> = self.0.iter().filter(|(key, row)| !keep(key, row)).map(|(key, _)| key.clone()).collect();
        for key in unwanted {
            self.0.remove(&key);
        }
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(OrdMap::new())
    }
}

impl<K, V> std::fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_does_not_see_what_its_origin_does_later() {
        let mut map = Map::default();
        map.put("a", 1);
        let clone = map.clone();
        map.put("b", 2);
        map.retain(|key, _| *key != "a");
        assert_eq!((map.len(), map.get("a").is_some()), (1, false));
        assert_eq!((clone.len(), clone.get("b").is_some()), (1, false));
    }
}
