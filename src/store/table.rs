//! A table: rows by key, in key order, in a persistent map.

use std::borrow::Borrow;
use std::sync::Arc;

use imbl::OrdMap;

/// Rows by key. Cloning is O(1); rows are shared between clones.
#[derive(Clone)]
pub(crate) struct Table<K, V>(OrdMap<K, Arc<V>>);

impl<K: Ord + Clone, V> Table<K, V> {
    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&Arc<V>>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key)
    }

    pub(crate) fn contains<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.contains_key(key)
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

    /// Rows with their keys, in the order of these.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = (&K, &Arc<V>)> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Looks at up to `most` rows, from `from` on and then from the beginning, and takes out those that `keep` does not
    /// want. Keys that are hashes or drawn lie in no order: who begins at a new one each time comes by all of them.
    pub(crate) fn sweep(&mut self, from: &K, most: usize, keep: impl Fn(&V) -> bool) {
        for key in self.unwanted(from, most, keep) {
            self.0.remove(&key);
        }
    }

    /// The keys of the rows that [`Table::sweep`] would take out.
    pub(super) fn unwanted(&self, from: &K, most: usize, keep: impl Fn(&V) -> bool) -> Vec<K> {
        let seen = self.0.range(from.clone()..).chain(self.0.iter()).take(most);
        seen.filter(|(_, row)| !keep(row)).map(|(key, _)| key.clone()).collect()
    }

    /// Takes out the rows that `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        let unwanted: Vec<K> = self.0.iter().filter(|(key, row)| !keep(key, row)).map(|(key, _)| key.clone()).collect();
        for key in unwanted {
            self.0.remove(&key);
        }
    }
}

impl<K, V> std::fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table")
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(OrdMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_looks_at_few_rows_and_comes_by_all() {
        let mut table = Table::default();
        for key in 0..10 {
            table.put(key, key);
        }
        table.sweep(&8, 3, |row| row % 2 == 1);
        assert_eq!(table.rows().map(|row| **row).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 9]);
        table.sweep(&100, 100, |_| false);
        assert_eq!(table.len(), 0);
    }
}
