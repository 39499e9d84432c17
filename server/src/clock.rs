//! Time and chance as parameters: the only two places of the server that take them from the machine.

use domain::sync::chain::to_hex;
use std::sync::Arc;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now(&self) -> i64;
}

/// Chance that nobody can foresee.
pub trait Chance: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The two together, as everything that needs them holds them.
#[derive(Clone)]
pub struct Nature {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Nature {
    /// With any clock and any source of chance.
    pub fn new(clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { clock, chance }
    }

    /// The machine's own.
    pub fn of_this_machine() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemChance))
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }

    /// `N` random bytes as lowercase hex.
    pub fn hex<const N: usize>(&self) -> String {
        to_hex(&self.bytes::<N>())
    }

    /// A random id.
    pub fn id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    fn now(&self) -> i64 {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since_1970.map_or(0, |time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's random numbers.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the seam; without chance nothing is safe to go on"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives random numbers");
    }
}
