//! What is asked for only where one instance is examined.

use super::call::{self, Call};
use super::clock::Clock;
use super::endpoints::Service;
use super::everything::{About, Question, examined};
use super::{Cloud, Error, failure};
use crate::model::{Fact, Identity, Instance, Os, Region, SessionPreferences, Untrusted};

impl About {
    /// All of an examination but the permissions; what is refused is hidden under the name of its own call.
    pub(super) fn of_examination(&self) -> Vec<Question> {
        let (then, after) = (self.clone(), self.clone());
        let mut all = vec![
            self.ask(
                |about| async move { about.cloud.proxy_to(Service::Ssm, &about.region).await },
                |own, told| examined(own).proxy = told.map(Untrusted::from),
            ),
            self.ask_and_go_on(
                |about| async move { about.cloud.caller().await },
                move |own, (caller, clock_ahead)| {
                    (examined(own).caller, examined(own).clock_ahead) = (caller, clock_ahead);
                    then.of_run_as(own)
                },
            ),
            self.ask(|about| async move { about.cloud.opt_in(&about.region).await }, |own, told| examined(own).opt_in = told),
            self.ask_and_go_on(
                |about| async move { about.cloud.preferences_and_key(&about.region).await },
                move |own, (told, key)| {
                    (examined(own).preferences, examined(own).session_key) = (told, key);
                    after.of_run_as(own)
                },
            ),
        ];
        if self.at.id.is_hybrid() {
            all.push(self.ask(
                |about| async move { about.cloud.has_advanced_instances(&about.region).await },
                |own, told| examined(own).has_advanced_instances = told,
            ));
            return all;
        }
        all.extend([
            self.ask(
                |about| async move { about.cloud.status_checks(&about.region, &about.at.id).await },
                |own, told| examined(own).checks = told,
            ),
            self.ask(
                |about| async move { about.cloud.host_management(&about.region).await },
                |own, told| examined(own).host_management = told,
            ),
            self.ask(
                |about| async move { about.cloud.has_password(&about.region, &about.at).await },
                |own, told| examined(own).has_password = told,
            ),
        ]);
        all
    }

    /// Whom a tag of the caller's has sessions run as, once it is known who asks and that the account wants that.
    fn of_run_as(&self, instance: &mut Instance) -> Option<Question> {
        let own = examined(instance);
        let caller = own.caller.known()?.clone();
        own.preferences.known().filter(|own| own.runs_as)?;
        Some(self.ask(
            move |about| async move { about.cloud.principal_of(&about.region, &caller).await.1 },
            |own, told| examined(own).own_run_as = told,
        ))
    }
}

impl Cloud {
    async fn has_password(&self, region: &Region, instance: &Instance) -> Fact<bool> {
        if instance.os != Os::Windows || instance.id.is_hybrid() {
            return Fact::Pending;
        }
        match self.password_data(region, &instance.id).await {
            Ok(sealed) => Fact::Known(sealed.is_some()),
            Err(error) => Fact::Hidden(failure::denial(error, call::GET_PASSWORD_DATA.action)),
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
