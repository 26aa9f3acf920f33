//! The calls about one thing: who we are, which regions there are, one instance, a pushed key.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_ec2::types::Filter;
use aws_sdk_ssm::types::{InstanceInformationStringFilter, InstancePropertyStringFilter};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use unicode_normalization::UnicodeNormalization;

use super::call::Call;
use super::clock::Clock;
use super::enabled_region::EnabledRegion;
use super::key_pair_memory::KeyPairs;
use super::page::Page;
use super::pages::{Next, Pages, endless};
use super::reading::Reading;
use super::{Cloud, Error, call, failure, nodes, translate};
use crate::model::{Fact, Identity, Image, Instance, InstanceId, KeyPair, Place, Region, Ssm, Target, Untrusted};

pub(super) const DESCRIBE_INSTANCES: &str = call::DESCRIBE_INSTANCES.action;
/// Most entries of a page of the EC2 lists.
pub(super) const PAGE: i32 = 1_000;
/// Key pairs asked for at a time, half of the values that EC2 takes in one filter.
const KEY_PAIRS_AT_A_TIME: usize = 100;
/// Pauses before the two repetitions of a throttled push, at most.
const PUSH_PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1_500)];

/// What a target may mean.
#[derive(Debug, Default)]
pub struct Found {
    /// EC2 instances, or hybrid nodes where EC2 has none.
    pub rows: Vec<Instance>,
    /// Why nobody knows whether a hybrid node is meant.
    pub unread_nodes: Option<Error>,
}

impl From<Vec<Instance>> for Found {
    fn from(rows: Vec<Instance>) -> Self {
        Self { rows, unread_nodes: None }
    }
}

impl Cloud {
    /// Who AWS says we are.
    pub async fn identity(&self) -> Result<Identity, Error> {
        self.identity_by(&Clock::default()).await
    }

    /// The same, and a look at the clock.
    pub(super) async fn identity_by(&self, clock: &Clock) -> Result<Identity, Error> {
        const ACTION: &str = call::GET_CALLER_IDENTITY.action;
        let home = self.home();
        let asked = self.ask(&home, call::GET_CALLER_IDENTITY, |clients| {
            clients.sts.get_caller_identity().customize().interceptor(clock.clone()).send()
        });
        let told = asked.await?;
        let account = told.account.as_deref().and_then(|account| account.parse().ok());
        match (account, told.arn) {
            (Some(account), Some(arn)) => {
                Ok(Identity { account, arn: arn.into(), user_id: told.user_id.unwrap_or_default().into() })
            }
            _ => Err(Error::Garbled { action: ACTION, cause: "no account in it".into() }),
        }
    }

    /// All regions of the partition, and which of them the account has. Asked in the region in use, or us-east-1, and kept for a day.
    pub async fn enabled_regions(&self) -> Result<Vec<EnabledRegion>, Error> {
        if let Some(known) = self.known_regions() {
            return Ok(known);
        }
        let home = self.home();
        let asked = self.ask(&home, call::DESCRIBE_REGIONS, |clients| clients.ec2.describe_regions().all_regions(true).send());
        let told = asked.await?.regions.unwrap_or_default();
        let mut regions: Vec<EnabledRegion> = told
            .into_iter()
            .filter_map(|region| {
                let name = region.region_name?.parse().ok()?;
                Some(EnabledRegion { name, opt_in_status: region.opt_in_status.unwrap_or_default().into() })
            })
            .collect();
        regions.sort_by(|one, other| one.name.cmp(&other.name));
        self.keep_regions(&regions);
        Ok(regions)
    }

    /// One instance as it is now. What costs a call of its own is pending.
    pub async fn describe(&self, region: &Region, id: &InstanceId) -> Result<Instance, Error> {
        if id.is_hybrid() {
            return self.node(region, id).await;
        }
        let found = self.filtered(region, vec![filter("instance-id", [id.as_str()])]).await?;
        found.into_iter().find(|row| row.id == *id).ok_or(Error::NoSuchInstance)
    }

    /// The instances that a target may mean, found by AWS. [`Target::look_up`] decides among them; a favourite or the last one
    /// must have been resolved before, and finds nothing here. Hybrid nodes are looked through only where EC2 has nothing: that call has a
    /// low limit, and a program that connects to many instances would use it up.
    pub async fn find_with_nodes(&self, region: &Region, target: &Target) -> Result<Found, Error> {
        if let Target::Id(id) = target.clone()
            && id.is_hybrid()
        {
            return match self.node(region, &id).await {
                Ok(node) => Ok(vec![node].into()),
                Err(Error::NoSuchInstance) => Ok(Found::default()),
                Err(error) => Err(error),
            };
        }
        let found = self.find(region, target).await?;
        if !found.is_empty() || matches!(target, Target::Id(_)) {
            return Ok(found.into());
        }
        Ok(match self.nodes(region).await {
            Ok(nodes) => nodes.into(),
            // The target may be a node; whoever may not read registrations is helped by that there is no such EC2 instance.
            Err(error) => Found { rows: Vec::new(), unread_nodes: Some(error) },
        })
    }

    /// The EC2 instances that a target may mean, found by AWS.
    pub async fn find(&self, region: &Region, target: &Target) -> Result<Vec<Instance>, Error> {
        let mut found: Vec<Instance> = Vec::new();
        let mut seen = HashSet::new();
        for filters in filters_of(target) {
            let rows = self.filtered(region, filters).await?;
            found.extend(rows.into_iter().filter(|row| seen.insert(row.id.clone())));
        }
        Ok(found)
    }

    /// Instances whose name is `name` but for the case of its letters: EC2 itself does not compare so.
    pub async fn find_in_any_case(&self, region: &Region, name: &Untrusted) -> Result<Vec<Instance>, Error> {
        self.filtered(region, vec![filter("tag:Name", in_any_case(name))]).await
    }

    /// Name and owner of one instance's image.
    pub async fn image_of(&self, region: &Region, instance: &Instance) -> Fact<Option<Image>> {
        let Some(image) = &instance.image else { return Fact::Known(None) };
        let asked = self.ask(region, call::DESCRIBE_INSTANCE_IMAGE_METADATA, |clients| {
            clients.ec2.describe_instance_image_metadata().instance_ids(instance.id.as_str()).send()
        });
        if let Ok(told) = asked.await {
            let all = told.instance_image_metadata.unwrap_or_default().into_iter();
            let mut images = all.filter_map(|own| own.image_metadata).filter_map(translate::image_of_metadata);
            return Fact::Known(images.find(|(id, _)| id == image).map(|(_, image)| image));
        }
        const ACTION: &str = call::DESCRIBE_IMAGES.action;
        let asked = self.ask(region, call::DESCRIBE_IMAGES, |clients| {
            clients.ec2.describe_images().filters(filter("image-id", [image.raw()])).send()
        });
        match asked.await {
            Ok(told) => {
                Fact::Known(told.images.unwrap_or_default().into_iter().find_map(translate::image).map(|(_, image)| image))
            }
            Err(error) => Fact::Hidden(failure::denial(error, ACTION)),
        }
    }

    /// The key pair of one instance, as EC2 has it now.
    pub async fn key_pair_of(&self, region: &Region, instance: &Instance) -> Fact<Option<Arc<KeyPair>>> {
        let Some(name) = &instance.key_name else { return Fact::Pending };
        match self.key_pairs(region, &BTreeSet::from([name.clone()])).await {
            Ok(mut pairs) => Fact::Known(pairs.remove(name).flatten()),
            Err(error) => Fact::Hidden(failure::denial(error, call::DESCRIBE_KEY_PAIRS.action)),
        }
    }

    /// The key pairs of these names: each is asked for once.
    pub(super) async fn key_pairs(&self, region: &Region, names: &BTreeSet<Untrusted>) -> Result<KeyPairs, Error> {
        let (mut pairs, unknown) = self.key_pair_memory().known(region, names);
        for some in unknown.chunks(KEY_PAIRS_AT_A_TIME) {
            // By filter: one name that is gone would fail a call by names.
            let asked = self.ask(region, call::DESCRIBE_KEY_PAIRS, |clients| {
                let names = some.iter().map(|name| escaped(name.raw()));
                clients.ec2.describe_key_pairs().include_public_key(true).filters(filter("key-name", names)).send()
            });
            let told = asked.await?.key_pairs.unwrap_or_default();
            let mut told: BTreeMap<Untrusted, KeyPair> = told.into_iter().filter_map(translate::key_pair).collect();
            let told = some.iter().map(|name| (name.clone(), told.remove(name).map(Arc::new))).collect();
            self.key_pair_memory().learn(region, &told);
            pairs.extend(told);
        }
        Ok(pairs)
    }

    /// One instance's registration with Systems Manager.
    pub async fn ssm_of(&self, region: &Region, id: &InstanceId) -> Fact<Ssm> {
        let error = match self.information_of(region, id).await {
            Ok(ssm) => return Fact::Known(ssm),
            // How AWS says that it knows no such node (docs/access-rules.md 2.3).
            Err(Error::Service { aws_code, .. }) if aws_code.raw() == "InvalidInstanceId" => return Fact::Known(Ssm::unmanaged()),
            Err(error) => error,
        };
        if !matches!(error, Error::Denied { .. }) {
            return Fact::Hidden(failure::denial(error, call::DESCRIBE_INSTANCE_INFORMATION.action));
        }
        match self.properties_of(region, id).await {
            Ok(ssm) => Fact::Known(ssm),
            // Denied both, one permission is enough: the first.
            Err(Error::Denied { .. }) => Fact::Hidden(failure::denial(error, call::DESCRIBE_INSTANCE_INFORMATION.action)),
            Err(other) => Fact::Hidden(failure::denial(other, call::DESCRIBE_INSTANCE_PROPERTIES.action)),
        }
    }

    /// The registrations of these instances, at most a page of them: one that AWS does not tell has none.
    pub(super) async fn registrations_of(&self, region: &Region, ids: &[InstanceId]) -> Result<BTreeMap<InstanceId, Ssm>, Error> {
        let asked = self.ask(region, call::DESCRIBE_INSTANCE_INFORMATION, |clients| {
            let values = Some(ids.iter().map(|id| id.as_str().to_owned()).collect());
            let only = InstanceInformationStringFilter::builder().key("InstanceIds").set_values(values).build();
            let only = only.ok().map(|only| vec![only]);
            clients.ssm.describe_instance_information().max_results(nodes::PAGE).set_filters(only).send()
        });
        let told = asked.await?;
        let is_whole = told.next_token.is_none();
        let mut known: BTreeMap<InstanceId, Ssm> =
            told.instance_information_list.unwrap_or_default().into_iter().filter_map(translate::information).collect();
        if is_whole {
            ids.iter().for_each(|id| _ = known.entry(id.clone()).or_insert_with(Ssm::unmanaged));
        }
        Ok(known)
    }

    async fn information_of(&self, region: &Region, id: &InstanceId) -> Result<Ssm, Error> {
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_INFORMATION, |clients| {
                let only = InstanceInformationStringFilter::builder().key("InstanceIds").values(id.as_str()).build();
                let only = only.ok().map(|only| vec![only]);
                clients.ssm.describe_instance_information().set_filters(only).set_next_token(token.take()).send()
            });
            let told = asked.await?;
            let all = told.instance_information_list.unwrap_or_default();
            let next = pages.after(told.next_token, all.is_empty());
            match registration_of(
                id,
                all.into_iter().filter_map(translate::information),
                next,
                call::DESCRIBE_INSTANCE_INFORMATION,
            )? {
                Registration::Is(ssm) => return Ok(ssm),
                Registration::OnPage(next) => token = Some(next),
            }
        }
    }

    async fn properties_of(&self, region: &Region, id: &InstanceId) -> Result<Ssm, Error> {
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_PROPERTIES, |clients| {
                let only = InstancePropertyStringFilter::builder().key("InstanceIds").values(id.as_str()).build();
                let only = only.ok().map(|only| vec![only]);
                clients.ssm.describe_instance_properties().set_filters_with_operator(only).set_next_token(token.take()).send()
            });
            let told = asked.await?;
            let all = told.instance_properties.unwrap_or_default();
            let next = pages.after(told.next_token, all.is_empty());
            match registration_of(id, all.into_iter().filter_map(translate::property), next, call::DESCRIBE_INSTANCE_PROPERTIES)?
            {
                Registration::Is(ssm) => return Ok(ssm),
                Registration::OnPage(next) => token = Some(next),
            }
        }
    }

    /// Let `user` in with this OpenSSH public key for the next sixty seconds. Not repeated, except twice when AWS is busy.
    pub async fn push_key(&self, region: &Region, id: &InstanceId, user: &str, public_key: &str) -> Result<(), Error> {
        const ACTION: &str = call::SEND_SSH_PUBLIC_KEY.action;
        let mut pauses = PUSH_PAUSES.into_iter();
        loop {
            let asked = self.ask(region, call::SEND_SSH_PUBLIC_KEY, |clients| {
                clients
                    .eic
                    .send_ssh_public_key()
                    .instance_id(id.as_str())
                    .instance_os_user(user)
                    .ssh_public_key(public_key)
                    .send()
            });
            match (asked.await, pauses.next()) {
                (Ok(told), _) if told.success => return Ok(()),
                (Ok(_), _) => {
                    let message = "AWS took the key and says that it did not place it".into();
                    return Err(Error::Service { action: ACTION, aws_code: "NotPlaced".into(), message });
                }
                (Err(Error::Throttled { .. }), Some(pause)) => tokio::time::sleep(pause.mul_f64(0.5 + jitter() / 2.0)).await,
                (Err(error), _) => return Err(error),
            }
        }
    }

    /// What an instance has printed on its console, decoded; `None` if AWS has nothing of it. `latest`: as it is now, which only Nitro
    /// instances have; otherwise what was posted after the last start, stop or reboot, kept for about an hour, and at most 64 KiB.
    pub async fn console_output(&self, region: &Region, id: &InstanceId, latest: bool) -> Result<Option<Vec<u8>>, Error> {
        const ACTION: &str = call::GET_CONSOLE_OUTPUT.action;
        let asked = self.ask(region, call::GET_CONSOLE_OUTPUT, |clients| {
            clients.ec2.get_console_output().instance_id(id.as_str()).set_latest(latest.then_some(true)).send()
        });
        let told = asked.await?;
        if told.instance_id.as_deref().is_some_and(|told| told != id.as_str()) {
            return Err(Error::Garbled { action: ACTION, cause: "of another instance".into() });
        }
        let Some(mut text) = told.output else { return Ok(None) };
        text.retain(|c| !c.is_ascii_whitespace());
        let output = STANDARD.decode(text).map_err(|_| Error::Garbled { action: ACTION, cause: "not base64".into() })?;
        Ok((!output.is_empty()).then_some(output))
    }

    /// One page of instances. Where the credentials end it is asked for once more: a list would begin anew.
    pub(super) async fn page(
        &self,
        region: &Region,
        place: &Arc<Place>,
        filters: &[Filter],
        token: Option<String>,
    ) -> Result<Page, Error> {
        match self.page_once(region, place, filters, token.clone()).await {
            Err(error) if error.is_end_of_profile() => self.page_once(region, place, filters, token).await,
            told => told,
        }
    }

    async fn page_once(
        &self,
        region: &Region,
        place: &Arc<Place>,
        filters: &[Filter],
        token: Option<String>,
    ) -> Result<Page, Error> {
        let reading = Reading::of(place);
        let asked = self.ask(region, call::DESCRIBE_INSTANCES, |clients| {
            let filters = (!filters.is_empty()).then(|| filters.to_vec());
            let asked = clients.ec2.describe_instances().max_results(PAGE).set_filters(filters).set_next_token(token);
            asked.customize().interceptor(reading.clone()).send()
        });
        let told = asked.await?;
        Ok(reading.take().unwrap_or_else(|| translate::page(told, place)))
    }

    /// Where rows of a region are listed from.
    pub(super) fn place(&self, region: &Region) -> Arc<Place> {
        Arc::new(Place { profile: self.profile().cloned(), region: region.clone() })
    }

    pub(super) async fn filtered(&self, region: &Region, filters: Vec<Filter>) -> Result<Vec<Instance>, Error> {
        let place = self.place(region);
        let mut rows = Vec::new();
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let page = self.page(region, &place, &filters, token.take()).await?;
            let next = pages.after(page.token, page.rows.is_empty());
            rows.extend(page.rows);
            match next {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(rows),
                Next::Broken => return Err(endless(DESCRIBE_INSTANCES)),
            }
        }
    }
}

/// What a page says of one node.
enum Registration {
    Is(Ssm),
    /// Nothing yet; the page of this token may.
    OnPage(String),
}

/// Who is on no page is not registered; a page without him, also an empty one, does not say so while another follows.
fn registration_of(
    id: &InstanceId,
    mut page: impl Iterator<Item = (InstanceId, Ssm)>,
    next: Next,
    call: Call,
) -> Result<Registration, Error> {
    match (page.find(|(own, _)| own == id), next) {
        (Some((_, ssm)), _) => Ok(Registration::Is(ssm)),
        (None, Next::Done) => Ok(Registration::Is(Ssm::unmanaged())),
        (None, Next::Page(token)) => Ok(Registration::OnPage(token)),
        (None, Next::Broken) => Err(endless(call.action)),
    }
}

/// The questions that together find a target; EC2 joins the filters of one question by "and".
fn filters_of(target: &Target) -> Vec<Vec<Filter>> {
    match target {
        Target::Id(id) => vec![vec![filter("instance-id", [id.as_str()])]],
        Target::IdStartOrName { start, name } => {
            vec![vec![filter("instance-id", [format!("{start}*")])], vec![filter("tag:Name", spellings(name))]]
        }
        Target::Name(name) => {
            let by_tag = vec![filter("tag:Name", spellings(name))];
            let in_dns = name.raw().strip_suffix('.').unwrap_or(name.raw()).to_ascii_lowercase();
            // A name in DNS has a domain behind it.
            let by_dns = |asked: &str| in_dns.contains('.').then(|| vec![filter(asked, [escaped(&in_dns)])]);
            std::iter::once(by_tag).chain(["private-dns-name", "dns-name"].into_iter().filter_map(by_dns)).collect()
        }
        Target::Tag(key, value) => vec![vec![filter(&format!("tag:{}", key.raw()), spellings(value))]],
        Target::NameOrTag { name, key, value } => {
            vec![vec![filter("tag:Name", spellings(name))], vec![filter(&format!("tag:{}", key.raw()), spellings(value))]]
        }
        Target::Ip(std::net::IpAddr::V4(ip)) => {
            // Those of every interface; "private-ip-address" and "ip-address" know the first one's alone.
            ["network-interface.addresses.private-ip-address", "network-interface.addresses.association.public-ip"]
                .map(|name| vec![filter(name, [ip.to_string()])])
                .into()
        }
        Target::Ip(std::net::IpAddr::V6(ip)) => {
            vec![vec![filter("network-interface.ipv6-addresses.ipv6-address", [ip.to_string()])]]
        }
        Target::Favourite(_) | Target::Last => Vec::new(),
    }
}

pub(super) fn filter(name: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Filter {
    Filter::builder().name(name).set_values(Some(values.into_iter().map(Into::into).collect())).build()
}

/// A text as typed, composed and decomposed (macOS writes Hangul in pieces), with EC2's wildcards made literal.
fn spellings(text: &Untrusted) -> Vec<String> {
    let mut all = vec![text.raw().to_owned(), text.raw().nfc().collect(), text.raw().nfd().collect()];
    all.dedup();
    all.into_iter().map(|text| escaped(&text)).collect()
}

/// Patterns that fit a name whatever the case of its letters: each that has two is any one character.
fn in_any_case(name: &Untrusted) -> Vec<String> {
    let pattern = |text: &String| {
        let has_cases = |letter: char| letter.is_uppercase() || letter.is_lowercase();
        text.chars().map(|letter| if has_cases(letter) { "?".to_owned() } else { escaped(&letter.to_string()) }).collect()
    };
    let mut all = vec![name.raw().nfc().collect(), name.raw().nfd().collect()];
    all.dedup();
    all.iter().map(pattern).collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A random number of 0 to 1.
pub(super) fn jitter() -> f64 {
    let (high, _) = uuid::Uuid::new_v4().as_u64_pair();
    f64::from(u32::try_from(high >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions(target: &str) -> Vec<(String, Vec<String>)> {
        let filters = filters_of(&target.parse().unwrap());
        filters.into_iter().flatten().map(|own| (own.name.unwrap(), own.values.unwrap())).collect()
    }

    fn question(name: &str, values: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn each_kind_of_target_has_its_filter() {
        assert_eq!(questions("I-0123456789ABCDEF0"), [question("instance-id", &["i-0123456789abcdef0"])]);
        assert_eq!(questions("i-012345"), [question("instance-id", &["i-012345*"]), question("tag:Name", &["i-012345"])]);
        assert_eq!(questions("tag:env=prod"), [question("tag:env", &["prod"])]);
        assert_eq!(
            questions("ip:10.0.0.1"),
            [
                question("network-interface.addresses.private-ip-address", &["10.0.0.1"]),
                question("network-interface.addresses.association.public-ip", &["10.0.0.1"])
            ]
        );
        assert_eq!(questions("10.0.0.1"), questions("ip:10.0.0.1"));
        assert_eq!(
            questions("IP-10-0-0-1.ec2.internal."),
            [
                question("tag:Name", &["IP-10-0-0-1.ec2.internal."]),
                question("private-dns-name", &["ip-10-0-0-1.ec2.internal"]),
                question("dns-name", &["ip-10-0-0-1.ec2.internal"])
            ]
        );
        assert_eq!(questions("ip:2001:db8::1"), [question("network-interface.ipv6-addresses.ipv6-address", &["2001:db8::1"])]);
        assert_eq!(questions("-"), []);
        assert_eq!(questions("@web"), []);
    }

    #[test]
    fn a_wildcard_in_a_name_is_a_letter() {
        assert_eq!(questions("web*"), [question("tag:Name", &["web\\*"])]);
        assert_eq!(questions("a?\\b"), [question("tag:Name", &["a\\?\\\\b"])]);
    }

    #[test]
    fn a_letter_with_two_cases_is_any_in_a_pattern_without_case() {
        assert_eq!(in_any_case(&"Web-1*결".into()), ["???-1\\*결".to_owned(), "???-1\\*\u{1100}\u{1167}\u{11af}".to_owned()]);
    }

    #[test]
    fn a_name_is_looked_for_composed_and_decomposed() {
        let [(_, values)] = questions("가").try_into().unwrap();

        assert_eq!(values, ["가", "\u{1100}\u{1161}"]);
    }

    #[test]
    fn jitter_is_between_nothing_and_one() {
        assert!((0..1_000).all(|_| (0.0..=1.0).contains(&jitter())));
    }
}
