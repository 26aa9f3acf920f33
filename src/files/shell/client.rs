//! What asks a shell about files: many questions at a time, which are answered in their order.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, oneshot};

use super::answer::{Answer, Listed};
use super::question::{Look, Question};
use super::{BLOCK, PIECE};
use crate::files::{Facts, Kind, Trouble};
use crate::model::Untrusted;

/// What a folder may tell of itself.
const LONGEST_LIST: usize = 64 * 1024 * 1024;
/// What may be removed at a time: no system has less room for what one program is given.
const LONGEST_REMOVAL: usize = 16 * 1024;

/// What asks; clones ask the same shell.
#[derive(Debug, Clone)]
pub struct Shell {
    questions: mpsc::UnboundedSender<Asked>,
    umask: u32,
}

/// A question that is to be carried there, and who waits for its answer; dropped without one, the connection is lost.
#[derive(Debug)]
pub struct Asked {
    /// The question.
    pub question: Question,
    answer: oneshot::Sender<Result<Answer, Untrusted>>,
}

impl Asked {
    /// Whether nobody waits for the answer any more.
    pub fn is_given_up(&self) -> bool {
        self.answer.is_closed()
    }

    /// Hand the answer over, or the words of the system there.
    pub fn answer(self, answer: Result<Answer, Untrusted>) {
        // Who asked may have left in between.
        let _ = self.answer.send(answer);
    }
}

/// The answer to a question that was asked.
#[derive(Debug)]
pub struct Pending(oneshot::Receiver<Result<Answer, Untrusted>>);

impl Pending {
    /// Wait for it.
    pub async fn done(self) -> Result<Answer, Trouble> {
        self.0.await.map_err(|_| Trouble::Lost)?.map_err(|words| refused(&words))
    }
}

/// What is told last is why; a name may stand before it.
fn refused(words: &Untrusted) -> Trouble {
    let why = words.raw().trim_end().rsplit(": ").next().unwrap_or_default();
    if why == "hash" { Trouble::Garbled } else { Trouble::complained(&why.into()) }
}

impl Shell {
    /// One that new files of lack what `umask` says, and where its questions come out. What is under way is bounded by those who ask: each
    /// waits for its answer, and of content no more is in memory than the copy has room for.
    pub fn new(umask: u32) -> (Self, mpsc::UnboundedReceiver<Asked>) {
        let (questions, asked) = mpsc::unbounded_channel();
        (Self { questions, umask }, asked)
    }

    /// Ask, without waiting: the shell is asked in the order in which this is called.
    fn ask(&self, question: Question) -> Pending {
        let (answer, pending) = oneshot::channel();
        // Where nobody takes it the answer is lost with it.
        let _ = self.questions.send(Asked { question, answer });
        Pending(pending)
    }

    async fn done(&self, question: Question) -> Result<(), Trouble> {
        self.ask(question).done().await.map(drop)
    }

    /// What is there; a link is followed, or is told as what it is.
    pub async fn facts(&self, path: &Path, follows: bool) -> Result<Facts, Trouble> {
        let what = if follows { "follow" } else { "facts" };
        self.ask(Question::of(what, path)).done().await?.facts()
    }

    /// What is in a folder.
    pub async fn names(&self, folder: &Path) -> Result<Vec<Listed>, Trouble> {
        self.ask(Question::names(folder, LONGEST_LIST)).done().await?.names()
    }

    /// Make a folder.
    pub async fn make_folder(&self, path: &Path, mode: u32) -> Result<(), Trouble> {
        self.done(Question::make_folder(path, mode & !self.umask)).await
    }

    /// Where a link leads.
    pub async fn read_link(&self, path: &Path) -> Result<OsString, Trouble> {
        self.ask(Question::of("readlink", path)).done().await?.path()
    }

    /// Make a link.
    pub async fn make_link(&self, path: &Path, to: &OsStr) -> Result<(), Trouble> {
        self.done(Question::of_two("link", path, Path::new(to))).await
    }

    /// The whole path of what is there.
    pub async fn whole_path(&self, path: &Path) -> Result<PathBuf, Trouble> {
        self.ask(Question::of("real", path)).done().await?.path().map(PathBuf::from)
    }

    /// Give it a size, a mode and the time of its last change, as far as they are wanted.
    pub async fn set(&self, path: &Path, size: Option<u64>, mode: Option<u32>, times: Option<&Facts>) -> Result<(), Trouble> {
        let look = Look { size, mode, changed: times.map(|facts| facts.changed.0) };
        if look == Look::default() { Ok(()) } else { self.done(Question::set(path, look)).await }
    }

    /// Give it another name, in place of what has it.
    pub async fn replace(&self, from: &Path, to: &Path) -> Result<(), Trouble> {
        self.done(Question::of_two("move", from, to)).await
    }

    /// Remove a file or a link.
    pub async fn remove(&self, path: &Path) -> Result<(), Trouble> {
        self.done(Question::of("rm", path)).await
    }

    /// Remove an empty folder.
    pub async fn remove_folder(&self, path: &Path) -> Result<(), Trouble> {
        self.done(Question::of("rmdir", path)).await
    }

    /// Remove what lies below a folder, in this order, through no link; what stays is told. Paths are those from the folder on.
    pub async fn remove_all(&self, folder: &Path, all: &[(PathBuf, Kind)]) -> Result<Vec<(PathBuf, Trouble)>, Trouble> {
        let whole = self.whole_path(folder).await?;
        let mut list = Vec::new();
        let mut removals = Vec::new();
        for (path, kind) in all {
            let bytes = path.as_os_str().as_bytes();
            if !list.is_empty() && list.len() + bytes.len() > LONGEST_REMOVAL {
                removals.push(self.ask(Question::remove(&whole, &std::mem::take(&mut list))));
            }
            list.push(if *kind == Kind::Folder { b'd' } else { b'f' });
            list.extend_from_slice(bytes);
            list.push(0);
        }
        if !list.is_empty() {
            removals.push(self.ask(Question::remove(&whole, &list)));
        }
        let mut kept = Vec::new();
        for removal in removals {
            let told = removal.done().await?.kept()?;
            kept.extend(told.into_iter().map(|(path, why)| (path.into(), refused(&why.into()))));
        }
        Ok(kept)
    }

    /// The hash of the first bytes of a file, in hex.
    pub async fn hash(&self, path: &Path, first: u64) -> Result<String, Trouble> {
        self.ask(Question::hash(path, first)).done().await?.hash().map(str::to_owned)
    }

    /// The `length` bytes from `at` on, a multiple of [`BLOCK`], or what there is of them; and what the file is like now.
    pub async fn read(&self, path: &Path, at: u64, length: u32) -> Result<(Vec<u8>, Facts), Trouble> {
        let length = length.min(PIECE);
        let count = u64::from(length).div_ceil(BLOCK);
        let most = usize::try_from(count * BLOCK).unwrap_or(usize::MAX);
        let answer = self.ask(Question::read(path, at / BLOCK, count, most)).done().await?;
        let facts = answer.facts()?;
        let mut bytes = answer.content()?;
        bytes.truncate(length as usize);
        Ok((bytes, facts))
    }

    /// Make a file that must not be there yet; only its user gets at it.
    pub async fn create(&self, path: &Path) -> Result<(), Trouble> {
        self.done(Question::of("create", path)).await
    }

    /// Write bytes there. What is returned is the rest of the work: it is under way already, so that pieces arrive in the order in which
    /// they were written.
    pub fn write(&self, path: &Path, at: u64, bytes: &[u8]) -> Pending {
        self.ask(Question::write(path, at, bytes))
    }

    /// Write all of a file as `part`, and give it its name.
    pub async fn put(&self, part: &Path, to: &Path, bytes: &[u8], mode: u32, times: Option<&Facts>) -> Result<(), Trouble> {
        let look = Look { size: None, mode: Some(mode), changed: times.map(|facts| facts.changed.0) };
        self.done(Question::put(part, to, bytes, look)).await
    }

    /// The mode of a new file that is asked for with this one.
    pub fn made_mode(&self, mode: u32) -> u32 {
        mode & 0o777 & !self.umask
    }
}
