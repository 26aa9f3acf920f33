//! What answers of IAM share.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::answer::query_result;
use crate::asking::{Asking, written_short};
use crate::fleet::Role;
use crate::id::derived_iam_id;
use crate::managed_policy;
use crate::page::Page;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::xml::Xml;

/// IAM sends policy documents percent-encoded (RFC 3986).
const DOCUMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const USUAL_PAGE: usize = 100;
const MOST_PER_PAGE: usize = 1000;

pub(super) fn role<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a Role, Refusal> {
    let name = parameters.required("RoleName")?;
    let role = asking.account.roles.iter().find(|role| role.name == name);
    role.ok_or_else(|| no_such_entity(&format!("The role with name {name} cannot be found.")))
}

pub(super) fn document<'a>(asking: &Asking<'a>, arn: &str) -> Result<&'a str, Refusal> {
    let own = asking.account.policies.iter().find(|policy| asking.account.arn(&format!("policy/{}", policy.name)) == arn);
    let document = own.map(|policy| policy.document.as_str()).or_else(|| managed_policy::document(arn));
    document.ok_or_else(|| no_such_entity(&format!("Policy {arn} was not found.")))
}

pub(super) fn page<T>(asking: &Asking<'_>, parameters: &Parameters, items: Vec<T>) -> Result<Page<T>, Refusal> {
    let size = parameters.number("MaxItems")?.unwrap_or(USUAL_PAGE);
    if !(1..=MOST_PER_PAGE).contains(&size) {
        let message = format!(
            "1 validation error detected: Value '{size}' at 'maxItems' failed to satisfy constraint: Member must have \
             value between 1 and {MOST_PER_PAGE}"
        );
        return Err(Refusal::new(400, "ValidationError", message));
    }
    let marker = parameters.text("Marker");
    asking.paging.cut(items, size, marker).map_err(|_| Refusal::new(400, "ValidationError", "Invalid Marker."))
}

pub(super) fn write_marker<T>(xml: &mut Xml, page: &Page<T>) {
    xml.flag("IsTruncated", page.next.is_some());
    xml.maybe("Marker", page.next.as_deref());
}

pub(super) fn write_role(xml: &mut Xml, asking: &Asking<'_>, role: &Role) {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    xml.text("Path", "/");
    xml.text("RoleName", &role.name);
    xml.text("RoleId", &derived_iam_id("AROA", &[&asking.account.id, &role.name]));
    xml.text("Arn", &asking.account.arn(&format!("role/{}", role.name)));
    xml.text("CreateDate", &created(asking));
    xml.text("AssumeRolePolicyDocument", &encoded(trust));
    xml.maybe("Description", role.description.as_deref());
}

pub(super) fn result(asking: &Asking<'_>, content: impl FnOnce(&mut Xml)) -> Vec<u8> {
    query_result(Service::Iam, asking.action, asking.request_id, content)
}

pub(super) fn encoded(document: &str) -> String {
    utf8_percent_encode(document.trim(), DOCUMENT).to_string()
}

pub(super) fn created(asking: &Asking<'_>) -> String {
    written_short(asking.fleet.started - std::time::Duration::from_secs(300 * 86_400))
}

pub(super) fn no_such_entity(message: &str) -> Refusal {
    Refusal::new(404, "NoSuchEntity", message)
}
