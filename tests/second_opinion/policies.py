#!/usr/bin/env python3
"""What moto's IAM, which is not ours, says of policies: whether they keep its grammar, and whether they let requests through.

    policies.py < [{"document": {…}, "requests": [{"action", "resource", "conditions": {…}}]}]

Prints for each policy `{"flaw": null or text, "let": [true, …]}`. An operator that moto does not know is taken out first, where the request
does not have the key that it is about: `…IfExists` holds then.
"""
import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.policy_validation import IAMPolicyDocumentValidator


def flaw(document):
    try:
        IAMPolicyDocumentValidator(json.dumps(document)).validate()
    except Exception as error:  # of many kinds
        return str(error)
    return None


def without_absent(document, conditions):
    document = json.loads(json.dumps(document))
    for statement in document["Statement"]:
        operators = statement.get("Condition", {})
        for operator in [name for name in operators if name.endswith("IfExists")]:
            if any(key in conditions for key in operators[operator]):
                sys.exit(f"{operator} is not evaluated")
            del operators[operator]
        if not operators:
            statement.pop("Condition", None)
    return document


def lets(document, request):
    """As IAM: a statement whose condition does not hold says nothing, which moto takes for a denial."""
    conditions = request.get("conditions", {})
    results = []
    for statement in without_absent(document, conditions)["Statement"]:
        policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        said = policy.is_action_permitted(request["action"], request["resource"], incoming_condition_values=conditions)
        if said == PermissionResult.DENIED and statement["Effect"] == "Allow":
            said = PermissionResult.NEUTRAL
        results.append(said)
    return PermissionResult.DENIED not in results and PermissionResult.PERMITTED in results


asked = json.load(sys.stdin)
json.dump([{"flaw": flaw(own["document"]), "let": [lets(own["document"], request) for request in own["requests"]]} for own in asked], sys.stdout)
