//! Tunnels: every byte through them, many connections at once and one after another, and what is said when something goes wrong.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStdout, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::proxy::{Desk, WEB, echo, noise, server};
use crate::support::tools::ClosedPort;

const LONG: Duration = Duration::from_secs(60);

/// `ec2dash tunnel` that has said where it listens.
struct Open {
    child: Option<Child>,
    /// Of what it listens on, in the order asked for.
    local: Vec<String>,
    _stdout: BufReader<ChildStdout>,
}

impl Open {
    fn new(desk: &Desk, arguments: &[&str], count: usize) -> Self {
        Self::of(desk.command(&[&["tunnel", WEB], arguments].concat()), count)
    }

    fn of(mut command: std::process::Command, count: usize) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut local = Vec::new();
        for _ in 0..count {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let Some((near, _)) = line.split_once(" -> ") else {
                panic!("{line:?}: {}", text(&child.wait_with_output().unwrap().stderr));
            };
            local.push(near.to_owned());
        }
        Self { child: Some(child), local, _stdout: stdout }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.local[0]).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// What stderr says up to the line with all of these words, wherever.
    fn wait_for_line(&mut self, words: &[&str]) -> String {
        let stderr = self.child.as_mut().unwrap().stderr.as_mut().unwrap();
        let mut said = String::new();
        // Nothing of a later line may be taken away.
        let mut byte = [0];
        while !(said.ends_with('\n') && words.iter().all(|words| said.contains(words))) {
            assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{words:?} never came: {said}");
            said.push(char::from(byte[0]));
        }
        said
    }

    /// End it; what it said on stderr, and its code.
    fn end(mut self) -> (String, Option<i32>) {
        let child = self.child.take().unwrap();
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        (text(&stderr), status.code())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Send all and take so much back.
fn through(stream: &mut (impl Read + Write), mut other: impl Write + Send, bytes: &[u8]) -> Vec<u8> {
    thread::scope(|scope| {
        scope.spawn(move || other.write_all(bytes).unwrap());
        let mut back = vec![0; bytes.len()];
        stream.read_exact(&mut back).unwrap();
        back
    })
}

fn over_tcp(stream: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
    let other = stream.try_clone().unwrap();
    through(stream, other, bytes)
}

fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LONG, "{what} never came");
        thread::sleep(Duration::from_millis(50));
    }
}

fn set_agent(desk: &Desk, version: &str) {
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == WEB) {
            instance.agent.as_mut().unwrap().version = version.to_owned();
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_value_and_eight_mebibytes_come_back_equal_and_leaving_ends_the_session_once() {
    let desk = Desk::new(&[]).await;
    let tunnel = Open::new(&desk, &[&format!("0:{}", echo())], 1);
    let mut stream = tunnel.connect();
    let every: Vec<u8> = (0..=255).collect();

    for bytes in [b"\n".as_slice(), b"\r\n", &every, &noise(8 * 1024 * 1024)] {
        assert!(over_tcp(&mut stream, bytes) == bytes, "{} bytes differ", bytes.len());
    }
    drop(stream);
    let (stderr, code) = tunnel.end();

    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("1 connection, sent 8.3 MB, received 8.3 MB"), "{stderr}");
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_after_the_local_end_and_the_far_end_closes_both_ways() {
    let desk = Desk::new(&[]).await;
    let port = server(|mut stream| {
        let mut question = [0; 5];
        stream.read_exact(&mut question).unwrap();
        thread::sleep(Duration::from_millis(500));
        stream.write_all(&noise(200_000)).unwrap();
    });
    let tunnel = Open::new(&desk, &[&format!("0:{port}")], 1);
    let mut stream = tunnel.connect();

    stream.write_all(b"quest").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();

    assert!(answer == noise(200_000), "{} bytes", answer.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_connections_share_a_session_and_one_that_never_reads_stops_no_other() {
    let desk = Desk::new(&[]).await;
    let port = server(|mut stream| {
        let mut first = [0];
        stream.read_exact(&mut first).unwrap();
        if first == *b"f" {
            let piece = [b'x'; 65536];
            while stream.write_all(&piece).is_ok() {}
        } else {
            let mut from = stream.try_clone().unwrap();
            let _ = std::io::copy(&mut from, &mut stream);
        }
    });
    let tunnel = Open::new(&desk, &[&format!("0:{port}")], 1);
    let mut silent = tunnel.connect();
    silent.write_all(b"f").unwrap();
    thread::sleep(Duration::from_millis(500));

    let bytes = Arc::new(noise(100_000));
    let others: Vec<_> = (0..49)
        .map(|_| {
            let mut stream = tunnel.connect();
            let bytes = Arc::clone(&bytes);
            thread::spawn(move || {
                stream.write_all(b"e").unwrap();
                over_tcp(&mut stream, &bytes) == *bytes
            })
        })
        .collect();

    assert!(others.into_iter().all(|other| other.join().unwrap()));
    drop(silent);
    assert_eq!(desk.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_the_far_side_stops_taking_is_named_and_new_connections_pass_by_it() {
    let desk = Desk::new(&[]).await;
    let port = server(|mut stream| {
        let mut first = [0];
        stream.read_exact(&mut first).unwrap();
        if first == *b"s" {
            // It has the connection, and reads no more of it.
            thread::park();
        }
        let mut from = stream.try_clone().unwrap();
        let _ = std::io::copy(&mut from, &mut stream);
    });
    let mut tunnel = Open::new(&desk, &[&format!("0:{port}")], 1);
    let mut stalled = tunnel.connect();
    let from = stalled.local_addr().unwrap();
    thread::spawn(move || stalled.write_all(b"s").and_then(|()| stalled.write_all(&noise(32 * 1024 * 1024))));

    tunnel.wait_for_line(&["new ones get another session", &format!("the connection from {from} to {port} stalls")]);

    let mut other = tunnel.connect();
    other.write_all(b"e").unwrap();
    assert_eq!(over_tcp(&mut other, b"through"), b"through");
    assert_eq!(desk.calls("ssm:StartSession"), 2);
    let (stderr, code) = tunnel.end();
    assert_eq!(code, Some(130), "{stderr}");
    assert_eq!(desk.calls("ssm:TerminateSession"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_instance_of_the_same_network_is_reached_by_its_name_and_by_its_address() {
    let desk = Desk::new(&[]).await;
    let fleet = desk.sim.fleet();
    let other = fleet.instances().find(|other| other.name() == "web-2").unwrap();
    let address = other.private_ip.clone().unwrap();
    let name = format!("ip-{}.{}.compute.internal", address.replace('.', "-"), other.region);

    for host in [name, address] {
        let tunnel = Open::new(&desk, &[&format!("0:{host}:22"), &format!("0:{host}:{}", echo())], 2);
        let mut greeting = [0; 8];
        tunnel.connect().read_exact(&mut greeting).unwrap();
        let mut stream = TcpStream::connect(&tunnel.local[1]).unwrap();

        assert_eq!(&greeting, b"SSH-2.0-");
        assert_eq!(over_tcp(&mut stream, b"through"), b"through");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_connections_one_after_another_leave_no_descriptor_open() {
    let desk = Desk::new(&[]).await;
    let tunnel = Open::new(&desk, &[&format!("0:{}", echo())], 1);
    let open = |tunnel: &Open| std::fs::read_dir(format!("/proc/{}/fd", tunnel.id())).unwrap().count();
    let once = || assert_eq!(over_tcp(&mut tunnel.connect(), b"hello"), b"hello");
    once();
    let before = open(&tunnel);

    for _ in 0..200 {
        once();
    }

    wait_for("the end of the last connections", || open(&tunnel) <= before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_reset_and_said_and_the_tunnel_goes_on() {
    let desk = Desk::new(&[]).await;
    let closed = ClosedPort::new();
    let port = closed.number();
    let tunnel = Open::new(&desk, &[&format!("0:{port}"), &format!("0:{}", echo())], 2);

    let mut refused = tunnel.connect();
    let error = refused.read(&mut [0]).unwrap_err();
    let mut good = TcpStream::connect(&tunnel.local[1]).unwrap();
    assert_eq!(over_tcp(&mut good, b"still"), b"still");
    let (stderr, _) = tunnel.end();

    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(stderr.contains(&format!("the instance could not connect to {port}")), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_agent_carries_one_connection_at_a_time_and_that_is_said() {
    let desk = Desk::new(&[]).await;
    set_agent(&desk, "2.3.760.0");
    let tunnel = Open::new(&desk, &[&format!("0:{}", echo())], 1);

    let mut first = tunnel.connect();
    assert_eq!(over_tcp(&mut first, b"one"), b"one");
    let mut second = tunnel.connect();
    second.write_all(b"two").unwrap();
    drop(first);
    let mut back = [0; 3];
    second.read_exact(&mut back).unwrap();
    drop(second);
    let (stderr, _) = tunnel.end();

    assert_eq!(&back, b"two");
    assert!(stderr.contains("too old for more than one connection"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_service_ended_is_opened_again_for_the_next_connection() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let longest = Some(Duration::from_secs(3));
        for account in &mut fleet.accounts {
            account.session_preferences = Some(ec2dash_sim::Preferences { longest, ..Default::default() });
        }
    });
    let tunnel = Open::new(&desk, &[&format!("0:{}", echo())], 1);
    let mut stream = tunnel.connect();
    assert_eq!(over_tcp(&mut stream, b"one"), b"one");

    let ended = stream.read(&mut [0]);
    assert!(ended.is_err(), "the service ends the session, and with it the connection: {ended:?}");
    wait_for("another session", || {
        let mut again = tunnel.connect();
        again.write_all(b"two").is_ok() && again.read_exact(&mut [0; 3]).is_ok()
    });
    let (stderr, _) = tunnel.end();

    assert!(stderr.contains("another session to"), "{stderr}");
    assert!(desk.calls("ssm:StartSession") >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_may_not_be_resumed_names_the_action_and_the_resource() {
    let desk = Desk::new(&["ssm:ResumeSession=deny", "ssmmessages:Up=close:3s"]).await;
    let mut tunnel = Open::new(&desk, &["0:22"], 1);

    let line = tunnel.wait_for_line(&["is over"]);

    assert!(line.contains("ssm:ResumeSession is denied"), "{line}");
    assert!(line.contains("on arn:aws:ssm:*:*:session/jiwoo-*"), "{line}");
    assert!(!line.contains("within") && !line.contains("network"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_no_agent_forwards_to_is_refused_before_anything_is_asked() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("saved.toml");
    std::fs::write(&config, "[tunnels.meta]\ntarget = \"web-1\"\nforward = \"0:169.254.169.254:80\"\n").unwrap();

    for place in ["169.254.169.254:80", "0:169.254.169.254:80", "0:[fd00:ec2::254]:80", "0:[fe80::1]:80", "0:127.0.0.2:80"] {
        let output = desk.command(&["tunnel", WEB, place]).output().unwrap();

        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{place}: {stderr}");
        assert!(stderr.contains("error[tunnel-forbidden]"), "{place}: {stderr}");
    }
    let saved = desk.command(&["--config", config.to_str().unwrap(), "tunnel", "@meta"]).output().unwrap();
    assert_eq!(saved.status.code(), Some(2), "{}", text(&saved.stderr));
    assert_eq!((desk.calls("ec2:DescribeInstances"), desk.calls("ssm:StartSession")), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_costs_no_session() {
    let desk = Desk::new(&[]).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();

    let output = desk.command(&["tunnel", WEB, &format!("{port}:22")]).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("tunnel-port-taken"), "{}", text(&output.stderr));
    assert_eq!(desk.sim.calls().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_in_the_file_system_and_an_end_with_the_first_connection() {
    let desk = Desk::new(&[]).await;
    let path = desk.home.path().join("db.sock");
    let shown = path.display().to_string();
    let mut tunnel = Open::new(&desk, &[&echo().to_string(), "--socket", &shown, "--once"], 1);
    assert_eq!(tunnel.local, [shown]);

    let mut stream = UnixStream::connect(&path).unwrap();
    let other = stream.try_clone().unwrap();
    let bytes = noise(300_000);
    assert!(through(&mut stream, other, &bytes) == bytes);
    assert!(UnixStream::connect(&path).is_err(), "a second one waits for the first");
    drop(stream);
    let output = tunnel.child.take().unwrap().wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!path.exists());
    assert_eq!(desk.calls("ssm:TerminateSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn socks_goes_where_each_connection_says() {
    let desk = Desk::new(&[]).await;
    let ports = [echo(), echo()];
    let tunnel = Open::new(&desk, &["-D", "0"], 1);
    let greeted = |host: &[u8], port: u16| {
        let mut stream = tunnel.connect();
        stream.write_all(b"\x05\x01\x00").unwrap();
        let length = u8::try_from(host.len()).unwrap();
        let head = [b"\x05\x01\x00\x03".as_slice(), &[length], host, &port.to_be_bytes()].concat();
        stream.write_all(&head).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        (stream, answer[3])
    };

    for port in ports {
        for _ in 0..2 {
            let (mut stream, answer) = greeted(b"localhost", port);
            assert_eq!(answer, 0);
            assert_eq!(over_tcp(&mut stream, b"through"), b"through");
        }
    }
    assert_eq!(greeted(b"169.254.169.254", 80).1, 2, "the agent does not forward there");
    let (stderr, _) = tunnel.end();

    assert_eq!(desk.calls("ssm:StartSession"), 2, "one for each place");
    assert_eq!(desk.calls("ssm:TerminateSession"), 2);
    assert!(stderr.contains("agents do not forward to 169.254.169.254:80"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_tunnel_from_opening_is_told() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;

    let output = desk.command(&["tunnel", WEB, "0:80"]).output().unwrap();

    assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("cannot open a tunnel to web-1"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_tunnel_opens_by_its_name_and_a_wrong_name_lists_those_there_are() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("saved.toml");
    let saved = format!(
        "[tunnels.echo]\ntarget = \"web-1\"\nforward = \"0:{}\"\n[tunnels.wiki]\ntarget = \"web-1\"\nsocks = 0\n",
        echo()
    );
    std::fs::write(&config, saved).unwrap();
    let config = config.display().to_string();
    let command = |arguments: &[&str]| desk.command(&[&["--config", &config, "tunnel"], arguments].concat());

    let tunnel = Open::of(command(&["@echo"]), 1);
    assert_eq!(over_tcp(&mut tunnel.connect(), b"saved"), b"saved");
    tunnel.end();
    let path = desk.home.path().join("echo.sock");
    let tunnel = Open::of(command(&["@echo", "--socket", path.to_str().unwrap()]), 1);
    let mut stream = UnixStream::connect(&path).unwrap();
    let other = stream.try_clone().unwrap();
    assert_eq!(through(&mut stream, other, b"elsewhere"), b"elsewhere");
    tunnel.end();
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (2, 2));

    for (arguments, code, words) in [
        (["@ecko"].as_slice(), 3, "There are: @echo @wiki"),
        (&["@echo", "80"], 2, "tunnel-saved-and-more"),
        (&["@wiki", "--socket", "x"], 2, "tunnel-one-socket"),
        (&["web-1"], 2, "tunnel-nothing"),
    ] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(words), "{arguments:?}: {}", text(&output.stderr));
    }
    let none = desk.plain(&["tunnel", "@echo"]).output().unwrap();
    assert!(text(&none.stderr).contains("[tunnels.echo] with target"), "{}", text(&none.stderr));
    assert_eq!(desk.calls("ssm:StartSession"), 2);
}

/// The library's view of a tunnel, as a dashboard has it.
#[tokio::test(flavor = "multi_thread")]
async fn state_and_traffic_can_be_watched() {
    use ec2dash::aws::{Cloud, Environment, Options};
    use ec2dash::model::{AllowedPrograms, Destination};
    use ec2dash::session::tunnel::{Bind, Listen, Listener, Purpose, Tunnel, TunnelOptions, TunnelState};
    let desk = Desk::new(&[]).await;
    let variables: HashMap<_, _> = desk.sim.environment().into_iter().collect();
    let region: ec2dash::model::Region = variables["AWS_REGION"].parse().unwrap();
    let options = Options {
        profile: None,
        region: Some(region.clone()),
        timeout: LONG,
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    };
    let cloud = Cloud::open_in(&options, Environment::new(variables)).await.unwrap();
    let listener = Listener::bind(&Listen::Tcp { bind: Bind::Loopback, port: 0 }).await.unwrap();
    let options = TunnelOptions {
        region,
        target: WEB.parse().unwrap(),
        purpose: Purpose::Forward(Destination::Port(echo())),
        reconnect: LONG,
        once: false,
    };

    let mut tunnel = Tunnel::start(cloud, listener, options);
    assert_eq!(*tunnel.state().borrow(), TunnelState::Starting);
    tunnel.opened().await.unwrap();
    let local = tunnel.addresses()[0];
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(local).unwrap();
        counter.store(over_tcp(&mut stream, &noise(50_000)).len(), Ordering::Relaxed);
    })
    .await
    .unwrap();
    let traffic = tunnel.traffic();
    tunnel.end();
    tunnel.over().await;

    assert_eq!((traffic.sent, traffic.connections, count.load(Ordering::Relaxed)), (50_000, 1, 50_000));
    assert_eq!(*tunnel.state().borrow(), TunnelState::Over { why: None });
    assert_eq!(desk.calls("ssm:TerminateSession"), 1);
}

/// Of the demo: only the endpoint's group may come in, on ports 22 and 3389.
const DB: &str = "i-03b2c1d0e9f8a7b65";
const WINDOWS: &str = "i-0bb22cc33dd44ee55";

#[tokio::test(flavor = "multi_thread")]
async fn the_two_ports_of_an_endpoint_are_forwarded_as_they_are_and_each_connection_has_its_tunnel() {
    let desk = Desk::new(&[]).await;
    desk.sim.lead_tunnels(3389, echo());
    let open = Open::of(desk.plain(&["tunnel", WINDOWS, "0:3389", "--method", "eice"]), 1);
    let bytes = noise(1_000_000);

    let mut first = open.connect();
    assert!(over_tcp(&mut first, &bytes) == bytes, "bytes differ");
    let mut second = open.connect();
    assert!(over_tcp(&mut second, b"second") == b"second");
    drop((first, second));

    let (said, code) = open.end();
    assert_eq!(code, Some(130), "{said}");
    // One to see that it opens, and one for each connection.
    assert_eq!((desk.calls("ec2-instance-connect:OpenTunnel"), desk.calls("ssm:StartSession")), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_connection_carried_that_still_runs_is_counted_at_the_end() {
    let desk = Desk::new(&[]).await;
    desk.sim.lead_tunnels(3389, echo());
    let open = Open::of(desk.plain(&["tunnel", WINDOWS, "0:3389", "--method", "eice"]), 1);
    let bytes = noise(300_000);
    let mut running = open.connect();
    assert!(over_tcp(&mut running, &bytes) == bytes, "bytes differ");
    // This one waits out its silence.
    let mut half = open.connect();
    assert!(over_tcp(&mut half, &bytes) == bytes, "bytes differ");
    half.shutdown(Shutdown::Write).unwrap();

    let (said, code) = open.end();

    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("2 connections") && said.matches("600 KB").count() == 2, "{said}");
    drop((running, half));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_carries_both_ways_at_once_also_more_than_lies_in_between() {
    let desk = Desk::new(&[]).await;
    // One that takes nothing more before all of its own is taken.
    desk.sim.lead_tunnels(3389, echo());
    let open = Open::of(desk.plain(&["tunnel", WINDOWS, "0:3389", "--method", "eice"]), 1);
    let bytes = noise(60_000_000);

    let mut stream = open.connect();
    let back = tokio::task::spawn_blocking(move || over_tcp(&mut stream, &bytes) == bytes);

    let is_same = tokio::time::timeout(Duration::from_secs(100), back).await.expect("it goes on").unwrap();
    assert!(is_same, "bytes differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_through_an_endpoint_comes_whole_after_the_local_end() {
    let desk = Desk::new(&[]).await;
    let far = server(|mut stream| {
        let mut question = [0; 5];
        // The first is only to see that a tunnel opens.
        if stream.read_exact(&mut question).is_err() {
            return;
        }
        for _ in 0..2 {
            thread::sleep(Duration::from_secs(1));
            stream.write_all(&noise(200_000)).unwrap();
        }
    });
    desk.sim.lead_tunnels(3389, far);
    let open = Open::of(desk.plain(&["tunnel", WINDOWS, "0:3389", "--method", "eice"]), 1);
    let mut stream = open.connect();

    stream.write_all(b"quest").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();

    assert!(answer == [noise(200_000), noise(200_000)].concat(), "{} bytes", answer.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_whose_time_is_over_says_so_and_the_next_connection_has_another() {
    let desk = Desk::new(&[]).await;
    desk.sim.lead_tunnels(3389, echo());
    let mut open = Open::of(desk.plain(&["tunnel", WINDOWS, "0:3389", "-m", "eice", "--tunnel-limit", "3s"]), 1);
    let mut first = open.connect();
    assert_eq!(over_tcp(&mut first, b"x"), b"x");

    open.wait_for_line(&["ends in 2 seconds", "time was over"]);

    let mut rest = Vec::new();
    assert_eq!(first.read_to_end(&mut rest).unwrap_or_default(), 0);
    let mut second = open.connect();
    assert_eq!(over_tcp(&mut second, b"again"), b"again");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_ports_go_through_ssh_inside_of_the_endpoint_also_to_a_socket_here() {
    ports_go_through_ssh(&std::env::var("PATH").unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_they_do_where_there_is_no_openssh() {
    ports_go_through_ssh("/no/such/directory").await;
}

async fn ports_go_through_ssh(path: &str) {
    let desk = Desk::new(&[]).await;
    let tunnel = |words: &[&str]| {
        let mut command = desk.plain(&[&["tunnel", DB, "--method", "eice"], words].concat());
        command.env("PATH", path);
        command
    };
    let port = format!("0:{}", echo());
    let open = Open::of(tunnel(&[&port]), 1);
    let bytes = noise(1_000_000);

    assert!(over_tcp(&mut open.connect(), &bytes) == bytes, "bytes differ");
    assert!(over_tcp(&mut open.connect(), b"second") == b"second");

    assert_eq!(open.end().1, Some(130));
    assert_eq!((desk.calls("ec2-instance-connect:OpenTunnel"), desk.calls("ssm:StartSession")), (1, 0));
    let socket = desk.home.path().join("s");
    let port = echo().to_string();
    let open = Open::of(tunnel(&[&port, "--socket", socket.to_str().unwrap()]), 1);
    let mut stream = UnixStream::connect(&socket).unwrap();
    let other = stream.try_clone().unwrap();
    assert_eq!(through(&mut stream, other, b"by a socket"), b"by a socket");
    assert_eq!(open.end().1, Some(130));
    if path.starts_with("/no/") {
        assert!(!socket.exists(), "it goes with what listened there, which OpenSSH leaves");
    }
    let open = Open::of(tunnel(&["-D", "0"]), 1);
    let mut stream = open.connect();
    stream.write_all(b"\x05\x01\x00").unwrap();
    let to: u16 = port.parse().unwrap();
    stream.write_all(&[b"\x05\x01\x00\x03\x09localhost".as_slice(), &to.to_be_bytes()].concat()).unwrap();
    let mut granted = [0; 12];
    stream.read_exact(&mut granted).unwrap();
    assert_eq!(granted[..4], *b"\x05\x00\x05\x00");
    assert!(over_tcp(&mut stream, &bytes) == bytes, "bytes differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_an_endpoint_from_a_tunnel_is_told_before_anybody_connects() {
    let desk = Desk::new(&["ec2-instance-connect:OpenTunnel=deny"]).await;

    let output = desk.plain(&["tunnel", WINDOWS, "0:3389", "--method", "eice"]).output().unwrap();

    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
    assert!(text(&output.stderr).contains("ec2-instance-connect:OpenTunnel"), "{}", text(&output.stderr));
}
