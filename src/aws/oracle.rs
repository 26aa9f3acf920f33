//! The SDK's own reader, held against ours: the same pages, the same rows.

#[cfg(feature = "demo")]
mod simulated;

use std::fmt::Write as _;
use std::sync::Arc;

use aws_sdk_ec2::operation::describe_instances::{DescribeInstances, DescribeInstancesOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;

use super::page::{self, Page, Unread};
use super::translate;
use crate::model::{Instance, Interface, Place, Untrusted};

#[cfg(feature = "demo")]
pub(in crate::aws) use simulated::client;

const MOTO: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/page/moto"));
const WHOLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/page/whole"));
const ID: &str = "<instanceId>i-0123456789abcdef0</instanceId>";

fn place() -> Arc<Place> {
    Arc::new(Place { profile: None, region: "us-east-1".parse().unwrap() })
}

/// What the SDK reads; `None` if it refuses the page.
fn sdk(page: &[u8]) -> Option<Page> {
    let layer = DescribeInstances::new().config().unwrap();
    let reader = layer.load::<SharedResponseDeserializer>().unwrap();
    let response = HttpResponse::new(200.try_into().unwrap(), SdkBody::from(page));
    let told = reader.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()).ok()?;
    Some(translate::page(told.downcast::<DescribeInstancesOutput>().unwrap(), &place()))
}

fn ours(page: &[u8]) -> Result<Page, Unread> {
    page::read(page, &place())
}

/// The rows, after making sure that both readers make them.
fn both(page: &[u8]) -> Vec<Instance> {
    let (read, told) = (ours(page).unwrap(), sdk(page).expect("the SDK reads it"));
    for (own, told) in read.rows.iter().zip(&told.rows) {
        assert_eq!(own, told);
    }
    assert_eq!((read.rows.len(), read.odd, &read.token), (told.rows.len(), told.odd, &told.token));
    read.rows
}

/// A page of one instance with an id and `more`.
fn page_with(more: &str) -> String {
    page_of(&format!("<item>{ID}{more}</item>"))
}

fn page_of(instances: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>1</requestId><reservationSet><item><ownerId>123456789012</ownerId><instancesSet>{instances}</instancesSet></item>\
         </reservationSet></DescribeInstancesResponse>"
    )
}

#[test]
fn a_page_with_everything_in_it_makes_one_row_and_a_token() {
    let rows = both(WHOLE.as_bytes());

    assert_eq!(rows.len(), 1);
    assert_eq!(ours(WHOLE.as_bytes()).unwrap().token.as_deref(), Some("next"));
    let told = format!("{:?}", rows[0]);
    // The profile of the place, and what only an examination tells.
    assert_eq!(told.matches("None").count(), 2, "a field that the page does not fill is not compared: {told}");
}

#[test]
fn each_interface_has_its_own_groups_subnet_and_addresses() {
    let interface = |index: u8, id: &str| {
        format!(
            "<item><networkInterfaceId>eni-{id}</networkInterfaceId><subnetId>subnet-{id}</subnetId><groupSet><item><groupId>sg-{id}</groupId>\
             </item></groupSet><attachment><deviceIndex>{index}</deviceIndex></attachment><privateIpAddressesSet><item>\
             <privateIpAddress>10.0.{index}.9</privateIpAddress></item><item><privateIpAddress>10.0.{index}.1</privateIpAddress>\
             <primary>true</primary><association><publicIp>3.36.0.{index}</publicIp></association></item><item>\
             <privateIpAddress>nowhere</privateIpAddress></item></privateIpAddressesSet><ipv6AddressesSet><item>\
             <ipv6Address>2001:db8::{index}</ipv6Address></item></ipv6AddressesSet></item>"
        )
    };
    let set = format!("<networkInterfaceSet>{}{}</networkInterfaceSet>", interface(1, "b"), interface(0, "a"));

    let row = both(page_with(&format!("{set}<subnetId>subnet-a</subnetId>")).as_bytes()).remove(0);

    let v4 = |text: &str| text.parse::<std::net::Ipv4Addr>().unwrap();
    let expected = |index: u8, id: &str| Interface {
        id: format!("eni-{id}").as_str().into(),
        subnet: Some(format!("subnet-{id}").as_str().into()),
        groups: vec![format!("sg-{id}").as_str().into()],
        addresses: vec![
            (v4(&format!("10.0.{index}.1")), Some(v4(&format!("3.36.0.{index}")))),
            (v4(&format!("10.0.{index}.9")), None),
        ],
        ipv6: vec![format!("2001:db8::{index}").parse().unwrap()],
        carrier: None,
    };
    assert_eq!(row.interfaces, [expected(0, "a"), expected(1, "b")]);
    let kept = |text: &Option<Untrusted>| text.as_ref().unwrap().raw().as_ptr();
    assert_eq!(kept(&row.subnet), kept(&row.interfaces[0].subnet), "the same text, once in memory");
}

#[test]
fn the_address_of_a_carrier_or_a_customer_is_its_interfaces_and_no_public_one() {
    for name in ["carrierIp", "customerOwnedIp"] {
        let set = format!(
            "<networkInterfaceSet><item><privateIpAddressesSet><item><privateIpAddress>10.0.0.1</privateIpAddress><association>\
             <{name}>155.146.10.7</{name}></association></item></privateIpAddressesSet></item></networkInterfaceSet>"
        );

        let row = both(page_with(&set).as_bytes()).remove(0);

        assert_eq!((row.public_ip, row.interfaces[0].carrier), (None, "155.146.10.7".parse().ok()), "{name}");
    }
}

#[test]
fn what_a_stop_keeps_is_told_or_not_known() {
    let with = |owner: &str, more: &str| {
        let address = format!(
            "<ipAddress>3.36.0.1</ipAddress><networkInterfaceSet><item><privateIpAddressesSet><item><association>\
             <publicIp>3.36.0.1</publicIp>{owner}</association></item></privateIpAddressesSet></item></networkInterfaceSet>{more}"
        );
        both(page_with(&address).as_bytes())[0].when_stopped
    };
    let root = |kind: &str| with("", &format!("<rootDeviceType>{kind}</rootDeviceType>")).ebs_root;
    let hibernation =
        |word: &str| with("", &format!("<hibernationOptions><configured>{word}</configured></hibernationOptions>")).hibernation;

    assert_eq!(with("<ipOwnerId>amazon</ipOwnerId>", "").elastic_ip, Some(false));
    assert_eq!(with("<ipOwnerId>123456789012</ipOwnerId>", "").elastic_ip, Some(true));
    assert_eq!(with("", ""), crate::model::WhenStopped::default());
    assert_eq!((root("ebs"), root("instance-store")), (Some(true), Some(false)));
    assert_eq!((hibernation("true"), hibernation("false")), (Some(true), Some(false)));
}

#[test]
fn pages_of_moto_make_the_same_rows() {
    let rows = both(MOTO);

    assert_eq!(rows.len(), 6);
    assert!(rows.iter().any(|row| !row.further_ips.is_empty()));
}

#[test]
fn five_thousand_made_up_instances_make_the_same_rows() {
    let mut random = Random(1);
    let mut rows = 0;
    for _ in 0..50 {
        let instances: String = (0..100).map(|_| random.instance()).collect();
        rows += both(page_of(&instances).as_bytes()).len();
    }
    assert!(rows > 4_500, "{rows}");
}

#[test]
fn odd_pages_make_the_same_rows() {
    let group = "<groupSet><item><groupName>a</groupName><groupId>sg-1</groupId></item></groupSet>";
    for more in [
        "",
        "<tagSet/>",
        "<tagSet></tagSet><networkInterfaceSet/><groupSet/>",
        "<tagSet><item><key>a</key></item><item><value>b</value></item><item/></tagSet>",
        "<tagSet><item><key>a</key><value>1</value></item><item><key>a</key><value>2</value></item></tagSet>",
        "<tagSet><item><key>a</key></item></tagSet><tagSet><item><key>b</key></item></tagSet>",
        "<tagSet><other><key>a</key></other><item><key>b</key><what><key>c</key></what></item></tagSet>",
        "<instanceState><code>99</code><name>dreaming</name></instanceState>",
        "<instanceState><name>running</name></instanceState><instanceState><code>16</code></instanceState>",
        "<instanceType>z99.ultra</instanceType><architecture>riscv128_mac</architecture><instanceLifecycle>loan</instanceLifecycle>",
        "<instanceType> t3.micro </instanceType><keyName>\n  two\n  lines\n</keyName>",
        "<metadataOptions><httpEndpoint>sometimes</httpEndpoint></metadataOptions>",
        "<metadataOptions/><operator/><placement/><iamInstanceProfile/><stateReason/>",
        "<operator><managed>false</managed><principal>x</principal></operator>",
        "<operator><managed>true</managed></operator>",
        "<stateReason><code>Server.SpotInstanceTermination</code></stateReason>",
        "<stateReason><code/><message/></stateReason>",
        "<keyName>&lt;a&gt; &amp;amp; &quot;b&quot; &apos;c&apos; &#44208;&#xC81C; &#x9;&#10;</keyName>",
        "<!-- <keyName>no</keyName> --><keyName><!-- before -->yes</keyName><!-- after -->",
        "<?pi <keyName>no</keyName>?><keyName><?pi?>yes</keyName>",
        "<clientToken><![CDATA[<keyName>no</keyName>]]></clientToken><keyName>yes</keyName>",
        "<x:keyName xmlns:x='urn:x' a=\"1 > 0\">prefixed</x:keyName>",
        "<keyName a='1'/><imageId b=\"&amp;\" ></imageId ><vpcId\n>v</vpcId\n>",
        "<keyname>case matters</keyname><KeyName>no</KeyName>",
        "<unknown><item><keyName>inside</keyName></item></unknown>",
        "<unknown><unknown/><unknown a='/>' b=\"/unknown>\">x</unknown><!-- </unknown> --><?pi </unknown>?></unknown><keyName>k</keyName>",
        "<unknown><![CDATA[</unknown>]]><a/><b /></unknown><keyName>k</keyName>",
        "<unknown><!----><!-- > --></unknown><unknown></unknown><unknown/><keyName/>",
        "stray text<keyName>a</keyName>more",
        "<launchTime>2026-04-08T12:51:38.123Z</launchTime>",
        "<launchTime>2026-04-08T12:51:38+09:00</launchTime>",
        "<privateIpAddress>10.0.0.1;id</privateIpAddress><ipAddress>-oX</ipAddress><ipv6Address>fe80::1%eth0</ipv6Address>",
        "<privateIpAddress>010.0.0.1</privateIpAddress><ipv6Address>2001:DB8::1</ipv6Address>",
        "<networkInterfaceSet><item/><item><attachment/></item></networkInterfaceSet>",
        "<iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/</arn></iamInstanceProfile>",
        group,
        &format!("{group}{group}"),
    ] {
        assert_eq!(both(page_with(more).as_bytes()).len(), 1, "{more}");
    }
    for instances in ["", "<item/>", "<item><instanceId/></item>", "<item><instanceId>-oX</instanceId></item>", "<other/>"] {
        assert_eq!(both(page_of(instances).as_bytes()), [], "{instances}");
    }
    let one = format!("<item><instancesSet><item>{ID}</item></instancesSet><ownerId>210987654321</ownerId></item>");
    for inside in [
        "".to_owned(),
        "<reservationSet/>".to_owned(),
        "<nextToken/>".to_owned(),
        "<nextToken>a&amp;b</nextToken><nextToken>c</nextToken>".to_owned(),
        format!("<reservationSet>{one}{one}</reservationSet>"),
        format!("<reservationSet>{one}</reservationSet><reservationSet/>"),
        format!("<reservationSet><item/>{one}<item><ownerId>x</ownerId></item></reservationSet>"),
    ] {
        both(format!("<DescribeInstancesResponse>{inside}</DescribeInstancesResponse>").as_bytes());
        both(format!("\n<!-- a --><e:DescribeInstancesResponse xmlns:e='e'>{inside}</e:DescribeInstancesResponse>\n").as_bytes());
    }
}

#[test]
fn what_is_no_whole_list_is_left_to_the_sdk() {
    let error = "<Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>";
    for page in [
        "",
        "hello",
        "{}",
        "<html><body>Sign in</body></html>",
        &format!("<Response>{error}<RequestID>1</RequestID></Response>"),
        &format!("<DescribeInstancesResponse>{error}</DescribeInstancesResponse>"),
        "<DescribeInstancesResponse><reservationSet></DescribeInstancesResponse>",
        "<DescribeInstancesResponse></reservationSet></DescribeInstancesResponse>",
        "<DescribeImagesResponse/>",
    ] {
        assert_eq!(ours(page.as_bytes()), Err(Unread::NotAList), "{page}");
    }
    let end = WHOLE.rfind("</DescribeInstancesResponse>").unwrap();
    for cut in 0..WHOLE.len() {
        assert_eq!(ours(&WHOLE.as_bytes()[..cut]), Err(Unread::NotAList), "cut at {cut} of {end}");
    }
}

#[test]
fn a_character_that_xml_forbids_costs_itself_and_not_the_page() {
    for (told, raw, shown) in [
        ("a\u{1b}[2Jb", "a\u{1b}[2Jb", "a·[2Jb"),
        ("a&#x1b;b", "a\u{1b}b", "a·b"),
        ("a&#0;b\u{0}c", "a\u{0}b\u{0}c", "a·b·c"),
        ("a\u{fffe}b&#xFFFF;c", "a\u{fffe}b\u{ffff}c", "a·b·c"),
        ("a&#xD800;b&#x110000;c", "a\u{fffd}b\u{fffd}c", "a\u{fffd}b\u{fffd}c"),
        ("a&nbsp;b", "a&nbsp;b", "a&nbsp;b"),
        ("a & b &c", "a & b &c", "a & b &c"),
        ("<![CDATA[a<b]]>c", "a<bc", "a<bc"),
        ("a<!-- x -->b", "ab", "ab"),
        ("a<b>no</b>c", "ac", "ac"),
    ] {
        let page = page_with(&format!("<tagSet><item><key>Name</key><value>{told}</value></item></tagSet><keyName>k</keyName>"));

        let read = ours(page.as_bytes()).unwrap();

        let name = read.rows[0].name().unwrap();
        assert_eq!((name.raw(), name.shown().as_str()), (raw, shown), "{told}");
        assert_eq!(read.rows[0].key_name, Some(Untrusted::from("k")), "{told}");
    }
    let no_text: Vec<u8> =
        page_with("<keyName>a\u{7f}b</keyName>").bytes().map(|byte| if byte == 0x7f { 0xff } else { byte }).collect();
    assert_eq!(ours(&no_text).unwrap().rows[0].key_name, Some(Untrusted::from("a\u{fffd}b")));
}

#[test]
fn what_the_sdk_refuses_a_whole_page_for_costs_one_field() {
    for more in [
        "<launchTime>soon</launchTime>",
        "<operator><managed>yes</managed></operator>",
        "<networkInterfaceSet><item><attachment><deviceIndex>first</deviceIndex></attachment></item></networkInterfaceSet>",
        "<amiLaunchIndex>none</amiLaunchIndex>",
        "<keyName>a\u{1b}b</keyName>",
        "<keyName>a&nbsp;b</keyName>",
    ] {
        let page = page_with(more);
        assert_eq!(sdk(page.as_bytes()), None, "{more}: the SDK reads it too, and this is no difference any more");
        assert_eq!(ours(page.as_bytes()).unwrap().rows.len(), 1, "{more}");
    }
}

#[test]
fn a_hostile_page_costs_no_more_than_its_length() {
    let deep = |levels: usize| page_with(&format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels)));
    assert_eq!(ours(deep(100).as_bytes()).unwrap().rows.len(), 1);
    assert_eq!(ours(deep(100_000).as_bytes()).unwrap().rows.len(), 1);
    let deep_text = page_with(&format!("<keyName>{}", "<a>".repeat(100_000)));
    assert_eq!(ours(deep_text.as_bytes()), Err(Unread::NotAList));

    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let page = format!("{laughs}{}", page_with("<keyName>&c;&c;</keyName>").split_once('\n').unwrap().1);
    assert_eq!(ours(page.as_bytes()).unwrap().rows[0].key_name, Some(Untrusted::from("&c;&c;")));

    let twice = page_with(&"<keyName>first</keyName><tagSet><item><key>a</key></item></tagSet>".repeat(20_000));
    let row = &ours(twice.as_bytes()).unwrap().rows[0];
    assert_eq!((row.tags.len(), row.key_name.as_ref().unwrap().raw()), (1, "first"));

    let text = "x".repeat(8 << 20);
    let page = page_with(&format!("<clientToken>{text}</clientToken><!--{text}-->"));
    assert_eq!(ours(page.as_bytes()).unwrap().rows.len(), 1);

    let empty_items = page_of(&"<item/>".repeat(250_000));
    assert_eq!(ours(empty_items.as_bytes()), Err(Unread::TooMuch), "each would take a hundred times what it is long");
}

/// The same numbers on every machine (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// A text as EC2 may send it, and what may stand around it.
    fn text(&mut self) -> String {
        let pieces =
            ["web", "-", "결제", " ", "&amp;", "&lt;x&gt;", "&#xC81C;", "e\u{301}", "\u{202e}", "&quot;", "=", "\n", "🇰🇷", ""];
        (0..self.below(5)).map(|_| self.one(&pieces)).collect()
    }

    fn element(&mut self, out: &mut String, name: &str, text: &str) {
        // The SDK refuses a whole page for a time that is none.
        let may_be_empty = name != "launchTime";
        let _ = match self.below(12) {
            0 => Ok(()),
            1 | 4 if !may_be_empty => Ok(()),
            1 => write!(out, "<{name}/>"),
            2 => write!(out, "<x:{name} xmlns:x=\"urn:x\" a='&lt;'>{text}</x:{name}>"),
            3 => write!(out, "<!-- {name} --><{name} >{text}</{name}\n>"),
            4 => write!(out, "<{name}>other</{name}><{name}>{text}</{name}>"),
            _ => writeln!(out, "<{name}>{text}</{name}>"),
        };
    }

    fn instance(&mut self) -> String {
        let mut inside = String::new();
        let id = match self.below(25) {
            0 => "i-ABC".to_owned(),
            1 => format!("i-{:08x}", self.below(1 << 32)),
            _ => format!("i-{:017x}", self.below(1 << 60)),
        };
        // Always there, so that most of them are rows.
        let _ = write!(inside, "<instanceId>{id}</instanceId>");
        for name in ["imageId", "keyName", "vpcId", "subnetId", "privateDnsName", "dnsName", "reason", "clientToken", "unheardOf"]
        {
            let text = self.text();
            self.element(&mut inside, name, &text);
        }
        for (name, words) in [
            ("instanceType", &["t3.micro", "mac2.metal", "z9.new", " c6i.large"][..]),
            ("architecture", &["x86_64", "arm64", "arm64_mac", "new"]),
            ("platform", &["windows", "Windows", "linux", ""]),
            ("platformDetails", &["Linux/UNIX", "Windows with SQL Server", "windows", ""]),
            ("instanceLifecycle", &["spot", "scheduled", "new"]),
            ("launchTime", &["2026-04-08T12:51:38.000Z", "2001-02-03T04:05:06Z", "1969-12-31T23:59:59.5Z"]),
            ("privateIpAddress", &["10.0.0.1", "10.1.2.3", "", "10.0.0.256"]),
            ("ipAddress", &["3.36.0.1", "", "x"]),
            ("ipv6Address", &["2001:db8::1", "2001:db8:0:0::1", "fe80::1%eth0", ""]),
        ] {
            let word = self.one(words);
            self.element(&mut inside, name, word);
        }
        for (outer, name, words) in [
            ("instanceState", "name", &["running", "stopped", "terminated", "new"][..]),
            ("placement", "availabilityZone", &["us-east-1a", ""]),
            ("metadataOptions", "httpEndpoint", &["enabled", "disabled", "new"]),
            ("iamInstanceProfile", "arn", &["arn:aws:iam::123456789012:instance-profile/p/web", "arn:x", ""]),
            ("stateReason", "message", &["Client.UserInitiatedShutdown: x", ""]),
            ("operator", "principal", &["eks.amazonaws.com", ""]),
        ] {
            let word = self.one(words);
            let mut own = String::new();
            self.element(&mut own, name, word);
            if outer == "operator" {
                own.push_str(self.one(&["<managed>true</managed>", "<managed>false</managed>", ""]));
            }
            self.element(&mut inside, outer, &own);
        }
        let tags = self.list(6, |random| format!("<key>{}</key><value>{}</value>", random.text(), random.text()));
        self.element(&mut inside, "tagSet", &tags);
        let groups =
            self.list(3, |random| format!("<groupId>{}</groupId><groupName>{}</groupName>", random.text(), random.text()));
        self.element(&mut inside, "groupSet", &groups);
        let interfaces = self.list(4, Self::interface);
        self.element(&mut inside, "networkInterfaceSet", &interfaces);
        format!("<item>{inside}</item>")
    }

    fn interface(&mut self) -> String {
        let index = self.below(5);
        let addresses = self.list(4, |random| {
            let (a, b) = (random.below(4), random.below(250));
            let primary = random.one(&["<primary>true</primary>", "<primary>false</primary>", ""]);
            let public =
                random.one(&["", "<association><publicIp>3.36.0.9</publicIp><publicDnsName>ec2-9</publicDnsName></association>"]);
            format!("{primary}<privateIpAddress>10.0.{a}.{b}</privateIpAddress><privateDnsName>ip-{a}</privateDnsName>{public}")
        });
        let ipv6 = self.list(3, |random| {
            let primary = random.one(&["<isPrimaryIpv6>true</isPrimaryIpv6>", "<isPrimaryIpv6>false</isPrimaryIpv6>", ""]);
            format!("<ipv6Address>2001:db8::{:x}</ipv6Address>{primary}", random.below(5))
        });
        let mut inside = String::new();
        for name in ["networkInterfaceId", "subnetId"] {
            let text = self.text();
            self.element(&mut inside, name, &text);
        }
        let groups = self.list(3, |random| format!("<groupName>x</groupName><groupId>{}</groupId>", random.text()));
        self.element(&mut inside, "groupSet", &groups);
        self.element(&mut inside, "attachment", &format!("<deviceIndex>{index}</deviceIndex>"));
        self.element(&mut inside, "privateIpAddressesSet", &addresses);
        self.element(&mut inside, "ipv6AddressesSet", &ipv6);
        inside
    }

    fn list(&mut self, most: u64, mut each: impl FnMut(&mut Self) -> String) -> String {
        (0..self.below(most)).map(|_| format!("<item>{}</item>", each(self))).collect()
    }
}
