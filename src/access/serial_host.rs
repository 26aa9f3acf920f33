//! Where the serial consoles of a region are served, and by which host key (`assets/serial-console-hosts.json`).

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::model::{Fingerprint, Region};

const TABLE: &str = include_str!("../../assets/serial-console-hosts.json");
/// The port of the service.
const SSH: u16 = 22;

/// The SSH service of the serial consoles of one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialHost {
    /// Its name, or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The SHA-256 of its host key.
    pub fingerprint: Fingerprint,
}

#[derive(Deserialize)]
struct Table {
    regions: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
struct Row {
    host: String,
    sha256: String,
}

/// The service of a region, as AWS publishes it; none of a region that is not in the table: a host or a key is never guessed.
pub fn serial_host(region: &Region) -> Option<Arc<SerialHost>> {
    static HOSTS: LazyLock<BTreeMap<String, Arc<SerialHost>>> = LazyLock::new(|| {
        let table: Table = serde_json::from_str(TABLE).expect("a test reads the table");
        let read = |(region, Row { host, sha256 }): (String, Row)| {
            let fingerprint = Fingerprint::read(&sha256)?;
            Some((region, Arc::new(SerialHost { host, port: SSH, fingerprint })))
        };
        table.regions.into_iter().filter_map(read).collect()
    });
    HOSTS.get(region.as_str()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_of_the_table_has_a_host_of_aws_and_a_whole_fingerprint() {
        let table: Table = serde_json::from_str(TABLE).unwrap();

        assert_eq!(table.regions.len(), 38);
        for (region, row) in &table.regions {
            let host = serial_host(&region.parse().unwrap()).unwrap_or_else(|| panic!("{region}"));
            let names = [
                format!("serial-console.ec2-instance-connect.{region}.aws"),
                format!("ec2-serial-console.{region}.api.aws"),
                format!("ec2-serial-console.{region}.api.amazonwebservices.com.cn"),
                format!("serial-console.ec2-instance-connect.{region}.amazonaws.com"),
            ];
            assert!(names.contains(&host.host), "{}", host.host);
            assert_eq!((host.port, host.fingerprint.to_string()), (22, row.sha256.clone()), "{region}");
        }
        assert_eq!(serial_host(&"xx-nowhere-1".parse().unwrap()), None);
    }
}
