//! The permissions that our calls need, as a policy for an administrator.

use serde::Serialize;
use serde_json::Value;
use strum::IntoEnumIterator as _;

use super::call::CALLS;
use super::statement::Statement;

/// A policy that allows all that we call; whoever hands it out may leave statements out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    version: &'static str,
    statement: Vec<Allowed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Allowed {
    sid: &'static str,
    effect: &'static str,
    action: OneOrMany<&'static str>,
    resource: OneOrMany<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

/// A list of one is written as its element.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items: Vec<T> = items.into_iter().collect();
        match items.pop() {
            Some(only) if items.is_empty() => Self::One(only),
            last => Self::Many(items.into_iter().chain(last).collect()),
        }
    }
}

/// Everything that we call, each call in the statement it was declared with.
pub fn policy() -> Policy {
    let statement = Statement::iter().map(|statement| Allowed {
        sid: statement.into(),
        effect: "Allow",
        action: CALLS.iter().filter(|call| call.statement == Some(statement)).map(|call| call.action).collect(),
        resource: statement.resources().into_iter().collect(),
        condition: statement.condition(),
    });
    Policy { version: "2012-10-17", statement: statement.collect() }
}
