//! What is asked for only where one instance is examined.

use super::call::{self, Call};
use super::clock::Clock;
use super::{Cloud, Error, failure};
use crate::model::{Examination, Fact, Identity, Instance, Probes, Region, SessionPreferences, Untrusted};

impl Cloud {
    /// All of it but the permissions; what is refused is hidden under the name of its own call.
    pub(super) async fn examination_of(&self, region: &Region, instance: &Instance) -> Examination {
        let is_hybrid = instance.id.is_hybrid();
        let checks = async { if is_hybrid { Fact::Pending } else { self.status_checks(region, &instance.id).await } };
        let host_management = async { if is_hybrid { Fact::Pending } else { self.host_management(region).await } };
        let has_advanced = async { if is_hybrid { self.has_advanced_instances(region).await } else { Fact::Pending } };
        let ((caller, clock_ahead), opt_in, checks, host_management, has_advanced_instances, (preferences, session_key)) = tokio::join!(
            Box::pin(self.caller()),
            Box::pin(self.opt_in(region)),
            Box::pin(checks),
            Box::pin(host_management),
            Box::pin(has_advanced),
            Box::pin(self.preferences_and_key(region)),
        );
        let own_run_as = match (&preferences, &caller) {
            (Fact::Known(SessionPreferences { runs_as: true, .. }), Fact::Known(caller)) => {
                Box::pin(self.principal_of(region, caller)).await.1
            }
            _ => Fact::Pending,
        };
        Examination {
            caller,
            opt_in,
            clock_ahead,
            checks,
            host_management,
            has_advanced_instances,
            preferences,
            session_key,
            own_run_as,
            permissions: Fact::Pending,
            probes: Probes::default(),
        }
    }

    /// Who asks, and how far our clock is ahead of the one that answers.
    async fn caller(&self) -> (Fact<Identity>, Option<i64>) {
        let clock = Clock::default();
        let caller = match self.identity_by(&clock).await {
            Ok(identity) => Fact::Known(identity),
            Err(error) => Fact::Hidden(failure::denial(error, call::GET_CALLER_IDENTITY.action)),
        };
        (caller, clock.ahead())
    }

    async fn opt_in(&self, region: &Region) -> Fact<Option<Untrusted>> {
        match self.enabled_regions().await {
            Ok(all) => Fact::Known(all.into_iter().find(|own| own.name == *region).map(|own| own.opt_in_status)),
            Err(error) => Fact::Hidden(failure::denial(error, call::DESCRIBE_REGIONS.action)),
        }
    }

    /// How the account wants its sessions, and whether the key for them can be used.
    async fn preferences_and_key(&self, region: &Region) -> (Fact<SessionPreferences>, Fact<Untrusted>) {
        let preferences = match self.session_preferences(region).await {
            Ok(preferences) => preferences,
            Err(error) => return (Fact::Hidden(failure::denial(error, call::GET_DOCUMENT.action)), Fact::Pending),
        };
        let key = match &preferences.key {
            Some(key) => self.key_state(region, key).await,
            None => Fact::Pending,
        };
        (Fact::Known(preferences), key)
    }

    async fn key_state(&self, region: &Region, key: &Untrusted) -> Fact<Untrusted> {
        const CALL: Call = call::DESCRIBE_KEY;
        let asked = self.ask(region, CALL, |clients| clients.kms.describe_key().key_id(key.raw()).send());
        let told = match asked.await {
            Ok(told) => told.key_metadata.and_then(|key| key.key_state),
            Err(error) => return Fact::Hidden(failure::denial(error, CALL.action)),
        };
        match told {
            Some(state) => Fact::Known(state.as_str().into()),
            None => {
                let error = Error::Garbled { action: CALL.action, cause: "no state in it".into() };
                Fact::Hidden(failure::denial(error, CALL.action))
            }
        }
    }
}
