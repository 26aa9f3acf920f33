//! `doctor --all`: the report of many instances, in every form.

use serde_json::Value;

use super::doctor;
use crate::proxy::Desk;

fn told(desk: &Desk, arguments: &[&str]) -> String {
    let output = doctor(desk, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_instance_is_counted_once_and_the_calls_do_not_grow_with_them() {
    let desk = Desk::new(&[]).await;
    let listed = desk.plain(&["ls", "-o", "ids"]).output().unwrap().stdout;
    let all = String::from_utf8(listed).unwrap().lines().count();

    let report: Value = serde_json::from_str(&told(&desk, &["--all", "-o", "json"])).unwrap();

    let totals = &report["totals"];
    let count = |name: &str| totals[name].as_u64().unwrap();
    let reached: u64 = totals["reached"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(count("all"), all as u64);
    assert_eq!(reached + count("last_resort") + count("unreachable") + count("unknown") + count("down"), all as u64);
    for action in ["ssm:GetConnectionStatus", "ssm:StartSession", "ec2:GetConsoleOutput"] {
        assert_eq!(desk.calls(action), 0, "{action}");
    }
    assert_eq!(desk.calls("ssm:GetDocument"), 1);
    let down = told(&desk, &["--all", "state:stopped"]);
    assert!(down.contains("the instance is stopped") && !down.contains("web-1"), "{down}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_call_is_named_and_nothing_is_called_blocked_for_it() {
    let desk =
        Desk::new(&["ssm:DescribeInstanceInformation=deny", "ssm:DescribeInstanceProperties=deny", "ssm:GetDocument=deny"]).await;

    let output = doctor(&desk, &["--all", "-o", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();

    assert_eq!(report["logging"][0]["log"], Value::Null);
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("ssm:DescribeInstanceInformation"), "{warnings}");
    let blocked = report["unreachable"].to_string();
    assert!(!blocked.contains("\"ssm-"), "{blocked}");
    let page = told(&desk, &["--all"]);
    assert!(page.contains("not known: ") && page.contains("ssm:GetDocument"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_html_is_one_file_that_loads_nothing_and_the_other_forms_are_whole() {
    let desk = Desk::new(&[]).await;

    let html = told(&desk, &["--all", "-o", "html"]);
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>"), "{html}");
    for loading in ["src=", "href=\"http", "url(", "@import", "<script", "<link"] {
        assert!(!html.contains(loading), "{loading}");
    }
    let markdown = told(&desk, &["--all", "-o", "md"]);
    assert!(markdown.starts_with("# Ways into ") && markdown.contains("\n## Not running\n"), "{markdown}");
    let wrong = desk.plain(&["ls", "-o", "html"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let two = doctor(&desk, &["web-1", "web-2"]);
    assert_eq!(two.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&two.stderr).contains("--all"));
}
