//! What the caller may do with one instance, by `SimulatePrincipalPolicy`: nothing is carried out (docs/access-rules.md 1.5).

mod question;
mod result;

use self::question::{Asked, Question};
use self::result::{Simulated, simulated};
use super::call::{self, Call};
use super::pages::endless;
use super::principal::Principal;
use super::{Cloud, Error, failure};
use crate::model::{Decision, Denial, Fact, Instance, Permission, Permissions, Region, Why};

const CALL: Call = call::SIMULATE_PRINCIPAL_POLICY;
/// Most results of a page.
const PAGE: i32 = 1_000;
/// Pages that are read of one simulation: it asks about fewer things than one page holds.
const PAGES: usize = 5;

impl Cloud {
    /// What the caller may do with an instance where `user` logs in: all that was read of the instance before is taken into account.
    pub(super) async fn permissions_of(
        &self,
        region: &Region,
        instance: &Instance,
        principal: &Principal,
        user: &str,
    ) -> Fact<Permissions> {
        let asked = Asked::of(region, instance, principal);
        let arn = match principal {
            Principal::User { arn, .. } | Principal::Role { arn, .. } => arn,
            // Policies of the account do not bind it; one of the organization may.
            Principal::Root => return Fact::Known(asked.all(&Decision::AllowedUnless(Vec::new()))),
            Principal::Other => return Fact::Hidden(Denial { why: Why::Undecided, action: CALL.action, message: None }),
        };
        let (own, rest) = (asked.of_instance(instance, user), asked.of_the_rest(instance));
        let told = tokio::try_join!(Box::pin(self.simulate(region, arn, own)), Box::pin(self.simulate(region, arn, rest)));
        match told {
            Ok((own, rest)) => {
                let mut all = asked.decided(&[own, rest].concat());
                // Whoever limits how long a tunnel may last denies one that may last longer.
                if matches!(all.get(&Permission::Tunnel), Some(Decision::Denied(_)))
                    && let Ok(results) = Box::pin(self.simulate(region, arn, asked.of_a_short_tunnel(instance))).await
                {
                    all.extend(asked.tunnel(&results).map(|decision| (Permission::ShortTunnel, decision)));
                }
                Fact::Known(all)
            }
            Err(error) => Fact::Hidden(failure::denial(error, CALL.action)),
        }
    }

    async fn simulate(&self, region: &Region, arn: &str, question: Question) -> Result<Vec<Simulated>, Error> {
        let Question { actions, resources, context } = question;
        if actions.is_empty() || resources.is_empty() {
            return Ok(Vec::new());
        }
        let (mut all, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let asked = self.ask(region, CALL, |clients| {
                let asked = clients.iam.simulate_principal_policy().policy_source_arn(arn).max_items(PAGE);
                asked
                    .set_action_names(Some(actions.iter().map(|action| (*action).to_owned()).collect()))
                    .set_resource_arns(Some(resources.clone()))
                    .set_context_entries((!context.is_empty()).then(|| context.clone()))
                    .set_marker(marker.take())
                    .send()
            });
            let told = asked.await?;
            all.extend(told.evaluation_results.unwrap_or_default().into_iter().flat_map(simulated));
            match told.marker.filter(|_| told.is_truncated) {
                Some(next) => marker = Some(next),
                None => return Ok(all),
            }
        }
        Err(endless(CALL.action))
    }
}
