//! What AWS itself calls an instance: its ARN, and its page in the console.

use super::{Instance, Partition};

impl Instance {
    /// Its ARN, if its account is known.
    pub fn arn(&self) -> Option<String> {
        let region = &self.place.region;
        let (partition, account) = (Partition::of(region).id, self.account.as_ref()?);
        let kind = if self.id.is_hybrid() { "ssm" } else { "ec2" };
        let resource = if self.id.is_hybrid() { "managed-instance" } else { "instance" };
        Some(format!("arn:{partition}:{kind}:{region}:{account}:{resource}/{}", self.id))
    }

    /// The address of its page in Fleet Manager, where the console shows desktops: made of ids alone.
    pub fn fleet_manager_link(&self) -> Option<String> {
        let region = &self.place.region;
        let host = Partition::of(region).console?;
        Some(format!("https://{region}.{host}/systems-manager/fleet-manager/managed-nodes/{}/general?region={region}", self.id))
    }

    /// The address of its page in the console: made of ids alone. Nothing where the console's host is not known.
    pub fn console_link(&self) -> Option<String> {
        let region = &self.place.region;
        let host = Partition::of(region).console?;
        if self.id.is_hybrid() {
            let page = format!("systems-manager/fleet-manager/managed-nodes/{}/general", self.id);
            return Some(format!("https://{host}/{page}?region={region}"));
        }
        Some(format!("https://{host}/ec2/home?region={region}#InstanceDetails:instanceId={}", self.id))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Place, row};

    #[test]
    fn an_instance_has_its_arn_and_its_page_in_its_own_partition() {
        let at = |region: &str| {
            let mut instance = (*row("i-0123456789abcdef0", "a&b#c")).clone();
            instance.account = Some("123456789012".parse().unwrap());
            instance.place = Arc::new(Place { profile: None, region: region.parse().unwrap() });
            (instance.arn().unwrap(), instance.console_link())
        };

        let (arn, link) = at("ap-northeast-2");
        assert_eq!(arn, "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0123456789abcdef0");
        let page = "/ec2/home?region=ap-northeast-2#InstanceDetails:instanceId=i-0123456789abcdef0";
        assert_eq!(link.unwrap(), format!("https://console.aws.amazon.com{page}"));
        let (arn, link) = at("cn-north-1");
        assert!(arn.starts_with("arn:aws-cn:ec2:cn-north-1:"), "{arn}");
        assert!(link.unwrap().starts_with("https://console.amazonaws.cn/ec2/home?region=cn-north-1#"));
        assert!(at("us-gov-west-1").1.unwrap().starts_with("https://console.amazonaws-us-gov.com/"));
        assert_eq!(at("us-iso-east-1").1, None, "nobody told us that host");
    }
}
