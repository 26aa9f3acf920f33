//! The calls we make, each declared once.

use super::endpoints::Service;
use super::statement::Statement;
use crate::model::FactKind;

/// A call: what it asks of an administrator, of AWS's patience, and what is not known without it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The IAM action, which is also the permission that it needs.
    pub action: &'static str,
    /// The statement of a policy that allows it; `None`: whoever has credentials may make it.
    pub statement: Option<Statement>,
    /// The fact that it fills: without it that shows `?`.
    pub fills: Option<FactKind>,
    pub(super) service: Service,
    /// Whether many tasks make it, so that they take turns: two a second in a region.
    pub(super) takes_turns: bool,
}

impl Call {
    const fn of(service: Service, action: &'static str, statement: Statement) -> Self {
        Self { statement: Some(statement), ..Self::open_to_all(service, action) }
    }

    /// A call that needs no permission.
    const fn open_to_all(service: Service, action: &'static str) -> Self {
        Self { action, statement: None, fills: None, service, takes_turns: false }
    }

    const fn filling(self, fact: FactKind) -> Self {
        Self { fills: Some(fact), ..self }
    }

    /// Whether it may change what a VPC has and lets through.
    pub(super) fn changes_networks(&self) -> bool {
        let reads = ["ec2:Describe", "ec2:Get"].iter().any(|reads| self.action.starts_with(reads));
        self.service == Service::Ec2 && !reads
    }

    const fn in_turns(self) -> Self {
        Self { takes_turns: true, ..self }
    }
}

/// Opening a data channel: not a request of the SDK, and a permission all the same.
pub(super) const OPEN_DATA_CHANNEL: Call =
    Call::of(Service::Messages, "ssmmessages:OpenDataChannel", Statement::OpenDataChannels);
pub(super) const SEND_SSH_PUBLIC_KEY: Call =
    Call::of(Service::InstanceConnect, "ec2-instance-connect:SendSSHPublicKey", Statement::ConnectByInstanceConnect);
pub(super) const SEND_SERIAL_CONSOLE_SSH_PUBLIC_KEY: Call =
    Call::of(Service::InstanceConnect, "ec2-instance-connect:SendSerialConsoleSSHPublicKey", Statement::OpenSerialConsoles);
pub(super) const GET_SERIAL_CONSOLE_ACCESS_STATUS: Call =
    Call::of(Service::Ec2, "ec2:GetSerialConsoleAccessStatus", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_IMAGES: Call =
    Call::of(Service::Ec2, "ec2:DescribeImages", Statement::ListInstances).filling(FactKind::Image);
pub(super) const DESCRIBE_INSTANCE_IMAGE_METADATA: Call =
    Call::of(Service::Ec2, "ec2:DescribeInstanceImageMetadata", Statement::ListInstances).filling(FactKind::Image);
pub(super) const DESCRIBE_INSTANCE_CONNECT_ENDPOINTS: Call =
    Call::of(Service::Ec2, "ec2:DescribeInstanceConnectEndpoints", Statement::ListInstances).filling(FactKind::Network);
pub(super) const DESCRIBE_SECURITY_GROUPS: Call =
    Call::of(Service::Ec2, "ec2:DescribeSecurityGroups", Statement::ListInstances).filling(FactKind::Network);
pub(super) const DESCRIBE_NETWORK_ACLS: Call =
    Call::of(Service::Ec2, "ec2:DescribeNetworkAcls", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_ROUTE_TABLES: Call =
    Call::of(Service::Ec2, "ec2:DescribeRouteTables", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_INTERNET_GATEWAYS: Call =
    Call::of(Service::Ec2, "ec2:DescribeInternetGateways", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_SUBNETS: Call =
    Call::of(Service::Ec2, "ec2:DescribeSubnets", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_INSTANCE_STATUS: Call =
    Call::of(Service::Ec2, "ec2:DescribeInstanceStatus", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_NAT_GATEWAYS: Call =
    Call::of(Service::Ec2, "ec2:DescribeNatGateways", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_VPC_ATTRIBUTE: Call =
    Call::of(Service::Ec2, "ec2:DescribeVpcAttribute", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_VPC_PEERING_CONNECTIONS: Call =
    Call::of(Service::Ec2, "ec2:DescribeVpcPeeringConnections", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_MANAGED_PREFIX_LISTS: Call =
    Call::of(Service::Ec2, "ec2:DescribeManagedPrefixLists", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const DESCRIBE_VPC_ENDPOINTS: Call =
    Call::of(Service::Ec2, "ec2:DescribeVpcEndpoints", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const GET_MANAGED_PREFIX_LIST_ENTRIES: Call =
    Call::of(Service::Ec2, "ec2:GetManagedPrefixListEntries", Statement::ListInstances).filling(FactKind::Paths).in_turns();
/// Opening a tunnel: not a request of the SDK, and a permission all the same.
pub(super) const OPEN_TUNNEL: Call =
    Call::of(Service::InstanceConnect, "ec2-instance-connect:OpenTunnel", Statement::OpenTunnels);
pub(super) const DESCRIBE_INSTANCES: Call = Call::of(Service::Ec2, "ec2:DescribeInstances", Statement::ListInstances);
pub(super) const DESCRIBE_INSTANCE_TYPES: Call =
    Call::of(Service::Ec2, "ec2:DescribeInstanceTypes", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const GET_CONSOLE_OUTPUT: Call = Call::of(Service::Ec2, "ec2:GetConsoleOutput", Statement::ReadConsoles);
pub(super) const GET_PASSWORD_DATA: Call = Call::of(Service::Ec2, "ec2:GetPasswordData", Statement::ReadFirstPasswords);
pub(super) const START_INSTANCES: Call = Call::of(Service::Ec2, "ec2:StartInstances", Statement::StartStopAndReboot);
pub(super) const STOP_INSTANCES: Call = Call::of(Service::Ec2, "ec2:StopInstances", Statement::StartStopAndReboot);
pub(super) const REBOOT_INSTANCES: Call = Call::of(Service::Ec2, "ec2:RebootInstances", Statement::StartStopAndReboot);
pub(super) const AUTHORIZE_SECURITY_GROUP_EGRESS: Call =
    Call::of(Service::Ec2, "ec2:AuthorizeSecurityGroupEgress", Statement::MendSecurityGroups);
pub(super) const AUTHORIZE_SECURITY_GROUP_INGRESS: Call =
    Call::of(Service::Ec2, "ec2:AuthorizeSecurityGroupIngress", Statement::MendSecurityGroups);
pub(super) const REVOKE_SECURITY_GROUP_EGRESS: Call =
    Call::of(Service::Ec2, "ec2:RevokeSecurityGroupEgress", Statement::MendSecurityGroups);
pub(super) const REVOKE_SECURITY_GROUP_INGRESS: Call =
    Call::of(Service::Ec2, "ec2:RevokeSecurityGroupIngress", Statement::MendSecurityGroups);
pub(super) const CREATE_NETWORK_ACL_ENTRY: Call = Call::of(Service::Ec2, "ec2:CreateNetworkAclEntry", Statement::MendNetworkAcls);
pub(super) const DELETE_NETWORK_ACL_ENTRY: Call = Call::of(Service::Ec2, "ec2:DeleteNetworkAclEntry", Statement::MendNetworkAcls);
pub(super) const ENABLE_SERIAL_CONSOLE_ACCESS: Call =
    Call::of(Service::Ec2, "ec2:EnableSerialConsoleAccess", Statement::SwitchSerialConsoles);
pub(super) const DISABLE_SERIAL_CONSOLE_ACCESS: Call =
    Call::of(Service::Ec2, "ec2:DisableSerialConsoleAccess", Statement::SwitchSerialConsoles);
pub(super) const ATTACH_ROLE_POLICY: Call = Call::of(Service::Iam, "iam:AttachRolePolicy", Statement::AttachTheCorePolicy);
pub(super) const DETACH_ROLE_POLICY: Call = Call::of(Service::Iam, "iam:DetachRolePolicy", Statement::AttachTheCorePolicy);
pub(super) const MODIFY_INSTANCE_METADATA_OPTIONS: Call =
    Call::of(Service::Ec2, "ec2:ModifyInstanceMetadataOptions", Statement::MendInstances);
pub(super) const MODIFY_VPC_ATTRIBUTE: Call = Call::of(Service::Ec2, "ec2:ModifyVpcAttribute", Statement::MendNames);
pub(super) const MODIFY_VPC_ENDPOINT: Call = Call::of(Service::Ec2, "ec2:ModifyVpcEndpoint", Statement::MendNames);
pub(super) const CREATE_SECURITY_GROUP: Call = Call::of(Service::Ec2, "ec2:CreateSecurityGroup", Statement::MakeEndpoints);
pub(super) const DELETE_SECURITY_GROUP: Call = Call::of(Service::Ec2, "ec2:DeleteSecurityGroup", Statement::MakeEndpoints);
pub(super) const CREATE_INSTANCE_CONNECT_ENDPOINT: Call =
    Call::of(Service::Ec2, "ec2:CreateInstanceConnectEndpoint", Statement::MakeEndpoints);
pub(super) const DELETE_INSTANCE_CONNECT_ENDPOINT: Call =
    Call::of(Service::Ec2, "ec2:DeleteInstanceConnectEndpoint", Statement::MakeEndpoints);
/// What making an endpoint asks for besides: not requests, and permissions all the same.
pub(super) const CREATE_NETWORK_INTERFACE: Call = Call::of(Service::Ec2, "ec2:CreateNetworkInterface", Statement::MakeEndpoints);
pub(super) const CREATE_SERVICE_LINKED_ROLE: Call =
    Call::of(Service::Iam, "iam:CreateServiceLinkedRole", Statement::MakeRoleOfInstanceConnect);
pub(super) const ALLOCATE_ADDRESS: Call = Call::of(Service::Ec2, "ec2:AllocateAddress", Statement::MendAddresses);
pub(super) const ASSOCIATE_ADDRESS: Call = Call::of(Service::Ec2, "ec2:AssociateAddress", Statement::MendAddresses);
pub(super) const DISASSOCIATE_ADDRESS: Call = Call::of(Service::Ec2, "ec2:DisassociateAddress", Statement::MendAddresses);
pub(super) const RELEASE_ADDRESS: Call = Call::of(Service::Ec2, "ec2:ReleaseAddress", Statement::MendAddresses);
/// The tag by which an address is found again: not a request, and a permission all the same.
pub(super) const CREATE_TAGS: Call = Call::of(Service::Ec2, "ec2:CreateTags", Statement::TagNewAddresses);
pub(super) const CREATE_ROUTE: Call = Call::of(Service::Ec2, "ec2:CreateRoute", Statement::MendRoutes);
pub(super) const DELETE_ROUTE: Call = Call::of(Service::Ec2, "ec2:DeleteRoute", Statement::MendRoutes);
pub(super) const CREATE_VPC_ENDPOINT: Call = Call::of(Service::Ec2, "ec2:CreateVpcEndpoint", Statement::MakeEndpoints);
pub(super) const DELETE_VPC_ENDPOINTS: Call = Call::of(Service::Ec2, "ec2:DeleteVpcEndpoints", Statement::MakeEndpoints);
/// The names of an endpoint in its VPC: not a request, and a permission all the same.
pub(super) const ASSOCIATE_VPC_WITH_HOSTED_ZONE: Call =
    Call::of(Service::Ec2, "route53:AssociateVPCWithHostedZone", Statement::MakeEndpoints);
pub(super) const DESCRIBE_ADDRESSES: Call = Call::of(Service::Ec2, "ec2:DescribeAddresses", Statement::LookAtFixes);
pub(super) const DESCRIBE_VPC_ENDPOINT_SERVICES: Call =
    Call::of(Service::Ec2, "ec2:DescribeVpcEndpointServices", Statement::LookAtFixes);
pub(super) const CREATE_ROLE: Call = Call::of(Service::Iam, "iam:CreateRole", Statement::MakeRolesForAgents);
pub(super) const DELETE_ROLE: Call = Call::of(Service::Iam, "iam:DeleteRole", Statement::MakeRolesForAgents);
pub(super) const CREATE_INSTANCE_PROFILE: Call =
    Call::of(Service::Iam, "iam:CreateInstanceProfile", Statement::MakeRolesForAgents);
pub(super) const DELETE_INSTANCE_PROFILE: Call =
    Call::of(Service::Iam, "iam:DeleteInstanceProfile", Statement::MakeRolesForAgents);
pub(super) const ADD_ROLE_TO_INSTANCE_PROFILE: Call =
    Call::of(Service::Iam, "iam:AddRoleToInstanceProfile", Statement::MakeRolesForAgents);
pub(super) const REMOVE_ROLE_FROM_INSTANCE_PROFILE: Call =
    Call::of(Service::Iam, "iam:RemoveRoleFromInstanceProfile", Statement::MakeRolesForAgents);
pub(super) const ASSOCIATE_IAM_INSTANCE_PROFILE: Call =
    Call::of(Service::Ec2, "ec2:AssociateIamInstanceProfile", Statement::MendInstances);
pub(super) const DISASSOCIATE_IAM_INSTANCE_PROFILE: Call =
    Call::of(Service::Ec2, "ec2:DisassociateIamInstanceProfile", Statement::MendInstances);
/// Giving a role to an instance: not a request, and a permission all the same.
pub(super) const PASS_ROLE: Call = Call::of(Service::Iam, "iam:PassRole", Statement::PassRolesToInstances);
pub(super) const LIST_ENTITIES_FOR_POLICY: Call = Call::of(Service::Iam, "iam:ListEntitiesForPolicy", Statement::LookAtFixes);
pub(super) const LIST_INSTANCE_PROFILES_FOR_ROLE: Call =
    Call::of(Service::Iam, "iam:ListInstanceProfilesForRole", Statement::LookAtFixes);
pub(super) const DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS: Call =
    Call::of(Service::Ec2, "ec2:DescribeIamInstanceProfileAssociations", Statement::LookAtFixes);
pub(super) const DESCRIBE_SECURITY_GROUP_RULES: Call =
    Call::of(Service::Ec2, "ec2:DescribeSecurityGroupRules", Statement::LookAtFixes);
pub(super) const DESCRIBE_KEY_PAIRS: Call =
    Call::of(Service::Ec2, "ec2:DescribeKeyPairs", Statement::ListInstances).filling(FactKind::KeyPair);
pub(super) const DESCRIBE_REGIONS: Call = Call::of(Service::Ec2, "ec2:DescribeRegions", Statement::ListInstances);
pub(super) const GET_INSTANCE_PROFILE: Call =
    Call::of(Service::Iam, "iam:GetInstanceProfile", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const GET_POLICY: Call = Call::of(Service::Iam, "iam:GetPolicy", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const GET_POLICY_VERSION: Call =
    Call::of(Service::Iam, "iam:GetPolicyVersion", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const GET_ROLE_POLICY: Call =
    Call::of(Service::Iam, "iam:GetRolePolicy", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const GET_ROLE: Call = Call::of(Service::Iam, "iam:GetRole", Statement::SimulateOwnPolicies).filling(FactKind::Paths);
pub(super) const GET_USER: Call = Call::of(Service::Iam, "iam:GetUser", Statement::SimulateOwnPolicies).filling(FactKind::Paths);
pub(super) const SIMULATE_PRINCIPAL_POLICY: Call =
    Call::of(Service::Iam, "iam:SimulatePrincipalPolicy", Statement::SimulateOwnPolicies).filling(FactKind::Paths);
pub(super) const LIST_ATTACHED_ROLE_POLICIES: Call =
    Call::of(Service::Iam, "iam:ListAttachedRolePolicies", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const LIST_ROLE_POLICIES: Call =
    Call::of(Service::Iam, "iam:ListRolePolicies", Statement::ReadInstanceRoles).filling(FactKind::Role);
pub(super) const GENERATE_DATA_KEY: Call = Call::of(Service::Kms, "kms:GenerateDataKey", Statement::SealedSessions);
pub(super) const DESCRIBE_KEY: Call =
    Call::of(Service::Kms, "kms:DescribeKey", Statement::SealedSessions).filling(FactKind::Paths);
pub(super) const CANCEL_COMMAND: Call = Call::of(Service::Ssm, "ssm:CancelCommand", Statement::FollowAndCancelCommands);
pub(super) const DESCRIBE_INSTANCE_INFORMATION: Call =
    Call::of(Service::Ssm, "ssm:DescribeInstanceInformation", Statement::ListInstances).filling(FactKind::Ssm);
pub(super) const DESCRIBE_INSTANCE_PROPERTIES: Call =
    Call::of(Service::Ssm, "ssm:DescribeInstanceProperties", Statement::ListInstances).filling(FactKind::Ssm);
pub(super) const GET_ACCESS_TOKEN: Call = Call::of(Service::Ssm, "ssm:GetAccessToken", Statement::RequestAccessToNodes);
pub(super) const GET_COMMAND_INVOCATION: Call =
    Call::of(Service::Ssm, "ssm:GetCommandInvocation", Statement::FollowAndCancelCommands);
pub(super) const GET_CONNECTION_STATUS: Call =
    Call::of(Service::Ssm, "ssm:GetConnectionStatus", Statement::ListInstances).filling(FactKind::Paths);
pub(super) const GET_SERVICE_SETTING: Call =
    Call::of(Service::Ssm, "ssm:GetServiceSetting", Statement::ReadServiceSettings).filling(FactKind::Paths);
pub(super) const GET_DOCUMENT: Call =
    Call::of(Service::Ssm, "ssm:GetDocument", Statement::ReadSessionPreferences).filling(FactKind::Paths);
pub(super) const LIST_COMMAND_INVOCATIONS: Call =
    Call::of(Service::Ssm, "ssm:ListCommandInvocations", Statement::FollowAndCancelCommands).in_turns();
pub(super) const LIST_COMMANDS: Call = Call::of(Service::Ssm, "ssm:ListCommands", Statement::FollowAndCancelCommands).in_turns();
pub(super) const RESUME_SESSION: Call = Call::of(Service::Ssm, "ssm:ResumeSession", Statement::KeepAndEndOwnSessions);
pub(super) const SEND_COMMAND: Call = Call::of(Service::Ssm, "ssm:SendCommand", Statement::RunCommandsOnMany);
pub(super) const START_ACCESS_REQUEST: Call = Call::of(Service::Ssm, "ssm:StartAccessRequest", Statement::RequestAccessToNodes);
pub(super) const START_SESSION: Call = Call::of(Service::Ssm, "ssm:StartSession", Statement::OpenSessions);
pub(super) const TERMINATE_SESSION: Call = Call::of(Service::Ssm, "ssm:TerminateSession", Statement::KeepAndEndOwnSessions);
pub(super) const GET_CALLER_IDENTITY: Call = Call::open_to_all(Service::Sts, "sts:GetCallerIdentity");

/// Every call: the permissions of the README are read from here.
pub const CALLS: &[Call] = &[
    OPEN_DATA_CHANNEL,
    SEND_SSH_PUBLIC_KEY,
    SEND_SERIAL_CONSOLE_SSH_PUBLIC_KEY,
    OPEN_TUNNEL,
    DESCRIBE_IMAGES,
    DESCRIBE_INSTANCE_IMAGE_METADATA,
    DESCRIBE_INSTANCE_CONNECT_ENDPOINTS,
    DESCRIBE_INSTANCES,
    DESCRIBE_INSTANCE_STATUS,
    DESCRIBE_INSTANCE_TYPES,
    DESCRIBE_INTERNET_GATEWAYS,
    DESCRIBE_KEY_PAIRS,
    DESCRIBE_MANAGED_PREFIX_LISTS,
    DESCRIBE_NAT_GATEWAYS,
    DESCRIBE_NETWORK_ACLS,
    DESCRIBE_REGIONS,
    DESCRIBE_ROUTE_TABLES,
    DESCRIBE_SECURITY_GROUPS,
    DESCRIBE_SUBNETS,
    DESCRIBE_VPC_ATTRIBUTE,
    DESCRIBE_VPC_ENDPOINTS,
    DESCRIBE_VPC_PEERING_CONNECTIONS,
    GET_MANAGED_PREFIX_LIST_ENTRIES,
    GET_CONSOLE_OUTPUT,
    GET_SERIAL_CONSOLE_ACCESS_STATUS,
    GET_PASSWORD_DATA,
    START_INSTANCES,
    STOP_INSTANCES,
    REBOOT_INSTANCES,
    AUTHORIZE_SECURITY_GROUP_EGRESS,
    AUTHORIZE_SECURITY_GROUP_INGRESS,
    REVOKE_SECURITY_GROUP_EGRESS,
    REVOKE_SECURITY_GROUP_INGRESS,
    CREATE_NETWORK_ACL_ENTRY,
    DELETE_NETWORK_ACL_ENTRY,
    ENABLE_SERIAL_CONSOLE_ACCESS,
    DISABLE_SERIAL_CONSOLE_ACCESS,
    ATTACH_ROLE_POLICY,
    DETACH_ROLE_POLICY,
    MODIFY_INSTANCE_METADATA_OPTIONS,
    CREATE_SECURITY_GROUP,
    DELETE_SECURITY_GROUP,
    CREATE_INSTANCE_CONNECT_ENDPOINT,
    DELETE_INSTANCE_CONNECT_ENDPOINT,
    CREATE_NETWORK_INTERFACE,
    CREATE_SERVICE_LINKED_ROLE,
    ALLOCATE_ADDRESS,
    ASSOCIATE_ADDRESS,
    DISASSOCIATE_ADDRESS,
    RELEASE_ADDRESS,
    CREATE_TAGS,
    CREATE_ROUTE,
    DELETE_ROUTE,
    CREATE_VPC_ENDPOINT,
    DELETE_VPC_ENDPOINTS,
    ASSOCIATE_VPC_WITH_HOSTED_ZONE,
    DESCRIBE_ADDRESSES,
    DESCRIBE_VPC_ENDPOINT_SERVICES,
    CREATE_ROLE,
    DELETE_ROLE,
    CREATE_INSTANCE_PROFILE,
    DELETE_INSTANCE_PROFILE,
    ADD_ROLE_TO_INSTANCE_PROFILE,
    REMOVE_ROLE_FROM_INSTANCE_PROFILE,
    ASSOCIATE_IAM_INSTANCE_PROFILE,
    DISASSOCIATE_IAM_INSTANCE_PROFILE,
    PASS_ROLE,
    LIST_ENTITIES_FOR_POLICY,
    LIST_INSTANCE_PROFILES_FOR_ROLE,
    DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS,
    MODIFY_VPC_ATTRIBUTE,
    MODIFY_VPC_ENDPOINT,
    DESCRIBE_SECURITY_GROUP_RULES,
    GET_INSTANCE_PROFILE,
    GET_POLICY,
    GET_POLICY_VERSION,
    GET_ROLE_POLICY,
    GET_ROLE,
    GET_USER,
    SIMULATE_PRINCIPAL_POLICY,
    LIST_ATTACHED_ROLE_POLICIES,
    LIST_ROLE_POLICIES,
    DESCRIBE_KEY,
    GENERATE_DATA_KEY,
    CANCEL_COMMAND,
    DESCRIBE_INSTANCE_INFORMATION,
    DESCRIBE_INSTANCE_PROPERTIES,
    GET_ACCESS_TOKEN,
    GET_COMMAND_INVOCATION,
    GET_CONNECTION_STATUS,
    GET_DOCUMENT,
    GET_SERVICE_SETTING,
    LIST_COMMAND_INVOCATIONS,
    LIST_COMMANDS,
    RESUME_SESSION,
    SEND_COMMAND,
    START_ACCESS_REQUEST,
    START_SESSION,
    TERMINATE_SESSION,
    GET_CALLER_IDENTITY,
];

/// The fact that a call of this action fills.
pub fn fills(action: &str) -> Option<FactKind> {
    CALLS.iter().find(|call| call.action == action)?.fills
}
