//! A policy as it is handed on: the document, a line for the AWS CLI, or Terraform.

use serde_json::Value;

use crate::text::shell_word;

/// The document, over many lines.
pub(super) fn json(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

/// The line that makes it.
pub(super) fn command(name: &str, document: &Value) -> String {
    format!("aws iam create-policy --policy-name {name} --policy-document {}", shell_word(&document.to_string()))
}

/// The resource that makes it. Terraform reads `${` and `%{` of a text as its own: they are doubled.
pub(super) fn terraform(name: &str, document: &Value) -> String {
    let label = name.replace('-', "_");
    let text = json(document).replace("${", "$${").replace("%{", "%%{");
    let text = text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!("resource \"aws_iam_policy\" \"{label}\" {{\n  name   = \"{name}\"\n  policy = <<-JSON\n{text}  JSON\n}}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shell_and_terraform_hand_on_what_is_written() {
        let document = json!({"a": "it's ${aws:userid} %{x}"});

        let line = command("ec2dash-x", &document);
        let output =
            std::process::Command::new("sh").args(["-c", &line.replacen("aws iam", "printf '%s\n'", 1)]).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(told.lines().last(), Some(document.to_string().as_str()));
        let resource = terraform("ec2dash-x", &document);
        assert!(resource.contains("$${aws:userid} %%{x}") && resource.starts_with("resource \"aws_iam_policy\" \"ec2dash_x\" {"));
        assert!(resource.ends_with("  JSON\n}"), "{resource}");
    }
}
