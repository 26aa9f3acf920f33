//! What a tunnel would forward, judged before it is opened and by the doctor: PFWD-1 to PFWD-4.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{doctor, findings, object};
use crate::proxy::{Desk, WEB};

fn tunnel(desk: &Desk, to: &str) -> (Option<i32>, String) {
    let output = desk.plain(&["tunnel", WEB, to]).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_cannot_lead_there_costs_no_session() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let agent = fleet.instance_mut(WEB).and_then(|instance| instance.agent.as_mut()).unwrap();
        agent.version = "3.1.1000.0".to_owned();
    });

    let (code, said) = tunnel(&desk, "0:db.internal:5432");

    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error[tunnel-cannot-lead]") && said.contains("3.1.1188.0 or newer"), "{said}");
    assert!(said.contains("AWS-UpdateSSMAgent"), "{said}");
    assert_eq!(desk.calls("ssm:StartSession"), 0);
    let (_, told) = object(&desk, &["web-1", "--forward", "0:db.internal:5432"]);
    assert!(findings(&told, "ssm").contains(&"PFWD-1 forward-agent-too-old fail".to_owned()), "{:?}", findings(&told, "ssm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_address_is_none_that_an_agent_leads_to() {
    let desk = Desk::new(&[]).await;
    let own = desk.sim.fleet().instances().find(|own| own.id == WEB).and_then(|own| own.private_ip.clone()).unwrap();

    let (code, said) = tunnel(&desk, &format!("0:{own}:80"));

    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("address of the instance itself") && said.contains("80 without a host"), "{said}");
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_a_port_that_is_taken_and_a_group_that_lets_nothing_in() {
    let desk = Desk::new(&[]).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let db = desk.sim.fleet().instances().find(|own| own.name().starts_with("db-replica")).and_then(|own| own.private_ip.clone());

    let (_, told) = object(&desk, &["web-1", "--forward", &format!("{port}:{}:5432", db.unwrap())]);

    let all = findings(&told, "ssm");
    assert!(all.contains(&"PFWD-4 forward-port-taken fail".to_owned()), "{all:?}");
    assert!(all.iter().any(|own| own.starts_with("PFWD-3 ")), "{all:?}");
    let output = doctor(&desk, &["web-1", "--forward", "x"]);
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_ssh_no_agent_has_to_lead_there_and_a_group_that_lets_nothing_in_is_told() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let agent = fleet.instance_mut(WEB).and_then(|instance| instance.agent.as_mut()).unwrap();
        agent.version = "3.1.1000.0".to_owned();
    });
    let bastion =
        desk.sim.fleet().instances().find(|own| own.name() == "bastion").and_then(|own| own.private_ip.clone()).unwrap();
    let mut command = desk.command(&["tunnel", WEB, "--method", "eic", &format!("0:{bastion}:5432")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();

    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    let said = String::from_utf8_lossy(&child.wait_with_output().unwrap().stderr).into_owned();

    assert!(line.contains(&format!("{bastion}:5432")), "{line}{said}");
    assert!(said.contains("does not let it in on port 5432") && !said.contains("3.1.1000.0"), "{said}");
}
