//! `policy`: an IAM policy for what is named, and nothing more.

mod document;
mod written;

use std::io::Write;

use self::document::{Scope, document};
use super::args::{AskedPolicy, Form, PolicyName, RegionChoice};
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::model::{Partition, Region};

/// Most characters of a managed policy, white space not counted (IAM's quota).
const LONGEST: usize = 6_144;

/// `ec2dash policy NAME`. Nothing is asked of AWS, and nothing is made there.
pub fn policy(invocation: &Invocation, asked: &AskedPolicy, out: &mut dyn Write) -> Result<Exit, Failure> {
    if !asked.user.is_empty() && !asked.name.pushes_keys() {
        return Err(invocation.failure("policy-user", Exit::Usage, &[]));
    }
    if asked.tag.is_some() && !asked.name.is_of_instances() {
        return Err(invocation.failure("policy-tag", Exit::Usage, &[]));
    }
    if asked.account.is_some() && matches!(asked.name, PolicyName::DenySshOverSsm | PolicyName::Agent) {
        return Err(invocation.failure("policy-account", Exit::Usage, &[]));
    }
    let region = match invocation.global.regions.as_slice() {
        [] | [RegionChoice::All] => None,
        [RegionChoice::One(one)] => Some(one),
        _ => return Err(invocation.failure("policy-regions", Exit::Usage, &[])),
    };
    // Without one it is of the partition that the environment is in.
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    let usual: Option<Region> = variables.into_iter().find_map(|name| invocation.environment.get(name)?.parse().ok());
    let scope = Scope {
        partition: region.or(usual.as_ref()).map_or("aws", |region| Partition::of(region).id),
        region: region.map_or("*", |region| region.as_str()),
        account: asked.account.as_ref().map_or("*", |account| account.as_str()),
        users: &asked.user,
        tag: asked.tag.as_ref(),
    };
    let document = document(asked.name, &scope);
    if document.to_string().len() > LONGEST {
        return Err(invocation.failure("policy-too-long", Exit::Usage, &[]));
    }
    let name = format!("ec2dash-{}", document::id(asked.name));
    let text = match invocation.form() {
        Form::Cli => written::command(&name, &document),
        Form::Terraform => written::terraform(&name, &document),
        Form::Jsonl => document.to_string(),
        Form::Table | Form::Wide | Form::Json => written::json(&document),
        Form::Csv | Form::Tsv | Form::Ids | Form::Ansible | Form::Md | Form::Html => {
            return Err(invocation.failure("policy-form", Exit::Usage, &[]));
        }
    };
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(Exit::Done)
}
