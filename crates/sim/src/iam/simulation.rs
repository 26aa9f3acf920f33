//! `SimulatePrincipalPolicy`: what the caller may do, by its permissions, and by the faults that deny calls.

use crate::answer::query_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::service::Service;

/// Of the caller alone: nobody else's policies are known.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let arn = parameters.required("PolicySourceArn")?;
    if !is_of(&asking.caller.arn, arn) {
        return Err(Refusal::new(404, "NoSuchEntity", format!("{arn} cannot be found.")));
    }
    let resources = parameters.list("ResourceArns.member");
    let resources = if resources.is_empty() { vec!["*"] } else { resources };
    let decision = |action: &str, resource: &str| {
        let faults = asking.world.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if faults.denies(action) {
            "explicitDeny"
        } else if asking.permissions.allow(action, resource) {
            "allowed"
        } else {
            "implicitDeny"
        }
    };
    Ok(query_result(Service::Iam, asking.action, asking.request_id, |xml| {
        xml.members("EvaluationResults", parameters.list("ActionNames.member"), |xml, action| {
            let first = resources.first().copied().unwrap_or("*");
            xml.text("EvalActionName", action);
            xml.text("EvalResourceName", first);
            xml.text("EvalDecision", decision(action, first));
            xml.members("MatchedStatements", [], |_, ()| {});
            xml.members("MissingContextValues", [], |_, ()| {});
            xml.members("ResourceSpecificResults", &resources, |xml, resource| {
                xml.text("EvalResourceName", resource);
                xml.text("EvalResourceDecision", decision(action, resource));
                xml.members("MatchedStatements", [], |_, ()| {});
                xml.members("MissingContextValues", [], |_, ()| {});
            });
        });
        xml.flag("IsTruncated", false);
    }))
}

/// Whether these are the policies of a caller: its own ARN, or that of the role it has taken.
fn is_of(caller: &str, arn: &str) -> bool {
    let role = caller.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
    caller == arn || role.is_some_and(|role| arn.ends_with(&format!("/{role}")) && arn.contains(":role/"))
}
