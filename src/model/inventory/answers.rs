//! What the askings of one place have brought, kept because rows and facts arrive in any order.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::{Answer, Denial, Fact, Image, Instance, InstanceId, KeyPair, Network, ProfileRole, Ssm, Untrusted, Why};

/// The answers of the present asking, and when those before it were told.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    seen: HashSet<InstanceId>,
    /// What the asking before this one held, until this one has come to its end.
    seen_before: HashSet<InstanceId>,
    ssm: HashMap<InstanceId, Ssm>,
    ssm_list: Fact<()>,
    roles: HashMap<Untrusted, Fact<ProfileRole>>,
    images: HashMap<Untrusted, Image>,
    image_list: Fact<()>,
    /// By VPC, those of which something was told that is not the same of all.
    networks: BTreeMap<Untrusted, Arc<Network>>,
    /// What the others have.
    other_networks: Arc<Network>,
    /// Whether this asking told anything of them.
    are_networks_told: bool,
    key_pairs: HashMap<Untrusted, Option<Arc<KeyPair>>>,
    /// Why the others are not told.
    key_pairs_hidden: Option<Denial>,
    /// When the asking before this one was begun: a fact of a row without a time of its own is taken to be as old.
    begun: Option<Timestamp>,
    ssm_told: Told,
    images_told: Told,
    networks_told: Told,
    /// When each instance profile was read to the end.
    roles_told: HashMap<Untrusted, Timestamp>,
    /// Which calls the profile may not make.
    denied: BTreeSet<&'static str>,
    has_failed: bool,
}

/// When a list was told: in the present asking, and in those before it.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    now: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Told {
    fn again(self) -> Self {
        Self { now: None, before: self.now.or(self.before) }
    }
}

impl Answers {
    /// No answer yet of a new asking; the times of those before it are kept. `begun`: when the last one was.
    pub(super) fn again(self, begun: Option<Timestamp>) -> Self {
        Self {
            begun,
            seen_before: if self.seen.is_empty() { self.seen_before } else { self.seen },
            ssm_told: self.ssm_told.again(),
            images_told: self.images_told.again(),
            networks_told: self.networks_told.again(),
            roles_told: self.roles_told,
            // An image keeps its name for life.
            images: self.images,
            networks: self.networks,
            other_networks: self.other_networks,
            // A key pair of this name was that one, and is asked for once.
            key_pairs: self.key_pairs,
            ..Self::default()
        }
    }

    /// What is kept from this place: the less, the more it can do.
    pub(super) fn rank(&self) -> usize {
        if self.has_failed { usize::MAX } else { self.denied.len() }
    }

    /// The place cannot be listed.
    pub(super) fn fail(&mut self) {
        self.has_failed = true;
    }

    /// Whether it cannot be listed.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Keep a denial. Whether there was none for the same call before.
    pub(super) fn note_denial(&mut self, answer: &Answer) -> bool {
        let told: Vec<&Denial> = match answer {
            Answer::SsmHidden(denial)
            | Answer::ImagesHidden(denial)
            | Answer::NodesHidden(denial)
            | Answer::KeyPairsHidden(denial) => vec![denial],
            Answer::Networks { of, others } => of.values().chain([others]).flat_map(|network| network.denials()).collect(),
            Answer::Role { role, .. } => {
                role.denial().or_else(|| role.known().and_then(|role| role.grant.denial())).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let refused = told.into_iter().filter(|denial| denial.why == Why::AccessDenied).map(|denial| denial.action);
        refused.filter(|action| self.denied.insert(action)).count() > 0
    }

    /// Whether a page of this asking held the instance.
    pub(super) fn has_seen(&self, id: &InstanceId) -> bool {
        self.seen.contains(id)
    }

    /// The same, or a page of the one before it as long as this one goes on.
    pub(super) fn has_seen_lately(&self, id: &InstanceId) -> bool {
        self.seen.contains(id) || self.seen_before.contains(id)
    }

    /// This asking has told every instance.
    pub(super) fn forget_before(&mut self) {
        self.seen_before = HashSet::new();
    }

    /// A page of this asking holds the instance.
    pub(super) fn see(&mut self, id: &InstanceId) {
        self.seen.insert(id.clone());
    }

    /// Put what is known now on a row that was just described, over what was known of the same instance before.
    pub(super) fn dress(&mut self, row: &mut Instance, old: Option<&Instance>, now: Timestamp) {
        self.see(&row.id);
        if let Some(old) = old {
            keep(row, old);
        }
        if let Some(ssm) = self.ssm_of(row, now) {
            row.ssm = ssm;
        }
        let role = row.instance_profile.as_ref().and_then(|profile| Some((profile, self.roles.get(profile)?)));
        if let Some(role) = role.and_then(|(profile, role)| role_after(&row.role, role, self.role_told(profile, now))) {
            row.role = role;
        }
        if let Some(name) = self.image_of(row, now) {
            row.image_name = name;
        }
        if let Some(network) = self.network_of(row, now) {
            row.network = network;
        }
        if let Some(pair) = self.key_pair_of(row, now) {
            row.key_pair = pair;
        }
    }

    /// An instance is registered.
    pub(super) fn register(&mut self, id: InstanceId, ssm: Ssm, now: Timestamp) {
        self.ssm_told.now = Some(now);
        self.ssm.insert(id, ssm);
    }

    /// No more registrations come: all were told, or it was refused to tell them.
    pub(super) fn end_registrations(&mut self, list: Fact<()>, now: Timestamp) {
        if list.known().is_some() {
            self.ssm_told.now = Some(now);
        }
        self.ssm_list = list;
    }

    /// The registration of a row, if it is another one than it has.
    pub(super) fn ssm_of(&self, row: &Instance, now: Timestamp) -> Option<Fact<Ssm>> {
        let told = self.ssm_told.before.or(self.begun).unwrap_or(now);
        if row.id.is_hybrid() {
            return self.ssm_list.denial().and_then(|denial| row.ssm.lately(Fact::Hidden(denial.clone()), told, now));
        }
        match (self.ssm.get(&row.id), &self.ssm_list) {
            (Some(ssm), _) => row.ssm.after(Fact::Known(ssm), told),
            (None, Fact::Known(())) => row.ssm.after(Fact::Known(&Ssm::unmanaged()), told),
            (None, Fact::Hidden(denial)) => row.ssm.lately(Fact::Hidden(denial.clone()), told, now),
            (None, Fact::Pending | Fact::Kept(..)) => None,
        }
    }

    /// What an instance profile holds, or that it was refused to tell.
    pub(super) fn take_role(&mut self, profile: Untrusted, role: Fact<ProfileRole>, now: Timestamp) {
        if role.known().is_some_and(|role| role.grant.denial().is_none()) {
            self.roles_told.insert(profile.clone(), now);
        }
        self.roles.insert(profile, role);
    }

    /// When an instance profile was last read.
    pub(super) fn role_told(&self, profile: &Untrusted, now: Timestamp) -> Timestamp {
        self.roles_told.get(profile).copied().or(self.begun).unwrap_or(now)
    }

    /// Images have names: those that had none, or another one, are to be put on their rows.
    pub(super) fn name_images(&mut self, mut names: BTreeMap<Untrusted, Image>, now: Timestamp) -> Vec<Untrusted> {
        self.images_told.now = Some(now);
        names.retain(|id, image| self.images.get(id) != Some(image));
        let new = names.keys().cloned().collect();
        self.images.extend(names);
        new
    }

    /// No more names of images come.
    pub(super) fn end_images(&mut self, list: Fact<()>, now: Timestamp) {
        if list.known().is_some() {
            self.images_told.now = Some(now);
        }
        self.image_list = list;
    }

    /// The image of a row, if it is another one than it has.
    pub(super) fn image_of(&self, row: &Instance, now: Timestamp) -> Option<Fact<Option<Image>>> {
        let told = self.images_told.before.or(self.begun).unwrap_or(now);
        let named = row.image.as_ref().and_then(|image| self.images.get(image));
        match (named, &self.image_list) {
            (Some(image), _) => match &row.image_name {
                Fact::Known(Some(old)) if old == image => None,
                _ => Some(Fact::Known(Some(image.clone()))),
            },
            (None, Fact::Known(())) => row.image_name.after(Fact::Known(&None), told),
            (None, Fact::Hidden(denial)) => row.image_name.after(Fact::Hidden(denial.clone()), told),
            (None, Fact::Pending | Fact::Kept(..)) => None,
        }
    }

    /// What VPCs have. What is the same as before stays the same in memory: it is compared for every row.
    pub(super) fn take_networks(&mut self, of: BTreeMap<Untrusted, Arc<Network>>, others: &Arc<Network>, now: Timestamp) {
        let told = self.networks_told.before.or(self.begun).unwrap_or(now);
        let merged = |new: &Arc<Network>, old: &Arc<Network>| {
            let merged = new.over(old, told, now);
            let same = [old, new].into_iter().find(|same| merged == ***same).cloned();
            same.unwrap_or_else(|| Arc::new(merged))
        };
        let known = self.networks.keys().filter(|vpc| !of.contains_key(*vpc)).map(|vpc| (vpc, others));
        let all = of.iter().chain(known).map(|(vpc, new)| {
            let old = self.networks.get(vpc).unwrap_or(&self.other_networks);
            (vpc.clone(), merged(new, old))
        });
        self.networks = all.collect();
        self.other_networks = merged(others, &self.other_networks);
        self.networks_told.now = Some(now);
        self.are_networks_told = true;
    }

    /// What the VPC of a row has, if that is another thing than it says.
    pub(super) fn network_of(&self, row: &Instance, now: Timestamp) -> Option<Fact<Arc<Network>>> {
        let told = self.networks_told.before.or(self.begun).unwrap_or(now);
        let vpc = row.vpc.as_ref().filter(|_| self.are_networks_told)?;
        row.network.after(Fact::Known(self.networks.get(vpc).unwrap_or(&self.other_networks)), told)
    }
}

impl Answers {
    /// These key pairs were told.
    pub(super) fn take_key_pairs(&mut self, told: BTreeMap<Untrusted, Option<Arc<KeyPair>>>) {
        self.key_pairs.extend(told);
    }

    /// No more key pairs are told.
    pub(super) fn hide_key_pairs(&mut self, denial: Denial) {
        self.key_pairs_hidden = Some(denial);
    }

    /// The key pair of a row, if it is another one than it has.
    pub(super) fn key_pair_of(&self, row: &Instance, now: Timestamp) -> Option<Fact<Option<Arc<KeyPair>>>> {
        let name = row.key_name.as_ref()?;
        match (self.key_pairs.get(name), &self.key_pairs_hidden) {
            (Some(pair), _) => row.key_pair.after(Fact::Known(pair), now),
            (None, Some(denial)) => row.key_pair.after(Fact::Hidden(denial.clone()), self.begun.unwrap_or(now)),
            (None, None) => None,
        }
    }
}

/// What a role is after an answer, if it is another one than before: what it grants is a fact of its own.
pub(super) fn role_after(old: &Fact<ProfileRole>, new: &Fact<ProfileRole>, told: Timestamp) -> Option<Fact<ProfileRole>> {
    let (Some(before), Fact::Known(now)) = (old.known(), new) else { return old.after(new.as_ref(), told) };
    if before.role != now.role {
        return old.after(new.as_ref(), told);
    }
    let merged = ProfileRole {
        role: now.role.clone(),
        grant: now.grant.clone().over(&before.grant, told),
        has_retired_policy: now.has_retired_policy,
    };
    old.after(Fact::Known(&merged), told)
}

/// Keep the old row's answers on the new one, where they are still about the same thing.
pub(super) fn keep(new: &mut Instance, old: &Instance) {
    if new.ssm.is_pending() {
        new.ssm = old.ssm.clone();
    }
    if new.role.is_pending() && new.instance_profile == old.instance_profile {
        new.role = old.role.clone();
    }
    if new.image_name.is_pending() && new.image == old.image {
        new.image_name = old.image_name.clone();
    }
    if new.network.is_pending() && new.vpc == old.vpc {
        new.network = old.network.clone();
    }
    if new.key_pair.is_pending() && new.key_name == old.key_name {
        new.key_pair = old.key_pair.clone();
    }
}
