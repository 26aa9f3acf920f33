//! What all sessions of a simulated cloud stand on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::habits::Habits;
use super::table::Table;
use crate::console::HostKeyLines;
use crate::fault::{DOWN, FaultKind, FaultTable, UP};
use crate::keys::EVERY_INSTANCE;
use crate::machine::Machine;
use crate::seal::Seal;
use ec2dash_ssm::{DATA_KEY_LENGTH, DataKey, KeyToOpen};

/// What all sessions stand on; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) machine: Machine,
    pub(crate) habits: Habits,
    /// Of the SSH servers, by instance.
    pub(crate) ports: Arc<HashMap<String, u16>>,
    pub(crate) host_keys: HostKeyLines,
    pub(crate) seal: Arc<Seal>,
    pub(crate) faults: Arc<Mutex<FaultTable>>,
    pub(super) table: Arc<Table>,
    /// Ports of instances that lead to another port of this computer.
    led: Arc<Mutex<HashMap<u16, u16>>>,
}

impl Ground {
    pub(crate) fn new(
        machine: Machine,
        habits: Habits,
        ports: HashMap<String, u16>,
        host_keys: HostKeyLines,
        faults: FaultTable,
    ) -> Self {
        Self {
            machine,
            habits,
            ports: Arc::new(ports),
            host_keys,
            seal: Arc::new(Seal::new()),
            faults: Arc::new(Mutex::new(faults)),
            table: Arc::default(),
            led: Arc::default(),
        }
    }

    /// From now this port of whatever instance is that port of this computer.
    pub(crate) fn lead(&self, port: u16, here: u16) {
        self.led.lock().unwrap_or_else(PoisonError::into_inner).insert(port, here);
    }

    pub(super) fn led(&self, port: u16) -> u16 {
        self.led.lock().unwrap_or_else(PoisonError::into_inner).get(&port).copied().unwrap_or(port)
    }

    pub(super) fn ssh_port(&self, instance: &str) -> Option<u16> {
        self.ports.get(instance).or_else(|| self.ports.get(EVERY_INSTANCE)).copied()
    }

    /// What goes wrong on a new connection: up, and down.
    pub(super) fn of_connection(&self) -> [Vec<FaultKind>; 2] {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        [faults.of_connection(UP), faults.of_connection(DOWN)]
    }

    /// The instance's own call of KMS, with what goes wrong on purpose.
    pub(super) fn open(&self, key: &KeyToOpen) -> Result<DataKey, String> {
        let fault = self.faults.lock().unwrap_or_else(PoisonError::into_inner).next("kms:Decrypt", &[]);
        let failed = |code: &str| {
            Err(format!("Fetching data key failed: Unable to retrieve data key, Error when decrypting data key {code}"))
        };
        match fault {
            Some(FaultKind::Deny) => return failed("AccessDeniedException"),
            Some(FaultKind::Error(code)) => return failed(&code),
            Some(FaultKind::Corrupt) => return DataKey::new(&[7; DATA_KEY_LENGTH]).map_err(|error| error.to_string()),
            Some(FaultKind::Throttle(_)) => return failed("ThrottlingException"),
            _ => {}
        }
        match self.seal.open(&key.ciphertext, &key.context) {
            Some((_, plaintext)) => DataKey::new(&plaintext).map_err(|error| error.to_string()),
            None => failed("InvalidCiphertextException"),
        }
    }
}
