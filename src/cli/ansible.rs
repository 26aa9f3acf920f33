//! `ls -o ansible`: the running instances as an inventory, as Ansible takes it from an inventory script.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Map, Value, json};

use super::args::List;
use super::invocation::Invocation;
use super::output::write_pretty;
use super::ssh_config::Blocks;
use super::{Exit, Failure};
use crate::connect::HostBlock;
use crate::model::{AliasPrefix, HostAlias, Instance, Os, Untrusted};
use crate::text::shell_word;

/// Options that Ansible names by variables of its own.
const OWN_VARIABLES: [&str; 3] = ["HostName", "User", "Port"];

/// Everything, or with `--host` the variables of one.
pub async fn inventory(invocation: &Invocation, list: &List, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut blocks = Blocks::gather(invocation, &list.words, &AliasPrefix::default()).await?;
    blocks.tell(invocation);
    // A play on a part of the instances would look like one on all of them.
    if let Some(failure) = blocks.failure.take() {
        return Err(failure);
    }
    let mut variables = Map::new();
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (row, alias) in blocks.rows() {
        let name = alias.map_or(row.id.as_str(), HostAlias::as_str).to_owned();
        let own = blocks.with(row, alias, |block| variables_of(row, block));
        let own = own.ok_or_else(|| invocation.failure("ssh-config-path", Exit::Failed, &[]))?;
        groups_of(row).for_each(|group| groups.entry(group).or_default().push(name.clone()));
        variables.insert(name, own);
    }
    if let Some(host) = &list.host {
        let own = variables.remove(host).unwrap_or_else(|| json!({}));
        write_pretty(out, &own)?;
        return Ok(Exit::Done);
    }
    let mut whole = Map::new();
    let names: Vec<&String> = groups.keys().collect();
    whole.insert("all".to_owned(), json!({"hosts": variables.keys().collect::<Vec<_>>(), "children": names}));
    whole.extend(groups.into_iter().map(|(name, hosts)| (name, json!({"hosts": hosts}))));
    whole.insert("_meta".to_owned(), json!({"hostvars": variables}));
    write_pretty(out, &whole)?;
    Ok(Exit::Done)
}

/// What Ansible logs in with; none if a path is no text. Nothing that a tag says is among it: Ansible reads templates in variables.
fn variables_of(row: &Instance, block: &HostBlock<'_>) -> Option<Value> {
    let mut arguments = Vec::new();
    for (name, value) in block.options() {
        let value = value.into_string().ok()?;
        if !OWN_VARIABLES.contains(&name) {
            arguments.push(format!("-o {}", shell_word(&format!("{name}={value}"))));
        }
    }
    Some(json!({
        "ansible_host": row.id.as_str(),
        "ansible_user": block.user.as_str(),
        "ansible_port": block.port,
        "ansible_ssh_common_args": literal(&arguments.join(" ")),
        "instance_id": row.id.as_str(),
        "region": row.place.region.as_str(),
        "private_ip_address": row.private_ip,
        "public_ip_address": row.public_ip,
    }))
}

/// A text that Ansible's templates leave as it is.
fn literal(text: &str) -> String {
    text.replace('{', "{{ '{' }}")
}

/// By region, platform and tags.
fn groups_of(row: &Instance) -> impl Iterator<Item = String> {
    let platform = match row.os {
        Os::Linux => "linux",
        Os::Windows => "windows",
        Os::MacOs => "macos",
    };
    let own = [format!("region_{}", word(row.place.region.as_str())), format!("platform_{platform}")];
    let tagged = |(key, value): (&Untrusted, &Untrusted)| format!("tag_{}_{}", word(key.raw()), word(value.raw()));
    let mut tags: Vec<String> = row.tags.iter().filter(|(key, _)| key.raw() != "Name").map(tagged).collect();
    tags.sort();
    tags.dedup();
    own.into_iter().chain(tags)
}

/// What Ansible takes in the name of a group: letters, digits and `_`.
fn word(text: &str) -> String {
    text.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row;

    #[test]
    fn groups_are_words_whatever_a_tag_says() {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        instance.tags =
            [("Name", "x"), ("env", "{{ lookup('pipe', 'touch x') }}"), ("팀", "결제"), ("aws:a", "b-c"), ("aws-a", "b c")]
                .into_iter()
                .map(|(key, value)| (Untrusted::from(key), Untrusted::from(value)))
                .collect();
        let groups: Vec<String> = groups_of(&instance).skip(2).collect();

        assert_eq!(groups, ["tag_aws_a_b_c", "tag_env____lookup__pipe____touch_x_____", "tag_팀_결제"]);
    }

    #[test]
    fn what_looks_like_a_template_is_none() {
        assert_eq!(literal("a {{ x }} {% y %}"), "a {{ '{' }}{{ '{' }} x }} {{ '{' }}% y %}");
    }
}
