//! All that signing in depends on and leaves behind.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::authorization_code::{AuthorizationCode, AuthorizationCodes};
use super::clients::{Client, Clients};
use super::device::{Decision, DeviceCode, DeviceCodes};
use super::rules::{Approval, SignInRules};
use super::sign_ins::{SignIns, Tokens};
use crate::refusal::Refusal;

/// The registrations, codes and sign-ins of a simulation.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) rules: SignInRules,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    clients: Clients,
    device_codes: DeviceCodes,
    authorization_codes: AuthorizationCodes,
    sign_ins: SignIns,
    portal_calls: VecDeque<Instant>,
}

impl Ledger {
    pub(crate) fn new(rules: SignInRules) -> Self {
        Self { rules, books: Mutex::default() }
    }

    /// Ends every sign-in.
    pub(crate) fn revoke_all(&self) {
        self.books().sign_ins.end_all();
    }

    pub(super) fn register(&self, client: Client) {
        self.books().clients.add(client);
    }

    /// The client with this id, whoever asks.
    pub(super) fn client(&self, id: &str, now: SystemTime) -> Option<Client> {
        self.books().clients.find(id, now).cloned()
    }

    pub(super) fn proven(&self, id: Option<&str>, secret: Option<&str>, now: SystemTime) -> Result<Client, Refusal> {
        self.books().clients.proven(id, secret, now).cloned()
    }

    /// What is decided without asking anybody.
    pub(super) fn foregone(&self) -> Option<Decision> {
        match self.rules.approval {
            Approval::Asked => None,
            Approval::Given => Some(Decision::Approved),
            Approval::Refused => Some(Decision::Refused),
        }
    }

    pub(super) fn add_device_code(&self, client: &Client, now: SystemTime) -> DeviceCode {
        self.books().device_codes.add(&client.id, now + self.rules.code, self.foregone())
    }

    /// The name of the program whose code this is, as long as it waits.
    pub(super) fn waiting(&self, user_code: &str, now: SystemTime) -> Option<(String, DeviceCode)> {
        let mut books = self.books();
        let code = books.device_codes.waiting(user_code, now)?.clone();
        let client = books.clients.find(&code.client, now)?;
        Some((client.name.clone(), code))
    }

    /// Decides about a code that waits; false if there is none.
    pub(super) fn decide(&self, user_code: &str, decision: Decision, now: SystemTime) -> bool {
        let mut books = self.books();
        let Some(code) = books.device_codes.waiting(user_code, now) else { return false };
        code.decision = Some(decision);
        true
    }

    pub(super) fn redeem_device_code(&self, client: &Client, code: &str, now: SystemTime) -> Result<Tokens, Refusal> {
        let mut books = self.books();
        books.device_codes.redeem(&client.id, code, self.rules.interval, now)?;
        Ok(books.sign_ins.begin(client, &self.rules, now))
    }

    pub(super) fn add_authorization_code(&self, code: AuthorizationCode) {
        self.books().authorization_codes.add(code);
    }

    pub(super) fn redeem_authorization_code(
        &self,
        client: &Client,
        code: &str,
        redirect: &str,
        verifier: &str,
        now: SystemTime,
    ) -> Result<Tokens, Refusal> {
        let mut books = self.books();
        books.authorization_codes.redeem(&client.id, code, redirect, verifier, now)?;
        Ok(books.sign_ins.begin(client, &self.rules, now))
    }

    pub(super) fn renew(&self, client: &Client, refresh: &str, now: SystemTime) -> Result<Tokens, Refusal> {
        self.books().sign_ins.renew(client, refresh, &self.rules, now)
    }

    pub(super) fn is_signed_in(&self, access: &str, now: SystemTime) -> bool {
        self.books().sign_ins.is_good(access, now)
    }

    pub(super) fn sign_out(&self, access: &str) {
        self.books().sign_ins.end(access);
    }

    /// Whether the portal answers one more call now; calls that it does not answer do not count.
    pub(super) fn admits(&self) -> bool {
        let Some(limit) = self.rules.limit else { return true };
        let now = Instant::now();
        let mut books = self.books();
        while books.portal_calls.front().is_some_and(|call| now.duration_since(*call) >= Duration::from_secs(1)) {
            books.portal_calls.pop_front();
        }
        let is_admitted = books.portal_calls.len() < usize::try_from(limit).unwrap_or(usize::MAX);
        if is_admitted {
            books.portal_calls.push_back(now);
        }
        is_admitted
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
