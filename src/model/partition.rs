//! The separate AWSs, each with its own accounts and names.

use super::Region;

/// A separate AWS with its own accounts and names (docs/access-rules.md 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// As an ARN begins.
    pub id: &'static str,
    /// How the names of its regions begin.
    regions: &'static str,
    /// How its hosts end.
    pub suffix: &'static str,
    /// How its hosts with IPv6 as well end, where that is known.
    pub dual_stack: Option<&'static str>,
    /// The host of its console, where that is known.
    pub console: Option<&'static str>,
    /// The host of IAM, which is one for all regions.
    pub iam: &'static str,
}

/// The one of every region that no other one claims.
const AWS: Partition = Partition {
    id: "aws",
    regions: "",
    suffix: "amazonaws.com",
    dual_stack: Some("api.aws"),
    console: Some("console.aws.amazon.com"),
    iam: "iam.amazonaws.com",
};
const ALL: [Partition; 8] = [
    Partition {
        id: "aws-cn",
        regions: "cn-",
        suffix: "amazonaws.com.cn",
        dual_stack: Some("api.amazonwebservices.com.cn"),
        console: Some("console.amazonaws.cn"),
        iam: "iam.cn-north-1.amazonaws.com.cn",
    },
    Partition {
        id: "aws-us-gov",
        regions: "us-gov-",
        suffix: "amazonaws.com",
        dual_stack: Some("api.aws"),
        console: Some("console.amazonaws-us-gov.com"),
        iam: "iam.us-gov.amazonaws.com",
    },
    Partition {
        id: "aws-eusc",
        regions: "eusc-",
        suffix: "amazonaws.eu",
        dual_stack: None,
        console: None,
        iam: "iam.eusc-de-east-1.amazonaws.eu",
    },
    Partition {
        id: "aws-iso",
        regions: "us-iso-",
        suffix: "c2s.ic.gov",
        dual_stack: None,
        console: None,
        iam: "iam.us-iso-east-1.c2s.ic.gov",
    },
    Partition {
        id: "aws-iso-b",
        regions: "us-isob-",
        suffix: "sc2s.sgov.gov",
        dual_stack: None,
        console: None,
        iam: "iam.us-isob-east-1.sc2s.sgov.gov",
    },
    Partition {
        id: "aws-iso-e",
        regions: "eu-isoe-",
        suffix: "cloud.adc-e.uk",
        dual_stack: None,
        console: None,
        iam: "iam.eu-isoe-west-1.cloud.adc-e.uk",
    },
    Partition {
        id: "aws-iso-f",
        regions: "us-isof-",
        suffix: "csp.hci.ic.gov",
        dual_stack: None,
        console: None,
        iam: "iam.us-isof-south-1.csp.hci.ic.gov",
    },
    AWS,
];

impl Partition {
    /// The one of a region.
    pub fn of(region: &Region) -> Self {
        ALL.into_iter().find(|own| region.as_str().starts_with(own.regions)).unwrap_or(AWS)
    }

    /// Whether a host may end so in any of them.
    pub fn has_suffix(suffix: &str) -> bool {
        ALL.iter().any(|own| own.suffix == suffix || own.dual_stack == Some(suffix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_has_the_partition_that_its_name_begins_with() {
        for (region, id) in [
            ("us-east-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
            ("eusc-de-east-1", "aws-eusc"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("zz-new-1", "aws"),
        ] {
            assert_eq!(Partition::of(&region.parse().unwrap()).id, id, "{region}");
        }
    }

    #[test]
    fn a_host_ends_as_one_of_them_or_is_not_of_aws() {
        assert!(["amazonaws.com", "api.aws", "csp.hci.ic.gov", "amazonaws.eu"].into_iter().all(Partition::has_suffix));
        assert!(!["", "amazonaws.com.evil", "aws"].into_iter().any(Partition::has_suffix));
    }
}
