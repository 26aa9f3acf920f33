//! The columns there are, in the order in which they are offered.

use super::cell::{Cell, View};
use super::entry::{Entry, Faces, Shows, Width};
use super::{address, iam, ssm, state, tags, time, ways};
use crate::model::{AccountId, FactKinds, Untrusted};

/// Every column but those of single tags.
pub(super) static ENTRIES: [Entry; 24] = [
    Entry {
        name: "name",
        other_words: &[],
        rank: 1,
        width: Width { min: 18, max: 32 },
        facts: FactKinds::NONE,
        in_object: Some(2),
        shows: tags::NAME,
    },
    Entry {
        name: "id",
        other_words: &[],
        rank: 3,
        width: Width { min: 19, max: 19 },
        facts: FactKinds::NONE,
        in_object: Some(1),
        shows: Shows::Word(|row| Some(row.id.as_str())),
    },
    Entry {
        name: "state",
        other_words: &[],
        rank: 1,
        width: Width { min: 7, max: 10 },
        facts: FactKinds::NONE,
        in_object: Some(3),
        shows: state::STATE,
    },
    Entry {
        name: "private_ip",
        other_words: &["ip"],
        rank: 2,
        width: Width { min: 15, max: 15 },
        facts: FactKinds::NONE,
        in_object: Some(4),
        shows: address::PRIVATE,
    },
    Entry {
        name: "public_ip",
        other_words: &[],
        rank: 2,
        width: Width { min: 15, max: 15 },
        facts: FactKinds::NONE,
        in_object: Some(5),
        shows: address::PUBLIC,
    },
    Entry {
        name: "ssm",
        other_words: &[],
        rank: 2,
        width: Width { min: 8, max: 9 },
        facts: FactKinds { ssm: true, ..FactKinds::NONE },
        in_object: Some(21),
        shows: ssm::SSM,
    },
    Entry {
        name: "iam",
        other_words: &["role"],
        rank: 2,
        width: Width { min: 3, max: 10 },
        facts: FactKinds { role: true, ..FactKinds::NONE },
        in_object: Some(20),
        shows: iam::IAM,
    },
    Entry {
        name: "via",
        other_words: &[],
        rank: 1,
        width: Width { min: 4, max: 7 },
        facts: FactKinds::ALL,
        in_object: None,
        shows: ways::BEST,
    },
    Entry {
        name: "region",
        other_words: &[],
        rank: 4,
        width: Width { min: 14, max: 14 },
        facts: FactKinds::NONE,
        in_object: Some(9),
        shows: Shows::Word(|row| Some(row.place.region.as_str())),
    },
    Entry {
        name: "account",
        other_words: &[],
        rank: 4,
        width: Width { min: 12, max: 12 },
        facts: FactKinds::NONE,
        in_object: Some(8),
        shows: Shows::Word(|row| row.account.as_ref().map(AccountId::as_str)),
    },
    Entry {
        name: "instance_type",
        other_words: &["type"],
        rank: 4,
        width: Width { min: 12, max: 12 },
        facts: FactKinds::NONE,
        in_object: Some(11),
        shows: Shows::Text(|row| row.instance_type.as_ref()),
    },
    Entry {
        name: "az",
        other_words: &["az_name", "zone"],
        rank: 4,
        width: Width { min: 3, max: 3 },
        facts: FactKinds::NONE,
        in_object: Some(10),
        shows: Shows::Faces(Faces {
            cell: zone,
            value: |view| view.instance.az.clone().unwrap_or_default(),
            json: |view| view.instance.az.as_ref().map(Untrusted::raw).into(),
            key: None,
        }),
    },
    Entry {
        name: "up",
        other_words: &["uptime"],
        rank: 4,
        width: Width { min: 6, max: 6 },
        facts: FactKinds::NONE,
        in_object: None,
        shows: time::UP,
    },
    Entry {
        name: "platform",
        other_words: &[],
        rank: 5,
        width: Width { min: 10, max: 24 },
        facts: FactKinds::NONE,
        in_object: Some(12),
        shows: Shows::Text(|row| row.platform.as_ref()),
    },
    Entry {
        name: "key_name",
        other_words: &["key"],
        rank: 5,
        width: Width { min: 8, max: 24 },
        facts: FactKinds::NONE,
        in_object: Some(14),
        shows: Shows::Text(|row| row.key_name.as_ref()),
    },
    Entry {
        name: "vpc",
        other_words: &[],
        rank: 5,
        width: Width { min: 12, max: 21 },
        facts: FactKinds::NONE,
        in_object: Some(15),
        shows: Shows::Text(|row| row.vpc.as_ref()),
    },
    Entry {
        name: "subnet",
        other_words: &[],
        rank: 5,
        width: Width { min: 15, max: 24 },
        facts: FactKinds::NONE,
        in_object: Some(16),
        shows: Shows::Text(|row| row.subnet.as_ref()),
    },
    Entry {
        name: "image",
        other_words: &["ami"],
        rank: 5,
        width: Width { min: 12, max: 21 },
        facts: FactKinds::NONE,
        in_object: Some(13),
        shows: Shows::Text(|row| row.image.as_ref()),
    },
    Entry {
        name: "launched",
        other_words: &["launch"],
        rank: 5,
        width: Width { min: 20, max: 20 },
        facts: FactKinds::NONE,
        in_object: Some(18),
        shows: time::LAUNCHED,
    },
    Entry {
        name: "security_groups",
        other_words: &["group", "sg"],
        rank: 5,
        width: Width { min: 10, max: 30 },
        facts: FactKinds::NONE,
        in_object: Some(17),
        shows: Shows::Faces(Faces {
            cell: security_groups,
            value: |view| view.instance.security_groups.iter().map(|group| group.id.raw()).collect::<Vec<_>>().join(" ").into(),
            json: |view| view.instance.security_groups.iter().map(|group| group.id.raw()).collect(),
            key: None,
        }),
    },
    Entry {
        name: "ipv6",
        other_words: &[],
        rank: 5,
        width: Width { min: 15, max: 39 },
        facts: FactKinds::NONE,
        in_object: Some(6),
        shows: address::IPV6,
    },
    Entry {
        name: "profile",
        other_words: &[],
        rank: 5,
        width: Width { min: 8, max: 40 },
        facts: FactKinds::NONE,
        in_object: Some(7),
        shows: Shows::Faces(Faces {
            cell: |view| {
                view.instance
                    .place
                    .profile
                    .as_ref()
                    .map_or_else(Cell::none, |name| Cell::plain(name.shown()).or_short(name.shown_short()))
            },
            value: |view| view.instance.place.profile.as_ref().map(|name| name.raw().into()).unwrap_or_default(),
            json: |view| view.instance.place.profile.as_ref().map(|name| name.raw()).into(),
            key: None,
        }),
    },
    Entry {
        name: "tags",
        other_words: &[],
        rank: 5,
        width: Width { min: 12, max: 40 },
        facts: FactKinds::NONE,
        in_object: Some(19),
        shows: tags::ALL,
    },
    Entry {
        name: "methods",
        other_words: &["method"],
        rank: 5,
        width: Width { min: 10, max: 24 },
        facts: FactKinds::ALL,
        in_object: Some(22),
        shows: ways::ALL,
    },
];

/// `2a` of `ap-northeast-2a`: the region has its own column.
fn zone(view: &View<'_>) -> Cell {
    let tail = |zone: &Untrusted| Untrusted::from(zone.raw().rsplit('-').next().unwrap_or_default());
    Cell::untrusted(view.instance.az.as_ref().map(tail).as_ref())
}

fn security_groups(view: &View<'_>) -> Cell {
    let groups = &view.instance.security_groups;
    if groups.is_empty() {
        return Cell::none();
    }
    Cell::plain(groups.iter().map(|group| group.name.shown_in(60)).collect::<Vec<_>>().join(", "))
}
