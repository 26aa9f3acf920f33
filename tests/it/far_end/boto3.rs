//! The calls about sessions as boto3 makes them.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::tools::{SimulatedCloud, python_tool};

const SCRIPT: &str = r#"
import boto3, json
ssm = boto3.client("ssm")
target = "i-0123456789abcdef0"
started = ssm.start_session(Target=target, Reason="a second opinion")
listed = ssm.describe_sessions(State="Active", Filters=[{"key": "Target", "value": target}])["Sessions"]
resumed = ssm.resume_session(SessionId=started["SessionId"])
ended = ssm.terminate_session(SessionId=started["SessionId"])
history = ssm.describe_sessions(State="History", Filters=[{"key": "SessionId", "value": started["SessionId"]}])["Sessions"]
codes = []
for call in (lambda: ssm.start_session(Target="i-0bbbbbbbbbbbbbbbb"), lambda: ssm.start_session(Target=target, DocumentName="None"),
             lambda: ssm.resume_session(SessionId=started["SessionId"]), lambda: ssm.describe_sessions(State="Active", NextToken="x")):
    try:
        call()
    except ssm.exceptions.ClientError as error:
        codes.append(error.response["Error"]["Code"])
print(json.dumps({
    "url": started["StreamUrl"], "same": resumed["TokenValue"] == started["TokenValue"],
    "listed": [session["SessionId"] for session in listed], "id": started["SessionId"], "ended": ended["SessionId"],
    "status": history[0]["Status"], "reason": history[0]["Reason"], "dates": history[0]["EndDate"] >= history[0]["StartDate"],
    "connection": ssm.get_connection_status(Target=target)["Status"], "codes": codes,
}))
"#;

#[test]
fn boto3_starts_lists_resumes_and_terminates_sessions() {
    let cloud = SimulatedCloud::start(&[]);

    let mut python = Command::new(python_tool("python"));
    python.args(["-c", SCRIPT]).env_clear().envs(cloud.environment.clone()).stdin(Stdio::null());
    let told = python.output().unwrap();

    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert!(told["url"].as_str().unwrap().starts_with("ws://127.0.0.1:"), "{told}");
    assert_eq!(told["listed"], serde_json::json!([told["id"]]));
    assert_eq!((&told["ended"], &told["same"]), (&told["id"], &Value::Bool(false)));
    assert_eq!((&told["status"], &told["reason"]), (&"Terminated".into(), &"a second opinion".into()));
    assert_eq!((&told["dates"], &told["connection"]), (&Value::Bool(true), &"connected".into()));
    assert_eq!(
        told["codes"],
        serde_json::json!(["TargetNotConnected", "InvalidDocument", "DoesNotExistException", "InvalidNextToken"])
    );
}
