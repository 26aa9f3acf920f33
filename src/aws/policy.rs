//! What a role's policy documents say about the actions of the SSM agent, as far as documents alone can say it.

use serde::Deserialize;
use serde_json::Value;

use crate::model::Grant;

/// The actions a node needs for sessions (docs/access-rules.md 1.8, "core 5").
pub(super) const CORE: [&str; 5] = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// What is known of a managed policy of AWS's by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Managed {
    /// It grants all of [`CORE`].
    Grants,
    /// It grants some of it; only the simulator can tell.
    Unclear,
    /// It grants nothing of it.
    Irrelevant,
    /// Its document must be read.
    Unlisted,
}

/// The table of managed policies (docs/access-rules.md 1.8). Only AWS's own policies are in it: anybody can call theirs `AdministratorAccess`.
pub(super) fn managed(arn: &str) -> Managed {
    let mut parts = arn.splitn(6, ':');
    let (account, resource) = (parts.nth(4), parts.next());
    let (Some("aws"), Some(resource)) = (account, resource) else { return Managed::Unlisted };
    match resource.strip_prefix("policy/").unwrap_or(resource) {
        "AmazonSSMManagedInstanceCore"
        | "AmazonSSMManagedEC2InstanceDefaultPolicy"
        | "service-role/AmazonEC2RoleforSSM"
        | "AdministratorAccess"
        | "PowerUserAccess" => Managed::Grants,
        "AmazonSSMFullAccess" => Managed::Unclear,
        "CloudWatchAgentServerPolicy" => Managed::Irrelevant,
        _ => Managed::Unlisted,
    }
}

/// Whether this is the policy for agents that AWS has retired: it grants far more than they need (docs/access-rules.md SSM-10).
pub(super) fn is_retired(arn: &str) -> bool {
    arn.splitn(6, ':').skip(4).eq(["aws", "policy/service-role/AmazonEC2RoleforSSM"])
}

/// All documents of a role, joined.
#[derive(Debug, Default)]
pub(super) struct Documents {
    statements: Vec<Statement>,
    /// A document could not be understood: no statement is certain to be absent.
    is_incomplete: bool,
}

impl Documents {
    /// Add a document as IAM gives it, URL-encoded or plain.
    pub(super) fn add(&mut self, document: &str) {
        let plain = percent_encoding::percent_decode_str(document).decode_utf8_lossy();
        match serde_json::from_str::<Document>(&plain) {
            Ok(document) => self.statements.extend(document.statement.into_list()),
            Err(_) => self.is_incomplete = true,
        }
    }

    /// Say that something is granted that the documents do not show.
    pub(super) fn add_unclear(&mut self) {
        self.is_incomplete = true;
    }

    /// What they come to; `None` if documents alone do not settle it.
    ///
    /// Granted: each action is allowed on `*` without a condition and nowhere denied. Lacking: an action is allowed nowhere.
    pub(super) fn verdict(&self) -> Option<Grant> {
        let lacking: Vec<&'static str> = CORE.into_iter().filter(|action| !self.allows(action).any(|_| true)).collect();
        if !lacking.is_empty() {
            return (!self.is_incomplete).then_some(Grant::Lacks(lacking));
        }
        let is_plain = |action: &&str| self.allows(action).any(Statement::is_unconditional);
        let is_denied = |action: &&str| self.denies(action);
        let is_granted = CORE.iter().all(is_plain) && !CORE.iter().any(is_denied) && !self.is_incomplete;
        is_granted.then_some(Grant::Sessions)
    }

    fn allows<'a>(&'a self, action: &'a str) -> impl Iterator<Item = &'a Statement> {
        self.statements.iter().filter(move |statement| statement.effect == "Allow" && statement.covers(action))
    }

    fn denies(&self, action: &str) -> bool {
        self.statements.iter().any(|statement| statement.effect != "Allow" && statement.covers(action))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    statement: OneOrMany<Statement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: String,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    resource: Option<OneOrMany<String>>,
    condition: Option<Value>,
}

impl Statement {
    fn covers(&self, action: &str) -> bool {
        let fits = |patterns: &OneOrMany<String>| patterns.list().iter().any(|pattern| matches_action(pattern, action));
        match (&self.action, &self.not_action) {
            (Some(patterns), _) => fits(patterns),
            (None, Some(patterns)) => !fits(patterns),
            (None, None) => false,
        }
    }

    fn is_unconditional(&self) -> bool {
        let is_everywhere =
            self.resource.as_ref().is_some_and(|resources| resources.list().iter().any(|resource| resource == "*"));
        let has_condition =
            self.condition.as_ref().is_some_and(|condition| condition.as_object().is_none_or(|map| !map.is_empty()));
        is_everywhere && !has_condition
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn list(&self) -> &[T] {
        match self {
            Self::Many(list) => list,
            Self::One(one) => std::slice::from_ref(one),
        }
    }

    fn into_list(self) -> Vec<T> {
        match self {
            Self::Many(list) => list,
            Self::One(one) => vec![one],
        }
    }
}

/// IAM's wildcards: `*` for any text, `?` for one character; case does not matter.
pub(super) fn matches_action(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    let (mut at, mut seen) = (0, 0);
    // Where the last `*` stood, and how much of the action it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = action.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(own) if *own == b'?' || own.eq_ignore_ascii_case(byte) => {
                at += 1;
                seen += 1;
            }
            _ => match star {
                Some((position, taken)) => {
                    star = Some((position, taken + 1));
                    at = position + 1;
                    seen = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(documents: &[&str]) -> Option<Grant> {
        let mut all = Documents::default();
        for document in documents {
            all.add(document);
        }
        all.verdict()
    }

    fn statement(rest: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{{rest}}}]}}"#)
    }

    const ALL: &str = r#""Effect":"Allow","Action":["ssm:UpdateInstanceInformation","ssmmessages:*"],"Resource":"*""#;

    #[test]
    fn granted_means_allowed_on_everything_without_a_condition_and_nowhere_denied() {
        let granting = [
            ALL,
            r#""Effect":"Allow","Action":"*","Resource":["*"]"#,
            r#""Effect":"Allow","Action":["SSM:*","ssmmessages:????Control*","ssmmessages:c*l","ssmMessages:*Data*nnel"],"Resource":"*","Condition":{}"#,
            r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#,
        ];
        for rest in granting {
            assert_eq!(verdict(&[&statement(rest)]), Some(Grant::Sessions), "{rest}");
        }
    }

    #[test]
    fn what_documents_alone_do_not_settle_is_left_open() {
        let open = [
            r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}"#,
            r#""Effect":"Allow","Action":"*","Resource":"arn:aws:ssm:*:*:*""#,
            r#""Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::x""#,
        ];
        for rest in open {
            assert_eq!(verdict(&[&statement(rest)]), None, "{rest}");
        }
        let denying = [
            r#""Effect":"Deny","Action":"ssmmessages:OpenDataChannel","Resource":"*""#,
            r#""Effect":"Deny","Action":"ssm:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            r#""Effect":"Deny","NotAction":"ec2:*","Resource":"*""#,
        ];
        for rest in denying {
            assert_eq!(verdict(&[&statement(ALL), &statement(rest)]), None, "{rest}");
        }
        assert_eq!(verdict(&[&statement(ALL), "not json"]), None);
        assert_eq!(verdict(&["not json"]), None);
    }

    #[test]
    fn an_action_that_is_allowed_nowhere_is_lacking() {
        assert_eq!(verdict(&[]), Some(Grant::Lacks(CORE.to_vec())));
        let some = statement(r#""Effect":"Allow","Action":"ssmmessages:*","Resource":"*""#);
        assert_eq!(verdict(&[&some]), Some(Grant::Lacks(vec!["ssm:UpdateInstanceInformation"])));
        let none = statement(r#""Effect":"Allow","NotAction":["ssm:*","ssmmessages:*"],"Resource":"*""#);
        assert_eq!(verdict(&[&none]), Some(Grant::Lacks(CORE.to_vec())));
    }

    #[test]
    fn documents_add_up_and_may_be_url_encoded_or_hold_one_statement() {
        let one = r#"{"Statement":{"Effect":"Allow","Action":"ssm:UpdateInstanceInformation","Resource":"*"}}"#;
        let two = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22ssmmessages%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";

        assert_eq!(verdict(&[one, two]), Some(Grant::Sessions));
    }

    #[test]
    fn only_policies_of_aws_count_by_name() {
        let table = [
            ("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", Managed::Grants),
            ("arn:aws-cn:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy", Managed::Grants),
            ("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM", Managed::Grants),
            ("arn:aws:iam::aws:policy/AdministratorAccess", Managed::Grants),
            ("arn:aws:iam::123456789012:policy/AdministratorAccess", Managed::Unlisted),
            ("arn:aws:iam::aws:policy/AmazonSSMFullAccess", Managed::Unclear),
            ("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", Managed::Irrelevant),
            ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", Managed::Unlisted),
            ("", Managed::Unlisted),
        ];
        for (arn, expected) in table {
            assert_eq!(managed(arn), expected, "{arn}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_decided_quickly() {
        let pattern = "*a".repeat(2_000);

        assert!(!matches_action(&pattern, &"a".repeat(1_999)));
        assert!(matches_action("*:Describe?nstances", "ec2:DescribeInstances"));
        assert!(!matches_action("ssm", "ssm:UpdateInstanceInformation"));
    }

    #[test]
    fn the_retired_policy_is_aws_own() {
        assert!(is_retired("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"));
        assert!(is_retired("arn:aws-cn:iam::aws:policy/service-role/AmazonEC2RoleforSSM"));
        assert!(!is_retired("arn:aws:iam::123456789012:policy/service-role/AmazonEC2RoleforSSM"));
        assert!(!is_retired("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"));
    }
}
