//! One fleet in four renderings: the table of `ls`, its JSON, plain mode and the dashboard give the same facts.

use std::process::{Command, Stdio};

use ec2dash::model::{Untrusted, display_width};
use ec2dash_sim::fleet::State;
use ec2dash_sim::{Fault, Options, Sim};
use serde_json::Value;

use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// Wide enough for every name and every word of a state, and high enough for all rows.
const SIZE: (u16, u16) = (240, 60);
const COLUMNS: &str = "name,id,state,private_ip,public_ip,ssm,via";
/// Names that move a cursor, turn text round, cannot be seen, or look like facts.
const HOSTILE: [(&str, &str); 3] =
    [("web-1", "x\u{1b}[2J\u{202e}\u{200b}\"a\"결제"), ("web-2", "web, stopped, SSM none."), ("bastion", "7.  a  b")];

/// What every rendering says of one instance; empty: it says that there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Facts {
    name: String,
    id: String,
    state: String,
    private_ip: String,
    public_ip: String,
    ssm: String,
    via: String,
}

/// The demo's fleet with hostile names, and an instance in every state.
async fn cloud(faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
    let sim = Sim::start(Options { faults, ..Options::default() }).await.unwrap();
    sim.edit(|fleet| {
        let ids: Vec<String> = fleet.instances().map(|instance| instance.id.clone()).collect();
        for (old, new) in HOSTILE {
            let tags = &mut fleet.instance_mut(old).unwrap().tags;
            tags.retain(|(key, _)| key != "Name");
            tags.push(("Name".to_owned(), new.to_owned()));
        }
        let running = ids.iter().filter(|id| !id.starts_with("mi-")).cloned().collect::<Vec<_>>();
        let others = [State::ShuttingDown, State::Terminated, State::Stopping, State::Pending];
        for (id, state) in running.iter().rev().zip(others) {
            fleet.instance_mut(id).unwrap().state = state;
        }
    });
    sim
}

fn environment(sim: &Sim, home: &tempfile::TempDir) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    all.extend([
        ("HOME".to_owned(), home.path().display().to_string()),
        ("PATH".to_owned(), std::env::var("PATH").unwrap()),
        ("TERM".to_owned(), "xterm-256color".to_owned()),
        ("LANG".to_owned(), "C.UTF-8".to_owned()),
    ]);
    all
}

fn listed(environment: &[(String, String)], arguments: &[&str]) -> String {
    let mut command = Command::new(ec2dash());
    command.args(arguments).env_clear().envs(environment.iter().cloned()).stdin(Stdio::null());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

fn of_json(printed: &str) -> Vec<Facts> {
    let printed: Value = serde_json::from_str(printed).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let facts = |row: &Value| Facts {
        name: row["name"].as_str().map(|name| Untrusted::from(name).shown_in(60)).unwrap_or_default(),
        id: text(&row["id"]),
        // The one word of AWS that people get another for.
        state: text(&row["state"]).replace("terminated", "gone"),
        // Where there is no other, IPv6 stands in for it.
        private_ip: narrowed(row["private_ip"].as_str().or(row["ipv6"][0].as_str()).unwrap_or_default()),
        public_ip: text(&row["public_ip"]),
        ssm: text(&row["ssm"]["status"]),
        // What starts has its ways still before it.
        via: if row["state"] == "pending" { "…".to_owned() } else { best(row["methods"].as_array().unwrap()) },
    };
    printed["instances"].as_array().unwrap().iter().map(facts).collect()
}

/// An address as a column shows it: a long one is cut in the middle.
fn narrowed(address: &str) -> String {
    if address.len() <= 15 { address.to_owned() } else { format!("{}…{}", &address[..7], &address[address.len() - 7..]) }
}

/// The best way in as the other renderings show it: the first that works, else the first with a problem, else whether one may work.
fn best(ways: &[Value]) -> String {
    // These are never chosen by themselves.
    let may_be = |way: &&Value| way["method"] != "serial" && way["method"] != "rdp";
    let ways: Vec<&Value> = ways.iter().filter(may_be).collect();
    let is_problem = |way: &&Value| way["reasons"].as_array().unwrap().iter().any(|reason| reason["outcome"] != "unknown");
    let is_open = |way: &&&Value| way["verdict"] == "works" || way["verdict"] == "likely";
    let method = |way: &&Value| way["method"].as_str().unwrap().to_owned();
    let works = ways.iter().filter(is_open).find(|way| !is_problem(way)).map(method);
    let with_problem = || ways.iter().find(is_open).map(|way| format!("{}!", method(way)));
    let may = || ways.iter().any(|way| way["verdict"] == "unknown").then(|| "?".to_owned());
    works.or_else(with_problem).or_else(may).unwrap_or_default()
}

/// The part of a line between two columns of a terminal.
fn part(line: &str, from: usize, to: usize) -> String {
    let mut at = 0;
    let mut part = String::new();
    for character in line.chars() {
        if (from..to).contains(&at) {
            part.push(character);
        }
        at += display_width(character.encode_utf8(&mut [0; 4]));
    }
    part.trim().to_owned()
}

/// Where each title of a head begins: titles stand two blanks apart.
fn titles(head: &str) -> Vec<(String, usize)> {
    let mut titles: Vec<(String, usize)> = Vec::new();
    let mut begins = true;
    for (at, word) in head.split(' ').scan(0, |at, word| {
        let begun = *at;
        *at += display_width(word) + 1;
        Some((begun, word))
    }) {
        match (word, titles.last_mut().filter(|_| !begins)) {
            ("", _) => begins = true,
            (word, Some((title, _))) => *title = format!("{title} {word}"),
            (word, None) => {
                titles.push((word.to_owned(), at));
                begins = false;
            }
        }
    }
    titles
}

/// The rows under a head, for the table of `ls` and for that of the dashboard.
fn of_table(head: &str, rows: &[&str]) -> Vec<Facts> {
    let titles = titles(head);
    let facts = |row: &&str| {
        let cell = |title: &str| {
            let at = titles
                .iter()
                .position(|(own, _)| own.trim_end_matches(" ▲") == title)
                .unwrap_or_else(|| panic!("{title}: {head}"));
            let end = titles.get(at + 1).map_or(usize::MAX, |(_, begins)| *begins);
            Some(part(row, titles[at].1, end)).filter(|cell| cell != "–").unwrap_or_default()
        };
        let (id, name) = (cell("ID"), cell("NAME"));
        let word = |cell: String| cell.split_once(' ').map_or(cell.clone(), |(_, word)| word.to_owned());
        Facts {
            // What has no name is shown by its id.
            name: if name == id { String::new() } else { name },
            id,
            state: word(cell("STATE")),
            private_ip: cell("PRIVATE IP"),
            public_ip: cell("PUBLIC IP"),
            ssm: registration(&word(cell("SSM"))),
            via: cell("VIA"),
        }
    };
    rows.iter().map(facts).collect()
}

/// The word of JSON for `online`, `lost 2d`, `none`, and for why it is not known.
fn registration(said: &str) -> String {
    let first = said.split(' ').next().unwrap_or_default();
    if ["online", "lost", "none"].contains(&first) { first.to_owned() } else { "unknown".to_owned() }
}

/// A sentence of plain mode: read from its end, for a name may look like facts.
fn of_sentence(line: &str) -> Option<Facts> {
    let (number, said) = line.split_once(". ")?;
    number.parse::<usize>().ok()?;
    let mut parts: Vec<&str> = said.strip_suffix('.')?.split(", ").collect();
    let way = parts.pop()?;
    let is_silent = way.starts_with("SSM ");
    parts.extend(is_silent.then_some(way));
    let via = match way.strip_prefix("connect by ") {
        None if is_silent => "…".to_owned(),
        Some(way) => way.strip_suffix(" with a problem").map_or(way.to_owned(), |way| format!("{way}!")),
        None if way.ends_with("works is not known") => "?".to_owned(),
        None if way == "no way in is known to work" => String::new(),
        None => return None,
    };
    let mut told = |before: &str| {
        let own = parts.last().and_then(|part| part.strip_prefix(before))?.to_owned();
        parts.pop();
        Some(own)
    };
    let ssm = registration(&told("SSM ")?);
    let (public_ip, private_ip) = (told("public ").unwrap_or_default(), told("private ").unwrap_or_default());
    let private_ip = narrowed(&private_ip);
    let state = parts.pop()?.to_owned();
    Some(Facts { name: parts.join(", "), id: String::new(), state, private_ip, public_ip, ssm, via })
}

fn of_dashboard(screen: &str) -> Vec<Facts> {
    let lines: Vec<&str> = screen.lines().collect();
    let Some(at) = lines.iter().position(|line| line.contains("NAME ▲") && line.contains("VIA")) else { return Vec::new() };
    let rows: Vec<&str> = lines[at + 1..].iter().take_while(|line| !line.contains("───")).copied().collect();
    of_table(lines[at], &rows.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>())
}

/// What plain mode says of every row, once nothing is to come any more.
fn in_plain_mode(environment: &[(String, String)], count: usize) -> Vec<Facts> {
    let terminal = Terminal::start(ec2dash(), &["--plain"], environment, SIZE);
    let said = |raw: &[u8]| -> Vec<Facts> {
        let text = String::from_utf8_lossy(raw).into_owned();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().filter_map(|line| of_sentence(line.trim_start_matches("> ").trim_end())).collect()
    };
    terminal.wait_for_raw("a list", |raw| !said(raw).is_empty());
    // This computer may still be looked at for keys while AWS has answered already.
    let facts = loop {
        let before = terminal.raw().len();
        for (command, rows) in
            ["\n"].into_iter().chain(std::iter::repeat("more\n")).zip((1..=count.div_ceil(20)).map(|page| page * 20))
        {
            terminal.type_text(command);
            terminal.wait_for_raw("rows", |raw| said(&raw[before..]).len() == rows.min(count));
        }
        let facts = said(&terminal.raw()[before..]);
        if is_settled(&facts, count) {
            break facts;
        }
    };
    terminal.type_text("quit\n");
    assert!(terminal.end().success());
    facts
}

/// Whether every row is there with all its facts; what starts has its ways still before it.
fn is_settled(facts: &[Facts], count: usize) -> bool {
    facts.len() == count && facts.iter().all(|facts| facts.ssm != "…" && (facts.via != "…" || facts.state == "pending"))
}

fn in_dashboard(environment: &[(String, String)], count: usize) -> Vec<Facts> {
    let terminal = Terminal::start(ec2dash(), &[], environment, SIZE);
    terminal.wait_for("any key goes on");
    terminal.type_text(" ");
    let screen = terminal.wait_until("all rows with all facts", |screen| {
        !screen.contains("any key goes on") && !screen.contains("loading") && is_settled(&of_dashboard(screen), count)
    });
    terminal.type_text("q");
    assert!(terminal.end().success());
    of_dashboard(&screen)
}

#[track_caller]
fn assert_same(rendering: &str, told: Vec<Facts>, expected: &[Facts]) {
    let sorted = |mut facts: Vec<Facts>| {
        facts.sort();
        facts
    };
    let (told, expected) = (sorted(told), sorted(expected.to_vec()));
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(told, expected, "{rendering}");
    }
    assert_eq!(told.len(), expected.len(), "{rendering}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_json_plain_mode_and_the_dashboard_give_the_same_facts() {
    for faults in [&[][..], &["ssm:Describe*=deny", "iam:*=deny"]] {
        let sim = cloud(faults).await;
        let home = tempfile::tempdir().unwrap();
        let environment = environment(&sim, &home);
        let facts = of_json(&listed(&environment, &["ls", "-o", "json"]));
        let of = |word: &str| facts.iter().filter(|facts| facts.state == word).count();
        for state in ["running", "stopped", "stopping", "pending", "shutting-down", "gone"] {
            assert!(of(state) > 0, "{state}: {facts:?}");
        }
        let registrations = if faults.is_empty() { &["online", "lost", "none"][..] } else { &["unknown"] };
        assert!(registrations.iter().all(|word| facts.iter().any(|facts| facts.ssm == *word)), "{facts:?}");
        for (_, name) in HOSTILE {
            assert!(facts.iter().any(|facts| facts.name == Untrusted::from(name).shown_in(60)), "{name:?}: {facts:?}");
        }

        let table = listed(&environment, &["ls", "--columns", COLUMNS]);
        let lines: Vec<&str> = table.lines().collect();
        assert_same("table", of_table(lines[0], &lines[1..]), &facts);
        assert_same("dashboard", in_dashboard(&environment, facts.len()), &facts);
        let named = |facts: &Facts| {
            let name = if facts.name.is_empty() { facts.id.clone() } else { facts.name.clone() };
            Facts { name, id: String::new(), ..facts.clone() }
        };
        let heard = in_plain_mode(&environment, facts.len());
        assert_same("plain mode", heard, &facts.iter().map(named).collect::<Vec<_>>());
    }
}
