//! The documents (docs/access-rules.md 3): least privilege for what is asked.

use serde_json::{Value, json};

use crate::access::Login;
use crate::aws::policy;
use crate::cli::args::{PolicyName, Tag};

/// What a policy is limited to; `*` where it is not.
pub(super) struct Scope<'a> {
    pub(super) partition: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) users: &'a [Login],
    pub(super) tag: Option<&'a Tag>,
}

/// The name as it is typed.
pub(super) fn id(name: PolicyName) -> &'static str {
    match name {
        PolicyName::ConnectEic => "connect-eic",
        PolicyName::ConnectSsm => "connect-ssm",
        PolicyName::ConnectSsmSsh => "connect-ssm-ssh",
        PolicyName::ConnectEice => "connect-eice",
        PolicyName::ConnectSerial => "connect-serial",
        PolicyName::ConnectRdp => "connect-rdp",
        PolicyName::DenySshOverSsm => "deny-ssh-over-ssm",
        PolicyName::Read => "read",
        PolicyName::Fix => "fix",
        PolicyName::FixKeys => "fix-keys",
        PolicyName::Agent => "agent",
    }
}

/// The document of a name.
pub(super) fn document(name: PolicyName, scope: &Scope<'_>) -> Value {
    let statements = match name {
        PolicyName::ConnectEic => connect_eic(scope),
        PolicyName::ConnectSsm => sessions(scope, shell_document(scope)),
        PolicyName::ConnectSsmSsh => {
            let documents =
                ["AWS-StartSSHSession", "AWS-StartPortForwardingSession", "AWS-StartPortForwardingSessionToRemoteHost"];
            sessions(scope, documents_of_aws(scope, &documents)).into_iter().chain([push_key(scope)]).collect()
        }
        PolicyName::ConnectEice => connect_eice(scope),
        PolicyName::ConnectSerial => connect_serial(scope),
        PolicyName::ConnectRdp => {
            let password = on_tagged("Password", "ec2:GetPasswordData", scope);
            sessions(scope, documents_of_aws(scope, &["AWS-StartPortForwardingSession"])).into_iter().chain([password]).collect()
        }
        PolicyName::DenySshOverSsm => vec![json!({
            "Sid": "NoSshTunnels",
            "Effect": "Deny",
            "Action": "ssm:StartSession",
            "Resource": format!("arn:{}:ssm:*:*:document/AWS-StartSSHSession", scope.partition),
        })],
        PolicyName::Read => of_ours(&READS, scope),
        PolicyName::Fix => of_ours(&FIXES, scope).into_iter().chain([update_agents(scope)]).collect(),
        PolicyName::FixKeys => add_keys(scope),
        PolicyName::Agent => vec![json!({
            "Sid": "Sessions",
            "Effect": "Allow",
            "Action": [
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            "Resource": "*",
        })],
    };
    json!({"Version": "2012-10-17", "Statement": statements})
}

impl Scope<'_> {
    /// Where an agent is told what to run: hybrid nodes, too.
    fn nodes(&self) -> [String; 2] {
        let hybrid = format!("arn:{}:ssm:{}:{}:managed-instance/*", self.partition, self.region, self.account);
        [self.instances(), hybrid]
    }

    fn instances(&self) -> String {
        format!("arn:{}:ec2:{}:{}:instance/*", self.partition, self.region, self.account)
    }
}

/// Agents are updated by AWS's own document, and no other runs.
fn update_agents(scope: &Scope<'_>) -> Value {
    let document = format!("arn:{}:ssm:{}::document/AWS-UpdateSSMAgent", scope.partition, scope.region);
    let [instances, hybrid] = scope.nodes();
    json!({
        "Sid": "UpdateAgents",
        "Effect": "Allow",
        "Action": "ssm:SendCommand",
        "Resource": [instances, hybrid, document],
    })
}

/// A key is let in by a script, which runs as root: whoever may send one may do anything there.
fn add_keys(scope: &Scope<'_>) -> Vec<Value> {
    let document = format!("arn:{}:ssm:{}::document/AWS-RunShellScript", scope.partition, scope.region);
    let mut send = json!({"Sid": "AsRootOn", "Effect": "Allow", "Action": "ssm:SendCommand", "Resource": scope.nodes()});
    if let Some(tag) = scope.tag {
        send["Condition"] = json!({"StringEquals": {format!("ssm:resourceTag/{}", tag.key): literal(&tag.value)}});
    }
    vec![
        send,
        json!({"Sid": "RunScripts", "Effect": "Allow", "Action": "ssm:SendCommand", "Resource": document}),
        find(&["ec2:DescribeInstances", "ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations", "ssm:ListCommands"]),
    ]
}

fn connect_eic(scope: &Scope<'_>) -> Vec<Value> {
    vec![push_key(scope), find(&["ec2:DescribeInstances"])]
}

/// What is called to find what one connects to.
fn find(actions: &[&str]) -> Value {
    let action = match actions {
        [one] => json!(one),
        more => json!(more),
    };
    json!({"Sid": "Find", "Effect": "Allow", "Action": action, "Resource": "*"})
}

/// An action on instances, with the tag where one is asked for.
fn on_tagged(sid: &str, action: &str, scope: &Scope<'_>) -> Value {
    let mut statement = json!({"Sid": sid, "Effect": "Allow", "Action": action, "Resource": scope.instances()});
    if let Some(tag) = scope.tag {
        statement["Condition"] = json!({"StringEquals": {format!("aws:ResourceTag/{}", tag.key): literal(&tag.value)}});
    }
    statement
}

/// The tag is that of the instances: a tunnel is opened to an endpoint, and the key that is pushed decides who gets in.
fn connect_eice(scope: &Scope<'_>) -> Vec<Value> {
    let Scope { partition, region, account, .. } = scope;
    let tunnel = json!({
        "Sid": "Tunnel",
        "Effect": "Allow",
        "Action": "ec2-instance-connect:OpenTunnel",
        "Resource": format!("arn:{partition}:ec2:{region}:{account}:instance-connect-endpoint/*"),
        "Condition": {
            "NumericEquals": {"ec2-instance-connect:remotePort": ["22", "3389"]},
            "NumericLessThanEquals": {"ec2-instance-connect:maxTunnelDuration": "3600"},
        },
    });
    vec![tunnel, push_key(scope), find(&["ec2:DescribeInstances", "ec2:DescribeInstanceConnectEndpoints"])]
}

fn connect_serial(scope: &Scope<'_>) -> Vec<Value> {
    vec![
        on_tagged("Connect", "ec2-instance-connect:SendSerialConsoleSSHPublicKey", scope),
        find(&["ec2:GetSerialConsoleAccessStatus", "ec2:DescribeInstances", "ec2:DescribeInstanceTypes"]),
    ]
}

fn push_key(scope: &Scope<'_>) -> Value {
    let mut equals = serde_json::Map::new();
    let users: Vec<String> = scope.users.iter().map(|user| literal(user.as_str())).collect();
    match users.as_slice() {
        [] => {}
        [one] => _ = equals.insert("ec2:osuser".to_owned(), json!(one)),
        more => _ = equals.insert("ec2:osuser".to_owned(), json!(more)),
    }
    if let Some(tag) = scope.tag {
        equals.insert(format!("aws:ResourceTag/{}", tag.key), json!(literal(&tag.value)));
    }
    let mut push = json!({
        "Sid": "PushKey",
        "Effect": "Allow",
        "Action": "ec2-instance-connect:SendSSHPublicKey",
        "Resource": scope.instances(),
    });
    if !equals.is_empty() {
        push["Condition"] = json!({"StringEquals": equals});
    }
    push
}

/// The account's own document of shells.
fn shell_document(scope: &Scope<'_>) -> Value {
    let Scope { partition, region, account, .. } = scope;
    json!({
        "Sid": "ShellDocument",
        "Effect": "Allow",
        "Action": "ssm:StartSession",
        "Resource": format!("arn:{partition}:ssm:{region}:{account}:document/SSM-SessionManagerRunShell"),
    })
}

/// Documents of AWS's own: their ARNs name no account.
fn documents_of_aws(scope: &Scope<'_>, names: &[&str]) -> Value {
    let Scope { partition, region, .. } = scope;
    let arns: Vec<String> = names.iter().map(|name| format!("arn:{partition}:ssm:{region}::document/{name}")).collect();
    let resource = if let [one] = arns.as_slice() { json!(one) } else { json!(arns) };
    json!({"Sid": "SessionDocuments", "Effect": "Allow", "Action": "ssm:StartSession", "Resource": resource})
}

/// Sessions by these documents. The tag stands with the instances alone: with a document it would deny everything, since documents have no
/// such tag.
fn sessions(scope: &Scope<'_>, documents: Value) -> Vec<Value> {
    let Scope { partition, account, .. } = scope;
    let mut start = json!({
        "Sid": "StartOnInstances",
        "Effect": "Allow",
        "Action": "ssm:StartSession",
        "Resource": scope.instances(),
        // Without it a grant on an instance admits the shell whatever is said of documents.
        "Condition": {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}},
    });
    if let Some(tag) = scope.tag {
        start["Condition"]["StringEquals"] = json!({format!("ssm:resourceTag/{}", tag.key): literal(&tag.value)});
    }
    vec![
        start,
        documents,
        json!({
            "Sid": "OwnSessionsOnly",
            "Effect": "Allow",
            "Action": ["ssm:TerminateSession", "ssm:ResumeSession"],
            "Resource": format!("arn:{partition}:ssm:*:{account}:session/*"),
            "Condition": {"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": ["${aws:userid}"]}},
        }),
        // It knows no tags; whose session it is, the session's token tells.
        json!({
            "Sid": "DataChannels",
            "Effect": "Allow",
            "Action": "ssmmessages:OpenDataChannel",
            "Resource": format!("arn:{partition}:ssm:*:{account}:session/*"),
        }),
        json!({
            "Sid": "See",
            "Effect": "Allow",
            "Action": ["ssm:DescribeInstanceInformation", "ssm:GetConnectionStatus", "ec2:DescribeInstances"],
            "Resource": "*",
        }),
    ]
}

/// The statements of what we call that only read.
const READS: [&str; 6] = [
    "ListInstances",
    "ReadInstanceRoles",
    "SimulateOwnPolicies",
    "ReadConsoles",
    "ReadSessionPreferences",
    "ReadServiceSettings",
];
/// Those of what fixes of the doctor change, and of what is looked at before that is taken back.
const FIXES: [&str; 16] = [
    "StartStopAndReboot",
    "MendSecurityGroups",
    "MendNetworkAcls",
    "SwitchSerialConsoles",
    "AttachTheCorePolicy",
    "MendInstances",
    "MakeEndpoints",
    "MendAddresses",
    "TagNewAddresses",
    "MendRoutes",
    "MakeRoleOfInstanceConnect",
    "MakeRolesForAgents",
    "PassRolesToInstances",
    "MendNames",
    "LookAtFixes",
    // The roles that they have made are read by their names.
    "SimulateOwnPolicies",
];

/// Statements of what we call, by their ids, for the scope.
fn of_ours(ids: &[&str], scope: &Scope<'_>) -> Vec<Value> {
    let all = serde_json::to_value(policy()).unwrap_or_default();
    let statements = all["Statement"].as_array().cloned().unwrap_or_default().into_iter();
    let of_scope = |mut statement: Value| {
        match &mut statement["Resource"] {
            Value::Array(many) => many.iter_mut().for_each(|one| narrow(one, scope)),
            one => narrow(one, scope),
        }
        for value in statement.get_mut("Condition").and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut()) {
            for value in value.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
                if let Some(text) = value.as_str() {
                    *value = json!(of_partition(text, scope));
                }
            }
        }
        statement
    };
    statements.filter(|one| ids.iter().any(|id| one["Sid"] == *id)).map(of_scope).collect()
}

/// `arn:partition:service:region:account:resource`, in the region and account of the scope; what is of no region stays so.
fn narrow(resource: &mut Value, scope: &Scope<'_>) {
    let Some(text) = resource.as_str() else { return };
    let own = of_partition(text, scope);
    let mut parts: Vec<&str> = own.splitn(6, ':').collect();
    if let [_, _, _, region, account, _] = parts.as_mut_slice() {
        *account = scope.account;
        if !region.is_empty() {
            *region = scope.region;
        }
    }
    *resource = json!(parts.join(":"));
}

fn of_partition(text: &str, scope: &Scope<'_>) -> String {
    text.replacen("arn:aws:", &format!("arn:{}:", scope.partition), 1)
}

/// A value that no variable of a policy is read from.
fn literal(value: &str) -> String {
    value.replace('$', "${$}")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    fn scope<'a>(users: &'a [Login], tag: Option<&'a Tag>) -> Scope<'a> {
        Scope { partition: "aws-cn", region: "cn-north-1", account: "123456789012", users, tag }
    }

    /// IAM's grammar, as far as these documents use it.
    fn is_grammatical(document: &Value) {
        assert_eq!(document["Version"], "2012-10-17");
        let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
        for statement in document["Statement"].as_array().unwrap() {
            let fields = statement.as_object().unwrap();
            assert!(fields.keys().all(|field| known.contains(&field.as_str())), "{statement}");
            assert!(fields["Sid"].as_str().unwrap().chars().all(|c| c.is_ascii_alphanumeric()), "{statement}");
            assert!(["Allow", "Deny"].contains(&fields["Effect"].as_str().unwrap()), "{statement}");
            let each = |field: &Value| -> Vec<String> {
                let many = field.as_array().cloned().unwrap_or_else(|| vec![field.clone()]);
                many.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
            };
            assert!(each(&fields["Action"]).iter().all(|action| action.split(':').count() == 2), "{statement}");
            let is_arn = |resource: &String| resource == "*" || resource.splitn(6, ':').count() == 6;
            assert!(each(&fields["Resource"]).iter().all(is_arn), "{statement}");
        }
    }

    #[test]
    fn every_document_is_one_that_iam_takes() {
        let tag = Tag { key: "team".to_owned(), value: "pay ${aws:username} *".to_owned() };
        let users: Vec<Login> = ["ec2-user", "svc$"].map(|user| user.parse().unwrap()).into();
        for name in PolicyName::value_variants().iter().copied() {
            is_grammatical(&document(name, &scope(&users, Some(&tag))));
            is_grammatical(&document(name, &scope(&[], None)));
        }
    }

    #[test]
    fn fixing_is_what_fixes_change_in_the_account_that_is_named() {
        let text = document(PolicyName::Fix, &scope(&[], None)).to_string();

        for part in [
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
            "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/*",
            "arn:aws-cn:iam::123456789012:role/*",
            "arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("StartSession") && !text.contains("arn:aws:"), "{text}");
    }

    #[test]
    fn what_a_user_types_is_never_read_as_a_variable() {
        let tag = Tag { key: "team".to_owned(), value: "${aws:username}".to_owned() };
        let document = document(PolicyName::ConnectEic, &scope(&[], Some(&tag)));

        assert_eq!(document["Statement"][0]["Condition"]["StringEquals"]["aws:ResourceTag/team"], "${$}{aws:username}");
    }

    #[test]
    fn reading_is_what_this_program_reads_and_nothing_else() {
        let document = document(PolicyName::Read, &scope(&[], None));
        let text = document.to_string();

        assert!(text.contains("ec2:DescribeInstances") && text.contains("iam:GetInstanceProfile"), "{text}");
        for writes in ["StartSession", "SendSSHPublicKey", "SendCommand", "StartInstances", "OpenTunnel", "GetPasswordData"] {
            assert!(!text.contains(writes), "{writes}");
        }
        assert!(text.contains("arn:aws-cn:ec2:cn-north-1:123456789012:instance/*"), "{text}");
    }
}
