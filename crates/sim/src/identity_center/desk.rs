//! Which file answers a call at IAM Identity Center.

use std::time::SystemTime;

use super::visit::Visit;
use super::{oidc, portal};
use crate::api_call::{ApiCall, Input};
use crate::fleet::Fleet;
use crate::page::Paging;
use crate::refusal::Refusal;
use crate::world::World;

/// The JSON that answers a call which nobody signed.
pub(crate) fn answer(world: &World, fleet: &Fleet, call: &ApiCall, paging: Paging, now: SystemTime) -> Result<Vec<u8>, Refusal> {
    let unknown = || Refusal::unknown_action(call.service, &call.action);
    let Input::Unsigned(input) = &call.input else { return Err(unknown()) };
    let company = fleet.company.as_ref().ok_or_else(unknown)?;
    let visit = Visit {
        ledger: &world.identity_center,
        endpoint: &world.endpoint,
        fleet,
        company,
        sessions: &world.sessions,
        input,
        now,
        paging,
    };
    let answer = match call.action.as_str() {
        "RegisterClient" => oidc::register(&visit),
        "StartDeviceAuthorization" => oidc::start_device_authorization(&visit),
        "CreateToken" => oidc::create_token(&visit),
        "ListAccounts" => portal::list_accounts(&visit),
        "ListAccountRoles" => portal::list_account_roles(&visit),
        "GetRoleCredentials" => portal::role_credentials(&visit),
        "Logout" => portal::log_out(&visit),
        _ => return Err(unknown()),
    };
    Ok(answer?.to_string().into_bytes())
}
