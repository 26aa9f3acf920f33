//! The documents of AWS's own policies that instance roles carry.

const SESSIONS: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["ssm:DescribeAssociation","ssm:GetDeployablePatchSnapshotForInstance","ssm:GetDocument","ssm:DescribeDocument","ssm:GetManifest","ssm:GetParameter","ssm:GetParameters","ssm:ListAssociations","ssm:ListInstanceAssociations","ssm:PutInventory","ssm:PutComplianceItems","ssm:PutConfigurePackageResult","ssm:UpdateAssociationStatus","ssm:UpdateInstanceAssociationStatus","ssm:UpdateInstanceInformation"],"Resource":"*"},
{"Effect":"Allow","Action":["ssmmessages:CreateControlChannel","ssmmessages:CreateDataChannel","ssmmessages:OpenControlChannel","ssmmessages:OpenDataChannel"],"Resource":"*"},
{"Effect":"Allow","Action":["ec2messages:AcknowledgeMessage","ec2messages:DeleteMessage","ec2messages:FailMessage","ec2messages:GetEndpoint","ec2messages:GetMessages","ec2messages:SendReply"],"Resource":"*"}]}"#;

const OLD_SESSIONS: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["ssm:DescribeAssociation","ssm:GetDocument","ssm:GetParameters","ssm:ListInstanceAssociations","ssm:PutInventory","ssm:UpdateInstanceAssociationStatus","ssm:UpdateInstanceInformation","ssmmessages:CreateControlChannel","ssmmessages:CreateDataChannel","ssmmessages:OpenControlChannel","ssmmessages:OpenDataChannel","ec2messages:*","cloudwatch:PutMetricData","ec2:DescribeInstanceStatus","ds:CreateComputer","ds:DescribeDirectories","logs:CreateLogGroup","logs:CreateLogStream","logs:DescribeLogGroups","logs:DescribeLogStreams","logs:PutLogEvents","s3:GetBucketLocation","s3:PutObject","s3:GetObject","s3:GetEncryptionConfiguration","s3:AbortMultipartUpload","s3:ListMultipartUploadParts","s3:ListBucket","s3:ListBucketMultipartUploads"],"Resource":"*"}]}"#;

const METRICS: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["cloudwatch:PutMetricData","ec2:DescribeVolumes","ec2:DescribeTags","logs:PutLogEvents","logs:PutRetentionPolicy","logs:DescribeLogStreams","logs:DescribeLogGroups","logs:CreateLogStream","logs:CreateLogGroup","xray:PutTraceSegments"],"Resource":"*"},
{"Effect":"Allow","Action":["ssm:GetParameter"],"Resource":"arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"}]}"#;

const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

const ALL_BUT_USERS: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}]}"#;

const READ_BUCKETS: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}"#;

/// The document of AWS's policy with this arn.
pub(super) fn document(arn: &str) -> Option<&'static str> {
    match arn.strip_prefix("arn:aws:iam::aws:policy/")? {
        "AmazonSSMManagedInstanceCore" | "AmazonSSMManagedEC2InstanceDefaultPolicy" => Some(SESSIONS),
        "service-role/AmazonEC2RoleforSSM" => Some(OLD_SESSIONS),
        "CloudWatchAgentServerPolicy" => Some(METRICS),
        "AmazonS3ReadOnlyAccess" => Some(READ_BUCKETS),
        "AdministratorAccess" => Some(EVERYTHING),
        "PowerUserAccess" => Some(ALL_BUT_USERS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_json_with_statements() {
        for document in [SESSIONS, OLD_SESSIONS, METRICS, EVERYTHING, ALL_BUT_USERS, READ_BUCKETS] {
            let policy: serde_json::Value = serde_json::from_str(document).unwrap();
            assert!(!policy["Statement"].as_array().unwrap().is_empty());
        }
    }
}
