//! What was changed, by whom and when: written down before each call and after it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::fix::Fix;
use crate::model::{Identity, Place, ProfileName, Untrusted};

/// The form of a record that this version writes.
const SCHEMA: u32 = 1;

/// One fix that was carried out, or is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The form of the record.
    pub schema: u32,
    /// Its number on this computer: what `undo` takes.
    pub number: u32,
    /// The fix's id in the catalogue.
    pub fix: String,
    /// When it was begun, in seconds since 1970.
    pub begun: i64,
    /// Who made it.
    pub by: Author,
    /// The instance's id.
    pub instance: String,
    /// The instance's name then.
    pub name: Option<String>,
    /// The profile that the calls were made with.
    pub profile: Option<String>,
    /// The region.
    pub region: String,
    /// Whether it is taken back when the program that made it ends.
    pub until_exit: bool,
    /// Each change, in the order in which they are made.
    pub steps: Vec<Step>,
    /// What a later version writes, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// Whom AWS knew as the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The account.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
}

/// One change, and how far it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is changed.
    pub change: Change,
    /// How far it came.
    pub state: StepState,
    /// The id of what was made, where AWS told one.
    pub made: Option<String>,
    /// When that was written, in seconds since 1970.
    pub at: i64,
}

/// How far a change came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Nothing was asked yet.
    Planned,
    /// It is asked for: whether it was done is not written yet, and has to be looked up if it stays so.
    Asked,
    /// It was done.
    Done,
    /// It was so before, and is not ours to take back.
    WasThere,
    /// AWS refused.
    Refused,
    /// Taking it back is asked for.
    AskedBack,
    /// It was taken back, by us or by somebody else.
    TakenBack,
    /// Somebody else has taken it away, or it was never made.
    Gone,
}

/// What is left of a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All of it is there.
    InForce,
    /// Some of it is there.
    Half,
    /// Whether a change was made, or taken back, is not known.
    Unclear,
    /// Nothing of it was made.
    NotMade,
    /// It was taken back, by us or by somebody else.
    TakenBack,
    /// It was made, and nothing takes it back.
    Final,
}

impl Standing {
    /// The word in JSON, and the end of the key of the word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Half => "half",
            Self::Unclear => "unclear",
            Self::NotMade => "not-made",
            Self::TakenBack => "taken-back",
            Self::Final => "final",
        }
    }

    /// Whether something of it may be there to be taken back.
    pub fn is_open(self) -> bool {
        matches!(self, Self::InForce | Self::Half | Self::Unclear)
    }
}

impl Step {
    /// Whether somebody else has made it, and the doctor counts on it: a key that an instance took already.
    pub fn is_counted_on(&self) -> bool {
        self.state == StepState::WasThere && matches!(self.change, Change::AddKey { .. })
    }
}

impl Record {
    /// A fix of which nothing was asked yet. Its number is given by the journal.
    pub fn of(fix: &Fix, by: &Identity, until_exit: bool, now: i64) -> Self {
        let step = |change: &Change| Step { change: change.clone(), state: StepState::Planned, made: None, at: now };
        Self {
            schema: SCHEMA,
            number: 0,
            fix: fix.id.as_str().to_owned(),
            begun: now,
            by: Author { account: by.account.to_string(), arn: by.arn.raw().to_owned() },
            instance: fix.instance.to_string(),
            name: fix.name.as_ref().map(|name| name.raw().to_owned()),
            profile: fix.place.profile.as_ref().map(|profile| profile.raw().to_owned()),
            region: fix.place.region.to_string(),
            until_exit,
            steps: fix.changes.iter().map(step).collect(),
            other: BTreeMap::new(),
        }
    }

    /// Where its calls were made; `None`: the region is none, for the file was edited.
    pub fn place(&self) -> Option<Place> {
        let profile = self.profile.as_deref().map(ProfileName::new);
        Some(Place { profile, region: self.region.parse().ok()? })
    }

    /// What is left of it.
    pub fn standing(&self) -> Standing {
        // What nothing takes back stands in nobody's way.
        let lasting = |step: &&Step| step.change.back().is_some();
        let is = |state| self.steps.iter().filter(lasting).any(|step| step.state == state);
        if is(StepState::Asked) || is(StepState::AskedBack) {
            return Standing::Unclear;
        }
        if is(StepState::Done) {
            let is_left = |step: &Step| matches!(step.state, StepState::Done | StepState::WasThere);
            return if self.steps.iter().filter(lasting).all(is_left) { Standing::InForce } else { Standing::Half };
        }
        let is_final = self.steps.iter().any(|step| step.change.back().is_none() && step.state == StepState::Done);
        let is_gone = |step: &Step| step.state == StepState::Gone && step.made.is_some();
        let was_there = is(StepState::TakenBack) || self.steps.iter().any(is_gone);
        match (was_there, is_final && self.steps.iter().all(|step| step.change.back().is_none())) {
            (true, _) => Standing::TakenBack,
            (false, true) => Standing::Final,
            (false, false) => Standing::NotMade,
        }
    }

    /// How many of its steps somebody else has made that the doctor counts on.
    pub fn counted_on(&self) -> usize {
        self.steps.iter().filter(|step| step.is_counted_on()).count()
    }

    /// The instance as a screen names it.
    pub fn shown_instance(&self) -> String {
        let id = Untrusted::from(self.instance.as_str()).shown_in(24);
        match &self.name {
            Some(name) => format!("{} {id}", Untrusted::from(name.as_str()).shown_in(40)),
            None => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(states: &[StepState]) -> Record {
        let change = Change::StartInstance { instance: "i-0123456789abcdef0".parse().unwrap() };
        let steps = states.iter().map(|state| Step { change: change.clone(), state: *state, made: None, at: 0 }).collect();
        Record {
            schema: SCHEMA,
            number: 1,
            fix: "FX-START".to_owned(),
            begun: 0,
            by: Author::default(),
            instance: "i-0123456789abcdef0".to_owned(),
            name: None,
            profile: None,
            region: "eu-west-1".to_owned(),
            until_exit: false,
            steps,
            other: BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_not_written_after_a_call_is_unclear() {
        use StepState::{Asked, AskedBack, Done, Gone, Planned, Refused, TakenBack, WasThere};
        for (states, standing) in [
            (vec![Planned], Standing::NotMade),
            (vec![Refused, Planned], Standing::NotMade),
            (vec![WasThere], Standing::NotMade),
            (vec![Asked, Planned], Standing::Unclear),
            (vec![Done, Asked], Standing::Unclear),
            (vec![Done], Standing::InForce),
            (vec![WasThere, Done], Standing::InForce),
            (vec![Done, Refused], Standing::Half),
            (vec![Done, TakenBack], Standing::Half),
            (vec![AskedBack], Standing::Unclear),
            (vec![TakenBack, Gone], Standing::TakenBack),
            (vec![Gone], Standing::NotMade),
        ] {
            assert_eq!(record(&states).standing(), standing, "{states:?}");
        }
        let mut made = record(&[StepState::Gone]);
        made.steps[0].made = Some("sgr-1".to_owned());
        assert_eq!(made.standing(), Standing::TakenBack, "somebody else was quicker");
    }

    #[test]
    fn what_a_later_version_wrote_stays() {
        let mut value = serde_json::to_value(record(&[StepState::Done])).unwrap();
        value["later"] = serde_json::json!([1]);

        let read: Record = serde_json::from_value(value.clone()).unwrap();

        assert_eq!(serde_json::to_value(read).unwrap(), value);
    }
}
