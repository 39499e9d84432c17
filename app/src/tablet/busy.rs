//! Whether something is being worked on, and who waits for its end.

use std::cell::{Cell, RefCell};
use tokio::sync::oneshot;

/// Of one queue.
#[derive(Default)]
pub struct Busy {
    now: Cell<bool>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Busy {
    /// Whether it is so.
    pub fn now(&self) -> bool {
        self.now.get()
    }

    /// Work is to be done; false if somebody does it already.
    pub fn begin(&self) -> bool {
        !self.now.replace(true)
    }

    /// Nothing is left to be done.
    pub fn end(&self) {
        self.now.set(false);
        for waiting in self.waiting.take() {
            waiting.send(()).ok();
        }
    }

    /// Hears of the end; none if nothing is being worked on.
    pub fn until_end(&self) -> Option<oneshot::Receiver<()>> {
        self.now().then(|| {
            let (done, end) = oneshot::channel();
            self.waiting.borrow_mut().push(done);
            end
        })
    }
}
