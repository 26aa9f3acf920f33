//! The two panes on the terminal: keys and answers into them, what they ask for into the two stores, then one picture.

use std::collections::HashMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::super::key::Key;
use super::super::look::Look;
use super::super::panes::{Content, Edge, Entry, PaneEffect, Panes, draw};
use super::super::signals::{Signal, Signals};
use super::super::terminal::Terminal;
use super::super::theme::Theme;
use super::{Error, Finish, HANG_UP};
use crate::config::Ui;
use crate::files::{Copier, Event as FileEvent, Meter, Options, Rate, Store, Trouble, What, own_name, shown};
use crate::terminal::{Event, Typed};
use crate::text::Catalogue;

/// How often the line about a copy changes.
const TICK: Duration = Duration::from_millis(200);
/// How long putting away may take.
const GRACE: Duration = Duration::from_secs(3);
/// Things told of files that nobody has read yet.
const UNREAD: usize = 256;

/// What the panes are started with.
pub struct PaneStart {
    /// All sentences.
    pub text: Arc<Catalogue>,
    /// How the screen looks.
    pub ui: Ui,
    /// What the terminal can show.
    pub look: Look,
    /// The instance, fit for a screen.
    pub there: String,
    /// Its files.
    pub store: Store,
    /// Whether nothing may be copied to it.
    pub is_read_only: bool,
}

/// An answer of a task.
enum Answer {
    Listed(Edge, PathBuf, Result<Content, Trouble>),
    Copied(Edge, Result<(), Trouble>),
}

/// What is heard of the tasks.
enum Heard {
    Answer(Answer),
    Event(FileEvent),
}

/// A copy under way.
struct Copying {
    copier: Copier,
    events: mpsc::Receiver<FileEvent>,
    meter: Arc<Meter>,
    begun: Instant,
    rate: Rate,
    /// The first thing that went wrong, in words.
    failed: Option<String>,
    task: tokio::task::AbortHandle,
    from: Edge,
}

/// Show the panes until somebody leaves, or `lost` says that the connection is gone: then that is what is returned.
pub async fn panes<T>(start: PaneStart, lost: impl Future<Output = T>) -> Result<Result<Finish, T>, Error> {
    let mut signals = Signals::listen()?;
    let mut terminal = Terminal::take(start.ui.title).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotConnected => Error::NoTerminal,
        _ => Error::Terminal(error),
    })?;
    let theme = Theme::new(&start.ui, &start.look);
    let mut panes = Panes::new(Arc::clone(&start.text), &start.text.say("panes-here"), &start.there, start.is_read_only);
    let mut world = World { store: start.store, text: start.text, tasks: JoinSet::new(), copying: None, unfinished: None };
    let mut effects = panes.begin(PathBuf::from("."), PathBuf::from("."));
    let mut lost = std::pin::pin!(lost);
    loop {
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                if effect == PaneEffect::Quit {
                    world.stop().await;
                    return Ok(Ok(Finish::Quit));
                }
                // What is stopped has an effect of its own.
                effects.extend(world.perform(&mut panes, effect).await);
            }
        }
        if terminal.is_ready() {
            terminal.draw(|frame| draw(frame, &panes, &theme))?;
        }
        let ready = terminal.ready();
        let may_draw = terminal.is_ready();
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                Signal::End(number) => {
                    world.stop().await;
                    return Ok(Ok(Finish::Signal(number)));
                }
                Signal::Stop => {
                    terminal.release().await;
                    signals.stop().await;
                    terminal.take_back()?;
                }
                Signal::Woken => terminal.take_back()?,
            },
            gone = &mut lost => {
                world.stop().await;
                return Ok(Err(gone));
            }
            event = terminal.next_event() => match event {
                Ok(Event::Typed(Typed::Key(key))) => effects = Key::of(&key).map(|key| panes.press(key)).unwrap_or_default(),
                Ok(_) => {}
                Err(_) => return Ok(Ok(Finish::Signal(HANG_UP))),
            },
            () = ready, if !may_draw => {}
            heard = world.next() => match heard {
                Heard::Answer(answer) => effects = world.answered(&mut panes, answer),
                Heard::Event(event) => world.told(&mut panes, &event),
            },
            () = sleep(TICK), if world.copying.is_some() => world.progress(&mut panes),
        }
    }
}

/// The two stores, and what is asked of them.
struct World {
    store: Store,
    text: Arc<Catalogue>,
    tasks: JoinSet<Answer>,
    copying: Option<Copying>,
    /// What the last copy was of, from where and to where, if it was not done.
    unfinished: Option<(Edge, Vec<PathBuf>, PathBuf)>,
}

impl World {
    fn of(&self, edge: Edge) -> Store {
        match edge {
            Edge::Left => Store::Here,
            Edge::Right => self.store.clone(),
        }
    }

    async fn perform(&mut self, panes: &mut Panes, effect: PaneEffect) -> Vec<PaneEffect> {
        match effect {
            PaneEffect::List(edge, path) => {
                let store = self.of(edge);
                self.tasks.spawn(async move {
                    // A path that cannot be made whole is told by its listing.
                    let whole = store.whole_path(&path).await.unwrap_or(path);
                    let content = content(&store, &whole).await;
                    Answer::Listed(edge, whole, content)
                });
                Vec::new()
            }
            PaneEffect::Copy { from, sources, to } => {
                let (sender, events) = mpsc::channel(UNREAD);
                let meter = Arc::new(Meter::default());
                // A copy that was stopped is gone on with by the same one; every other copies what it is told to.
                let own = (from, sources.clone(), to.clone());
                let resumes = self.unfinished.as_ref() == Some(&own);
                self.unfinished = Some(own);
                let options = Options { is_recursive: true, keeps: true, resumes, ..Options::default() };
                let copier = Copier::new(self.of(from), self.of(from.other()), options, Arc::clone(&meter), sender);
                let own = copier.clone();
                let task = self.tasks.spawn(copier.tracked(async move {
                    let outcome = all(&own, sources, &to).await;
                    if outcome == Err(Trouble::Full) {
                        // What is not removed in time stays.
                        let _ = tokio::time::timeout(GRACE, own.clear(true, true)).await;
                    }
                    Answer::Copied(from, outcome)
                }));
                let (begun, rate) = (Instant::now(), Rate::default());
                self.copying = Some(Copying { copier, events, meter, begun, rate, failed: None, task, from });
                Vec::new()
            }
            PaneEffect::Stop => {
                let Some(from) = self.copying.as_ref().map(|copying| copying.from) else { return Vec::new() };
                let tally = self.copying.as_ref().map(|copying| copying.meter.tally()).unwrap_or_default();
                let kept = self.stop().await;
                let words = match kept.first() {
                    // The other pane says where.
                    Some(part) => {
                        let part = shown(Path::new(part.file_name().unwrap_or_default())).shown();
                        self.text.say_with("panes-stopped-kept", &[("part", part.into())])
                    }
                    None => self.text.say("panes-stopped"),
                };
                panes.copied(from, tally, Some(words))
            }
            PaneEffect::Quit => Vec::new(),
        }
    }

    /// Stop the copy, if there is one, and put its parts away; those that stay.
    async fn stop(&mut self) -> Vec<PathBuf> {
        let Some(copying) = self.copying.take() else { return Vec::new() };
        copying.task.abort();
        // What is not removed in time stays.
        let _ = tokio::time::timeout(GRACE, async {
            copying.copier.settled(true).await;
            copying.copier.clear(true, false).await;
        })
        .await;
        copying.copier.kept()
    }

    /// The next answer or event. Safe to drop half-done.
    async fn next(&mut self) -> Heard {
        loop {
            let event = async {
                match &mut self.copying {
                    Some(copying) => copying.events.recv().await,
                    None => None,
                }
            };
            tokio::select! {
                // What was stopped gives no answer.
                Some(answer) = self.tasks.join_next() => if let Ok(answer) = answer {
                    return Heard::Answer(answer);
                },
                Some(event) = event => return Heard::Event(event),
                else => return std::future::pending().await,
            }
        }
    }

    fn told(&mut self, panes: &mut Panes, event: &FileEvent) {
        let path = shown(&event.path).shown_in(200);
        match &event.what {
            What::Failed(trouble) => {
                let words = format!("{path}: {}", trouble.words(&self.text));
                if let Some(copying) = &mut self.copying {
                    copying.failed.get_or_insert(words);
                }
            }
            What::Special => panes.told(self.text.say_with("copy-special", &[("path", path.into())]), true),
            _ => {}
        }
    }

    fn progress(&mut self, panes: &mut Panes) {
        if let Some(copying) = &mut self.copying {
            let tally = copying.meter.tally();
            let pace = copying.rate.see(copying.begun.elapsed(), tally.bytes_done, tally.bytes);
            panes.progress(tally, pace);
        }
    }

    fn answered(&mut self, panes: &mut Panes, answer: Answer) -> Vec<PaneEffect> {
        match answer {
            Answer::Listed(edge, path, content) => {
                let words = |trouble: Trouble| format!("{}: {}", shown(&path).shown_in(200), trouble.words(&self.text));
                let content = content.map_err(words);
                panes.listed(edge, path, content);
                Vec::new()
            }
            Answer::Copied(from, outcome) => {
                let Some(mut copying) = self.copying.take() else { return Vec::new() };
                while let Ok(event) = copying.events.try_recv() {
                    if let What::Failed(trouble) = &event.what {
                        let path = shown(&event.path).shown_in(200);
                        copying.failed.get_or_insert(format!("{path}: {}", trouble.words(&self.text)));
                    }
                }
                let failed = copying.failed.or(outcome.err().map(|trouble| trouble.words(&self.text)));
                if failed.is_none() {
                    self.unfinished = None;
                }
                panes.copied(from, copying.meter.tally(), failed)
            }
        }
    }
}

/// Copy each into the folder by its own name.
async fn all(copier: &Copier, sources: Vec<PathBuf>, to: &Path) -> Result<(), Trouble> {
    for source in sources {
        if let Some(name) = own_name(&source) {
            copier.copy(&source, &to.join(name)).await?;
        }
    }
    Ok(())
}

async fn content(store: &Store, folder: &Path) -> Result<Content, Trouble> {
    let mut content = Content::default();
    let mut seen = HashMap::new();
    let mut listing = store.list(folder).await?;
    'all: while let Some(batch) = listing.next(folder).await? {
        for (name, facts) in batch.into_iter().flatten() {
            // A server may tell a name twice.
            if seen.insert(name.clone(), ()).is_none() && !content.add(Entry { name, kind: facts.kind, size: facts.size }) {
                break 'all;
            }
        }
    }
    Ok(content)
}
