//! Something that counts how often it was borrowed to be changed, so that what was found right needn't be asked again.

use std::ops::{Deref, DerefMut};

/// A value and the number of times that it may have changed.
#[derive(Clone, Debug)]
pub struct Watched<T> {
    value: T,
    changes: u64,
}

impl<T> Watched<T> {
    pub fn new(value: T) -> Self {
        Self { value, changes: 0 }
    }

    /// Another number than at any time when the value was another one.
    pub fn changes(&self) -> u64 {
        self.changes
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changes += 1;
        &mut self.value
    }
}
