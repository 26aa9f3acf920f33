//! How far instances are on their way: updates go in, rows come out.

use std::collections::HashMap;
use std::sync::Arc;

use super::order::Order;
use super::update::{Outcome, Update};
use crate::aws;
use crate::model::{Instance, InstanceId, InstanceState, Power};

/// A run of a change on some instances.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is done.
    pub power: Power,
    rows: Vec<Row>,
    places: HashMap<InstanceId, usize>,
    /// Why AWS is being asked again, if it is.
    pub trouble: Option<aws::Error>,
}

/// One instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// As it was before.
    pub instance: Arc<Instance>,
    /// How far it is.
    pub stage: Stage,
}

/// How far an instance is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Nothing was heard yet.
    Waiting,
    /// On its way.
    Is(InstanceState),
    /// Nothing more is to come.
    Over(Box<Outcome>),
}

impl Progress {
    /// Nothing has happened yet.
    pub fn new(order: &Order) -> Self {
        let row = |instance: &Arc<Instance>| Row { instance: Arc::clone(instance), stage: Stage::Waiting };
        let rows: Vec<Row> = order.targets.iter().map(row).collect();
        let places = rows.iter().enumerate().map(|(at, row)| (row.instance.id.clone(), at)).collect();
        Self { power: order.power, rows, places, trouble: None }
    }

    /// All instances, in the order in which they were named.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How far one instance is.
    pub fn stage(&self, id: &InstanceId) -> Option<&Stage> {
        Some(&self.rows.get(*self.places.get(id)?)?.stage)
    }

    /// Whether nothing more is to come.
    pub fn is_over(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.stage, Stage::Over(_)))
    }

    /// How they ended, as far as they have.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Arc<Instance>, &Outcome)> {
        self.rows.iter().filter_map(|row| match &row.stage {
            Stage::Over(outcome) => Some((&row.instance, &**outcome)),
            Stage::Waiting | Stage::Is(_) => None,
        })
    }

    /// Take in what happened; the row that it changed.
    pub fn take_in(&mut self, update: Update) -> Option<&Row> {
        let (id, stage) = match update {
            Update::Trouble(trouble) => {
                self.trouble = trouble;
                return None;
            }
            Update::Is(id, state) => (id, Stage::Is(state)),
            Update::Over(id, outcome) => (id, Stage::Over(outcome)),
        };
        let row = self.rows.get_mut(*self.places.get(&id)?)?;
        if row.stage == stage || matches!(row.stage, Stage::Over(_)) {
            return None;
        }
        row.stage = stage;
        Some(row)
    }
}
