//! The plan (kế hoạch) as data: its rows, who leads each and when. "Thời gian thực hiện có thể thay đổi cho phù hợp với tình
//! hình thực tế": dates are moved with who and why, and every change stays readable.

use serde::{Deserialize, Serialize};

/// Longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 1_000;

/// A row of the plan as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Its number in the plan, from 1.
    pub ordinal: u32,
    /// What is done, as the plan says it.
    pub contents: Vec<String>,
    /// Đơn vị chủ trì.
    pub lead: Vec<String>,
    /// Đơn vị phối hợp.
    pub coordinating: Vec<String>,
    /// The time window in the plan's own words.
    pub window: String,
    /// Where it stands and when it is done, as of the last change.
    #[serde(flatten)]
    pub when: When,
    /// The same as it was decided, before any change.
    #[serde(default)]
    pub decided: When,
    /// All changes, the first first.
    pub changes: Vec<PlanChange>,
}

impl PlanRow {
    /// Whether its dates are other ones than those decided.
    pub fn is_moved(&self) -> bool {
        (&self.when.starts_on, &self.when.ends_on) != (&self.decided.starts_on, &self.decided.ends_on)
    }

    /// Whether the host province's department is among those that lead it.
    pub fn is_led_by_department(&self) -> bool {
        self.lead.iter().any(|unit| unit.starts_with("Sở Công Thương"))
    }
}

/// Dates and state of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// First day, ISO 8601; none where the plan names none.
    pub starts_on: Option<String>,
    /// Last day, ISO 8601.
    pub ends_on: Option<String>,
    /// Where it stands.
    pub state: PlanState,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Not begun.
    #[default]
    Waiting,
    /// Under way.
    Running,
    /// Done.
    Done,
}

impl PlanState {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Running, Self::Done];

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
        }
    }
}

/// A state that this version doesn't know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown plan state {0:?}")]
pub struct UnknownPlanState(pub String);

impl std::str::FromStr for PlanState {
    type Err = UnknownPlanState;

    fn from_str(text: &str) -> Result<Self, UnknownPlanState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| UnknownPlanState(text.to_owned()))
    }
}

/// What somebody made of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// As of this change.
    #[serde(flatten)]
    pub when: When,
    /// Who, as others read it.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// Why a change is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// Not a date of the calendar, written 2024-08-26.
    #[error("not a date")]
    NotADate,
    /// It ends before it starts.
    #[error("ends before it starts")]
    EndsBeforeItStarts,
    /// Somebody must be able to read why.
    #[error("reason missing")]
    ReasonMissing,
    /// Longer than [`MAX_REASON_CHARS`].
    #[error("reason too long")]
    ReasonTooLong,
}

/// Whether a change may be written.
pub fn check(when: &When, reason: &str) -> Result<(), PlanProblem> {
    let dates = [&when.starts_on, &when.ends_on];
    if dates.into_iter().flatten().any(|date| !is_date(date)) {
        return Err(PlanProblem::NotADate);
    }
    // ISO dates compare as text.
    if when.starts_on.as_ref().zip(when.ends_on.as_ref()).is_some_and(|(starts, ends)| ends < starts) {
        return Err(PlanProblem::EndsBeforeItStarts);
    }
    match reason.trim().chars().count() {
        0 => Err(PlanProblem::ReasonMissing),
        length if length > MAX_REASON_CHARS => Err(PlanProblem::ReasonTooLong),
        _ => Ok(()),
    }
}

/// Whether a text is a day of the calendar in ISO 8601.
pub fn is_date(text: &str) -> bool {
    let number =
        |text: &str| text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(starts: Option<&str>, ends: Option<&str>) -> When {
        When { starts_on: starts.map(str::to_owned), ends_on: ends.map(str::to_owned), state: PlanState::Running }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2024-02-29", "2024-12-31", "2000-02-29", "2024-08-01"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-8-1",
            "26/08/2024",
            "",
            "2024-08-+1",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn a_change_needs_a_reason_and_dates_in_order() {
        assert_eq!(check(&when(Some("2024-08-26"), Some("2024-08-28")), "Bão số 3"), Ok(()));
        assert_eq!(check(&when(None, Some("2024-09-27")), "Bão số 3"), Ok(()));
        assert_eq!(check(&when(Some("2024-08-26"), Some("2024-08-25")), "x"), Err(PlanProblem::EndsBeforeItStarts));
        assert_eq!(check(&when(Some("26/08"), None), "x"), Err(PlanProblem::NotADate));
        assert_eq!(check(&when(None, None), "  "), Err(PlanProblem::ReasonMissing));
        assert_eq!(check(&when(None, None), &"x".repeat(1_001)), Err(PlanProblem::ReasonTooLong));
    }
}
