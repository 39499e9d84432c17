//! Of one person one photo at a time is read and worked on: however many requests an account sends, it takes the room of one.

use domain::ids::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Mutex as Lock, OwnedMutexGuard};

/// Whose photos are being taken in. Several processes on one database each have their own: an account takes the room of one
/// photo in each, which is bounded, too.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<UserId, Weak<Lock<()>>>>>);

/// A person's turn, until the last of its clones is dropped.
pub type Turn = Arc<OwnedMutexGuard<()>>;

impl Turns {
    /// Waits until no other photo of this person is being taken in.
    pub async fn wait(&self, user: UserId) -> Turn {
        Arc::new(self.lock_of(user).lock_owned().await)
    }

    /// What holds nobody's turn and nobody waits for is forgotten, also where a caller went away while waiting.
    fn lock_of(&self, user: UserId) -> Arc<Lock<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = locks.get(&user).and_then(Weak::upgrade).unwrap_or_default();
        locks.insert(user, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;
    use uuid::Uuid;

    #[tokio::test]
    async fn the_next_waits_until_the_turn_is_over_and_nobody_else_does() {
        let turns = Turns::default();
        let [one, other] = [1, 2].map(|n| UserId(Uuid::from_u128(n)));
        let first = turns.wait(one).await;
        let at_work = Arc::clone(&first);
        let mut second = pin!(turns.wait(one));
        let mut gone = Box::pin(turns.wait(one));
        assert!(second.as_mut().now_or_never().is_none() && gone.as_mut().now_or_never().is_none());
        assert!(turns.wait(other).now_or_never().is_some());
        drop(first);
        assert!(second.as_mut().now_or_never().is_none(), "the work goes on");
        drop(gone);
        drop(at_work);
        let second = second.now_or_never().unwrap();
        assert!(turns.wait(one).now_or_never().is_none());

        drop(second);
        drop(turns.wait(other).await);
        assert_eq!(turns.0.lock().unwrap().keys().collect::<Vec<_>>(), [&other], "who is done is forgotten");
    }
}
