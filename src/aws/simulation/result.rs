//! What a simulation answers, read by its rules (docs/access-rules.md 1.5): what is missing in it is no "no".

use aws_sdk_iam::types::{EvaluationResult, PolicyEvaluationDecisionType as Word};

use crate::model::{Decision, DeniedBy, Untrusted};

/// A key that policies name where they want documents looked at; requests carry it by themselves.
pub(super) const ACCESS_CHECK: &str = "ssm:SessionDocumentAccessCheck";

/// What is said of one action on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Simulated {
    action: String,
    resource: String,
    decision: Decision,
    /// Keys that policies name and that nobody told.
    missing: Vec<String>,
}

impl Simulated {
    /// Whether a policy names this key.
    pub(super) fn names_key(&self, key: &str) -> bool {
        self.missing.iter().any(|own| own.eq_ignore_ascii_case(key))
    }
}

/// The results of each resource; those of the whole where none is told of a resource.
pub(super) fn simulated(told: EvaluationResult) -> Vec<Simulated> {
    let is_forbidden = told.organizations_decision_detail.as_ref().is_some_and(|own| !own.allowed_by_organizations);
    let bounded = |own: Option<&aws_sdk_iam::types::PermissionsBoundaryDecisionDetail>| {
        own.is_some_and(|own| !own.allowed_by_permissions_boundary)
    };
    let of_all = bounded(told.permissions_boundary_decision_detail.as_ref());
    let read = |resource: String, word: &Word, missing: Vec<String>, is_bounded: bool| {
        let decision = read(word, &missing, is_forbidden, is_bounded);
        Simulated { action: told.eval_action_name.clone(), resource, decision, missing }
    };
    let of_resources = told.resource_specific_results.as_deref().unwrap_or_default();
    if of_resources.is_empty() {
        let resource = told.eval_resource_name.clone().unwrap_or_else(|| "*".to_owned());
        let missing = told.missing_context_values.clone().unwrap_or_default();
        return vec![read(resource, &told.eval_decision, missing, of_all)];
    }
    let of_resource = |own: &aws_sdk_iam::types::ResourceSpecificResult| {
        // The name of the whole is a template: the decision of each resource counts.
        let is_bounded = own.permissions_boundary_decision_detail.as_ref().map_or(of_all, |detail| bounded(Some(detail)));
        let missing = own.missing_context_values.clone().unwrap_or_default();
        read(own.eval_resource_name.clone(), &own.eval_resource_decision, missing, is_bounded)
    };
    of_resources.iter().map(of_resource).collect()
}

/// What is said of an action on a resource; unclear where nothing is.
pub(super) fn decision(results: &[Simulated], action: &str, resource: &str) -> Decision {
    let of = |name: &str| results.iter().find(|own| own.action == action && own.resource == name);
    of(resource).or_else(|| of("*")).map_or(Decision::Unclear(Vec::new()), |own| own.decision.clone())
}

fn read(word: &Word, missing: &[String], is_forbidden: bool, is_bounded: bool) -> Decision {
    let keys: Vec<Untrusted> =
        missing.iter().filter(|key| !key.eq_ignore_ascii_case(ACCESS_CHECK)).map(|key| key.as_str().into()).collect();
    if is_forbidden {
        return Decision::Denied(DeniedBy::Organization);
    }
    match (word, keys.is_empty()) {
        (Word::Allowed, true) => Decision::Allowed,
        (Word::Allowed, false) => Decision::AllowedUnless(keys),
        (Word::ExplicitDeny, true) => Decision::Denied(DeniedBy::Statement),
        (Word::ImplicitDeny, true) if is_bounded => Decision::Denied(DeniedBy::Boundary),
        (Word::ImplicitDeny, true) => Decision::Denied(DeniedBy::Nothing),
        _ => Decision::Unclear(keys),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::types::{OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail, ResourceSpecificResult};

    use super::*;

    const ACTION: &str = "ssm:StartSession";

    fn result(word: Word, missing: &[&str]) -> aws_sdk_iam::types::builders::EvaluationResultBuilder {
        let missing = missing.iter().map(|key| (*key).to_owned()).collect();
        EvaluationResult::builder().eval_action_name(ACTION).eval_decision(word).set_missing_context_values(Some(missing))
    }

    fn of(told: aws_sdk_iam::types::builders::EvaluationResultBuilder) -> Decision {
        decision(&simulated(told.eval_resource_name("*").build().unwrap()), ACTION, "arn:aws:ec2:x:1:instance/i-1")
    }

    #[test]
    fn a_no_needs_an_answer_in_which_nothing_is_missing() {
        let keys = |names: &[&str]| names.iter().map(|name| Untrusted::from(*name)).collect::<Vec<_>>();

        assert_eq!(of(result(Word::Allowed, &[])), Decision::Allowed);
        assert_eq!(of(result(Word::Allowed, &["aws:SourceIp"])), Decision::AllowedUnless(keys(&["aws:SourceIp"])));
        assert_eq!(of(result(Word::ExplicitDeny, &[])), Decision::Denied(DeniedBy::Statement));
        assert_eq!(
            of(result(Word::ExplicitDeny, &["aws:MultiFactorAuthPresent"])),
            Decision::Unclear(keys(&["aws:MultiFactorAuthPresent"]))
        );
        assert_eq!(of(result(Word::ImplicitDeny, &[])), Decision::Denied(DeniedBy::Nothing));
        assert_eq!(of(result(Word::ImplicitDeny, &["aws:SourceIp"])), Decision::Unclear(keys(&["aws:SourceIp"])));
        assert_eq!(of(result(Word::from("mayBe"), &[])), Decision::Unclear(Vec::new()));
    }

    #[test]
    fn a_boundary_and_an_organization_say_no_in_their_own_name() {
        let boundary = PermissionsBoundaryDecisionDetail::builder().allowed_by_permissions_boundary(false).build();
        let bounded = result(Word::ImplicitDeny, &[]).permissions_boundary_decision_detail(boundary);
        assert_eq!(of(bounded), Decision::Denied(DeniedBy::Boundary));
        let organization = OrganizationsDecisionDetail::builder().allowed_by_organizations(false).build();
        let forbidden = result(Word::ImplicitDeny, &["aws:SourceIp"]).organizations_decision_detail(organization);
        assert_eq!(of(forbidden), Decision::Denied(DeniedBy::Organization));
    }

    #[test]
    fn the_decision_of_a_resource_wins_over_that_of_the_whole() {
        let own = |name: &str, word: Word| {
            let own = ResourceSpecificResult::builder().eval_resource_name(name).eval_resource_decision(word);
            own.build().unwrap()
        };
        let told = result(Word::ImplicitDeny, &[]).eval_resource_name("arn:aws:ec2:*:*:instance/*");
        let told =
            told.resource_specific_results(own("one", Word::Allowed)).resource_specific_results(own("two", Word::ExplicitDeny));
        let all = simulated(told.build().unwrap());

        assert_eq!(decision(&all, ACTION, "one"), Decision::Allowed);
        assert_eq!(decision(&all, ACTION, "two"), Decision::Denied(DeniedBy::Statement));
        assert_eq!(decision(&all, ACTION, "three"), Decision::Unclear(Vec::new()));
        assert_eq!(decision(&all, "ssm:ResumeSession", "one"), Decision::Unclear(Vec::new()));
    }

    #[test]
    fn that_documents_are_looked_at_is_no_open_question() {
        let all = simulated(result(Word::Allowed, &[ACCESS_CHECK]).eval_resource_name("*").build().unwrap());

        assert_eq!(decision(&all, ACTION, "x"), Decision::Allowed);
        assert!(all[0].names_key("ssm:sessiondocumentaccesscheck"));
    }
}
