//! Every service of the simulated cloud, and which file answers for it.

use super::api_call::{ApiCall, Input};
use super::asking::Asking;
use super::json::Arguments;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;
use super::{access_requests, ec2, eic, far_end, iam, kms, run_command, ssm, sts};

/// Who answers calls of a service.
struct Desk {
    service: Service,
    /// Which actions it answers.
    knows: fn(&str) -> bool,
    answer: Answering,
}

/// How a call is answered, by the form of its arguments.
enum Answering {
    Query(fn(&Asking<'_>, &Parameters) -> Result<Vec<u8>, Refusal>),
    Json(fn(&Asking<'_>, &Arguments) -> Result<Vec<u8>, Refusal>),
}

/// The first that knows an action answers; the last of a service refuses what nobody knows.
const DESKS: [Desk; 9] = [
    Desk { service: Service::Ec2, knows: everything, answer: Answering::Query(ec2::answer) },
    Desk { service: Service::Iam, knows: everything, answer: Answering::Query(iam::answer) },
    Desk { service: Service::Sts, knows: everything, answer: Answering::Query(sts::answer) },
    Desk { service: Service::InstanceConnect, knows: everything, answer: Answering::Json(eic::answer) },
    Desk { service: Service::Kms, knows: everything, answer: Answering::Json(kms::answer) },
    Desk { service: Service::Ssm, knows: far_end::knows, answer: Answering::Json(far_end::answer) },
    Desk { service: Service::Ssm, knows: run_command::knows, answer: Answering::Json(run_command::answer) },
    Desk { service: Service::Ssm, knows: access_requests::knows, answer: Answering::Json(access_requests::answer) },
    Desk { service: Service::Ssm, knows: everything, answer: Answering::Json(ssm::answer) },
];

fn everything(_: &str) -> bool {
    true
}

/// The body that answers the call.
pub(super) fn answer(asking: &Asking<'_>, call: &ApiCall) -> Result<Vec<u8>, Refusal> {
    let desk = DESKS.iter().find(|desk| desk.service == call.service && (desk.knows)(&call.action));
    match (desk.map(|desk| &desk.answer), &call.input) {
        (Some(Answering::Query(answer)), Input::Query(parameters)) => answer(asking, parameters),
        (Some(Answering::Json(answer)), Input::Json(body)) => answer(asking, &Arguments::read(body)?),
        _ => Err(Refusal::unknown_action(call.service, &call.action)),
    }
}

/// What the call is about, as the text of a denial names it.
pub(super) fn resource(call: &ApiCall, account: &str, region: &str) -> String {
    match (&call.input, call.service) {
        (Input::Query(parameters), Service::Iam) => iam::resource(account, parameters),
        (Input::Query(parameters), Service::Sts) => sts::resource(parameters),
        (Input::Json(body), Service::InstanceConnect) => {
            eic::resource(account, region, &Arguments::read(body).unwrap_or_default())
        }
        (Input::Json(body), Service::Ssm) => ssm::resource(account, region, &Arguments::read(body).unwrap_or_default()),
        _ => format!("arn:aws:{}:{region}:{account}:*", call.service.name()),
    }
}
