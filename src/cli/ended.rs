//! Why a session did not begin or is over, as failures of the command line.

use jiff::Timestamp;

use super::invocation::Invocation;
use super::{Exit, Failure, show};
use crate::access::Method;
use crate::aws::Cloud;
use crate::connect::why_over;
use crate::model::{Instance, InstanceId, Region};
use crate::session::SessionEnd;
use crate::text::Catalogue;

/// These hints, and where the full report is, unless one of them leads there.
pub fn with_report(mut next: Vec<String>, id: &InstanceId, text: &Catalogue) -> Vec<String> {
    let report = format!("ec2dash doctor {id}");
    if !next.iter().any(|line| line.contains(&report)) {
        next.push(text.say_with("refused-doctor", &[("id", id.to_string().into())]));
    }
    next
}

/// A session did not begin: what, why and what to do, with what the facts at hand say about the cause.
pub async fn not_begun(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &mut Instance,
    method: Option<Method>,
    ending: &SessionEnd,
) -> Failure {
    show::ask_for_facts(cloud, instance).await;
    let text = &invocation.text;
    let values = [("target", instance.shown().into()), ("method", method.map(Method::id).unwrap_or_default().into())];
    let what = ending.what(instance, text);
    let next = with_report(ending.next(instance, text), &instance.id, text);
    Failure {
        code: ending.reason.code(),
        what: text.say_with("refused-by", &values),
        why: std::iter::once(what).chain(why_over(ending, instance, Timestamp::now(), text)).collect(),
        next,
        exit: ending.reason.aws().map_or(Exit::Failed, |error| invocation.failed(error).exit),
    }
}

/// A session ended as nobody wished.
pub fn over(invocation: &Invocation, instance: &Instance, ending: &SessionEnd) -> Failure {
    let text = &invocation.text;
    let values = [("name", instance.shown().into()), ("what", ending.what(instance, text).into())];
    Failure {
        code: ending.reason.code(),
        what: text.say_with("session-over", &values),
        why: why_over(ending, instance, Timestamp::now(), text),
        next: ending.next(instance, text),
        exit: Exit::Session,
    }
}

/// The same where the instance could not be described: what is known of the end is said all the same.
pub fn over_at(invocation: &Invocation, id: &InstanceId, ending: &SessionEnd) -> Failure {
    let text = &invocation.text;
    let values = [("name", id.to_string().into()), ("what", ending.what_at(id, text).into())];
    Failure {
        code: ending.reason.code(),
        what: text.say_with("session-over", &values),
        why: ending.why_at(id, text),
        next: ending.next_at(id, text),
        exit: Exit::Session,
    }
}

/// The instance for the words, if it was not asked for before; what cannot be had of it stays unknown.
pub async fn described(cloud: &Cloud, region: &Region, id: &InstanceId, known: Option<Instance>) -> Option<Instance> {
    match known {
        Some(instance) => Some(instance),
        None => cloud.describe(region, id).await.ok(),
    }
}
