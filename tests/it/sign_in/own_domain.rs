//! A start URL at the company's own domain, over TLS: it is asked where it leads, and that is said.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_start_url_at_the_companys_own_domain_leads_to_its_portal_and_stays_what_it_is_called() {
    let corp = Corp::new("approval=given,interval=0s").await;
    fs::write(corp.path(".aws/config"), "").unwrap();
    let domain = Sim::start(ec2dash_sim::Options { fleet: FleetSource::Demo, tls: true, ..ec2dash_sim::Options::default() });
    let domain = domain.await.unwrap();
    let bundle = domain.environment().into_iter().find(|(name, _)| *name == "AWS_CA_BUNDLE").unwrap().1;
    let login = |path: &str, more: &[&str]| {
        let url = format!("{}{path}", domain.endpoint());
        let mut command = corp.command(&[&["login", "--start-url", &url, "--session", "corp", "--no-browser"], more].concat());
        command.env("AWS_CA_BUNDLE", &bundle);
        (url, tokio::task::spawn_blocking(move || command.output().unwrap()))
    };

    let (url, done) = login("/home", &[]);
    let done = done.await.unwrap();
    assert!(done.status.success(), "{}", stderr(&done));
    let host = url.trim_start_matches("https://").trim_end_matches("/home");
    assert!(stderr(&done).contains(&format!("{host} leads to corp.portal.eu-central-1.app.aws.")), "{}", stderr(&done));
    assert_eq!(corp.token()["startUrl"], url, "other programs find it under what the user wrote");
    assert_eq!(corp.token()["region"], "eu-central-1", "the name of the portal tells it");

    let (_, nowhere) = login("/nowhere", &["--sso-region", "eu-central-1"]);
    let nowhere = nowhere.await.unwrap();
    assert_eq!(nowhere.status.code(), Some(4), "{}", stderr(&nowhere));
    assert!(stderr(&nowhere).contains("does not lead to a portal of AWS"), "{}", stderr(&nowhere));
}
