//! Secrets stay in memory: while every way in is used they are in no argument, environment, log, file or text of a panic.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use ec2dash_sim::{FleetSource, Options, Sim};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const WELCOME: &str = "Nothing here is on AWS";

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_seen_outside_of_memory_while_every_way_in_is_used() {
    let desk = Desk::new().await;
    let watch = Watch::begin(desk.home.path());
    let log = desk.home.path().join("log");
    let log_words = ["--log-file", log.to_str().unwrap(), "-vv"];
    let mut shown = Vec::new();

    for (method, programs) in
        [("ssm", &[][..]), ("ssm-ssh", &["ssh", " proxy "][..]), ("eic", &["ssh"][..]), ("ssh", &["ssh"][..])]
    {
        let arguments = [&log_words[..], &["connect", "web-1", "-m", method]].concat();
        let mut terminal = start(&arguments, &desk.environment(&[]));
        terminal.wait_for(WELCOME);
        // Seen at work, with everything it has started.
        watch.wait_until_seen_again(&[&[method][..], programs].concat());
        terminal.type_text("exit\r");
        assert!(terminal.wait().success(), "{method}: {}", terminal.shown());
        shown.extend(terminal.raw());
    }
    let mut terminal = start(&log_words, &desk.environment(&[("EC2DASH_TEST_PANIC", "session")]));
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
    terminal.type_text("\r");
    terminal.wait_for("1 ssm");
    terminal.type_text("1\r");
    assert_eq!(terminal.wait().code(), Some(101), "{}", terminal.shown());
    shown.extend(terminal.raw());

    let (samples, files) = watch.end();
    assert!(files.iter().any(|(path, _)| path.ends_with(".pub")), "no file of a run directory was seen");
    let canaries = desk.canaries();
    let kinds: Vec<&str> = canaries.keys().copied().collect();
    assert_eq!(kinds, ["a key file", "a secret", "a session token", "a signature", "a token of a session", "an access key"]);
    let report = files_below(desk.home.path()).into_iter().find(|path| path.to_string_lossy().contains("crash-"));
    assert!(report.is_some() && fs::metadata(&log).unwrap().len() > 1_000);
    let places = samples
        .iter()
        .flat_map(|sample| [("an argument", &sample.arguments), ("an environment", &sample.environment)])
        .map(|(what, bytes)| (what.to_owned(), bytes.clone()))
        .chain([("what was shown".to_owned(), shown)])
        .chain(files)
        .chain(files_below(desk.home.path()).into_iter().map(|path| (path.display().to_string(), fs::read(&path).unwrap())));
    for (place, bytes) in places {
        let text = String::from_utf8_lossy(&bytes);
        for (kind, values) in &canaries {
            assert!(!values.iter().any(|value| text.contains(value)), "{kind} is in {place}");
        }
        // Of keys that are made for one connection nobody else knows more than what they look like.
        for mark in ["PRIVATE KEY", "b3BlbnNzaC1rZXktdj", "X-Amz-Signature", "X-Amz-Security-Token"] {
            assert!(!text.contains(mark), "{mark} is in {place}");
        }
    }
    for sample in samples.iter().filter(|sample| sample.is_ours()) {
        assert!(
            sample.limits.lines().any(|line| line.starts_with("Max core file size") && line.contains(" 0 ")),
            "{}",
            sample.limits
        );
    }
}

/// Our program where it might leave core dumps, if it let itself.
fn start(arguments: &[&str], environment: &[(String, String)]) -> Terminal {
    let script = "ulimit -S -c $(ulimit -H -c); exec \"$@\"";
    let words = [&["-c", script, "sh", ec2dash().to_str().unwrap()], arguments].concat();
    Terminal::start("/bin/sh".as_ref(), &words, environment, LARGE)
}

/// A user whose credentials are in files, and all that goes to and from the cloud.
struct Desk {
    sim: Sim,
    home: tempfile::TempDir,
    /// Outside of what is searched: the user's own files, where the secrets are at home.
    files: tempfile::TempDir,
    endpoint: String,
    carried: Arc<Mutex<Vec<u8>>>,
}

impl Desk {
    async fn new() -> Self {
        let sim = Sim::start(Options { fleet: FleetSource::Demo, ..Options::default() }).await.unwrap();
        let (home, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let told: BTreeMap<_, _> = sim.environment().into_iter().collect();
        let config =
            "[profile ops]\nrole_arn = arn:aws:iam::210987654321:role/Auditor\nsource_profile = base\nregion = ap-northeast-2\n";
        let credentials = format!(
            "[base]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"]
        );
        fs::write(files.path().join("config"), config).unwrap();
        fs::write(files.path().join("credentials"), credentials).unwrap();
        let carried = Arc::new(Mutex::new(Vec::new()));
        let endpoint = relay(sim.endpoint(), &carried).await;
        Self { sim, home, files, endpoint, carried }
    }

    fn environment(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let file = |name: &str| self.files.path().join(name).display().to_string();
        let settings = self.sim.directory().join("config.toml").display().to_string();
        let own = [
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_PROFILE", "ops".to_owned()),
            ("AWS_CONFIG_FILE", file("config")),
            ("AWS_SHARED_CREDENTIALS_FILE", file("credentials")),
            ("EC2DASH_CONFIG", settings),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        environment(self.home.path(), more).into_iter().chain(own).collect()
    }

    /// Every secret that was in use, by its kind.
    fn canaries(&self) -> BTreeMap<&'static str, Vec<String>> {
        let carried = String::from_utf8_lossy(&self.carried.lock().unwrap()).into_owned();
        let told: BTreeMap<_, _> = self.sim.environment().into_iter().collect();
        let between = |before: &str, after: &[char]| -> Vec<String> {
            carried.split(before).skip(1).filter_map(|rest| rest.split(after).next()).map(str::to_owned).collect()
        };
        let keys = files_below(&self.sim.directory().join("keys"))
            .into_iter()
            .filter(|path| path.extension().is_none_or(|end| end != "pub"));
        let lines = keys.flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.lines().filter(|line| line.len() >= 40).map(str::to_owned).collect::<Vec<_>>()
        });
        let access_keys = [between("<AccessKeyId>", &['<']), vec![told["AWS_ACCESS_KEY_ID"].clone()]].concat();
        let secrets = [between("<SecretAccessKey>", &['<']), vec![told["AWS_SECRET_ACCESS_KEY"].clone()]].concat();
        let all: BTreeMap<_, Vec<String>> = [
            ("an access key", access_keys),
            ("a secret", secrets),
            ("a session token", between("<SessionToken>", &['<'])),
            ("a token of a session", between("\"TokenValue\":\"", &['"'])),
            ("a signature", between("Signature=", &['\r', '&', ','])),
            ("a key file", lines.collect()),
        ]
        .into();
        all.into_iter().filter(|(_, values)| !values.is_empty() && values.iter().all(|value| value.len() >= 16)).collect()
    }
}

/// A way to `endpoint` that keeps what goes through it; its address.
async fn relay(endpoint: &str, carried: &Arc<Mutex<Vec<u8>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (target, carried) = (endpoint.trim_start_matches("http://").to_owned(), Arc::clone(carried));
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = TcpStream::connect(&target).await else { continue };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(copy(near_in, far_out, Arc::clone(&carried)));
            tokio::spawn(copy(far_in, near_out, Arc::clone(&carried)));
        }
    });
    format!("http://{address}")
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, carried: Arc<Mutex<Vec<u8>>>) {
    // As a whole, so that the two ways of all connections do not cut each other's words.
    let mut all = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        all.extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).await.is_err() {
            break;
        }
        carried.lock().unwrap().append(&mut all);
    }
    let _ = to.shutdown().await;
}

/// One process, as it was seen.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    id: u32,
    pub arguments: Vec<u8>,
    pub environment: Vec<u8>,
    limits: String,
}

impl Sample {
    /// Whether it is our program, and has begun to run.
    fn is_ours(&self) -> bool {
        let name = self.arguments.split(|byte| *byte == 0).next().unwrap_or_default();
        name.ends_with(b"/ec2dash")
    }
}

/// The name and bytes of small files, gone since or not.
pub type Files = BTreeSet<(String, Vec<u8>)>;

/// Limits of processes, by their number, arguments and environment.
type Seen = BTreeMap<(u32, Vec<u8>, Vec<u8>), String>;

/// Looks at every process that has our home in its environment, and at the small files in it, a hundred times a second.
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    files: Arc<Mutex<Files>>,
    now: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watch {
    pub fn begin(home: &Path) -> Self {
        let mark = format!("HOME={}\0", home.display()).into_bytes();
        let (seen, files, now) = (Arc::default(), Arc::default(), Arc::default());
        let is_over = Arc::new(AtomicBool::new(false));
        let home = home.to_owned();
        let thread = std::thread::spawn({
            let (seen, files, now, is_over) = (Arc::clone(&seen), Arc::clone(&files), Arc::clone(&now), Arc::clone(&is_over));
            move || {
                while !is_over.load(Ordering::Relaxed) {
                    let found = look(&mark);
                    *Mutex::lock(&now).unwrap() =
                        found.iter().map(|sample| String::from_utf8_lossy(&sample.arguments).replace('\0', " ")).collect();
                    let mut seen = Mutex::<BTreeMap<_, _>>::lock(&seen).unwrap();
                    // The newest limits count: the first moment of a process is before it sets any.
                    seen.extend(
                        found.into_iter().map(|sample| ((sample.id, sample.arguments, sample.environment), sample.limits)),
                    );
                    drop(seen);
                    Mutex::<Files>::lock(&files).unwrap().extend(small_files(&home));
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        });
        Self { seen, files, now, is_over, thread }
    }

    /// Wait until processes run whose arguments have these words.
    #[track_caller]
    fn wait_until_seen_again(&self, words: &[&str]) {
        self.now.lock().unwrap().clear();
        for _ in 0..1_000 {
            let now = self.now.lock().unwrap().clone();
            if words.iter().all(|word| now.iter().any(|arguments| arguments.contains(word))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{words:?} are not among {:?}", self.now.lock().unwrap());
    }

    pub fn end(self) -> (Vec<Sample>, Files) {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
        let seen = self.seen.lock().unwrap().clone();
        let samples =
            seen.into_iter().map(|((id, arguments, environment), limits)| Sample { id, arguments, environment, limits });
        (samples.collect(), std::mem::take(&mut self.files.lock().unwrap()))
    }
}

fn look(mark: &[u8]) -> Vec<Sample> {
    let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let sample = |id: u32| {
        let read = |name: &str| fs::read(format!("/proc/{id}/{name}")).ok();
        let environment = read("environ").filter(|environment| environment.windows(mark.len()).any(|bytes| bytes == mark))?;
        let limits = String::from_utf8_lossy(&read("limits")?).into_owned();
        Some(Sample { id, arguments: read("cmdline")?, environment, limits })
    };
    ids.filter_map(sample).collect()
}

/// What is in it now, but for what grows with the time.
fn small_files(home: &Path) -> Files {
    let small = |path: &PathBuf| fs::metadata(path).is_ok_and(|about| about.len() < 16 * 1024);
    let files = files_below(home).into_iter().filter(|path| !path.ends_with("log")).filter(small);
    files.filter_map(|path| Some((path.display().to_string(), fs::read(&path).ok()?))).collect()
}

pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).filter(|path| path.is_file()).collect()
}
