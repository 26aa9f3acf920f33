//! One SFTP session: questions go out as they are asked, many at a time, and each gets its own answer.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

use super::attributes::Attributes;
use super::fields::Malformed;
use super::reply::{Data, Entry, Reply, Status};
use super::request::Request;
use crate::files::{Trouble, windows};
use crate::model::Os;

/// Longest answer that is taken: OpenSSH's own limit.
const LONGEST_ANSWER: usize = 256 * 1024;
/// What every server takes and gives at once (draft-ietf-secsh-filexfer-02, section 3).
const USUAL: u32 = 32 * 1024;
/// Larger pieces gain nothing.
const LARGEST_PIECE: u32 = 256 * 1024;

/// A session of SFTP, as long as this lives.
#[derive(Debug)]
pub struct Connection {
    /// What asks.
    pub sftp: Sftp,
    tasks: JoinSet<()>,
}

/// What asks an SFTP server; clones ask the same one.
#[derive(Debug, Clone)]
pub struct Sftp(Arc<Shared>);

/// What stands for an open file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle(Vec<u8>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Something is to be sent, or all is over.
    wake: Notify,
    /// Most bytes of a question for bytes, or of a write.
    piece: u32,
    extensions: Vec<Vec<u8>>,
    os: Os,
}

#[derive(Debug, Default)]
struct State {
    next: u32,
    waiting: HashMap<u32, oneshot::Sender<Reply>>,
    outbox: Vec<Vec<u8>>,
    is_over: bool,
}

/// The answer to a question that was asked.
#[derive(Debug)]
pub struct Pending(oneshot::Receiver<Reply>);

impl Connection {
    /// Begin: say the version, and ask for the limits. Both streams are used to their end. `os` is what the server runs on: it does not say
    /// so itself.
    pub async fn open(
        input: impl AsyncWrite + Send + Unpin + 'static,
        output: impl AsyncRead + Send + Unpin + 'static,
        os: Os,
    ) -> Result<Self, Trouble> {
        let mut input = input;
        let mut output = BufReader::with_capacity(64 * 1024, output);
        let mut hello = Vec::new();
        Request::Init.write(0, &mut hello);
        input.write_all(&hello).await.map_err(|_| Trouble::Lost)?;
        input.flush().await.map_err(|_| Trouble::Lost)?;
        let (version, reply) = Reply::parse(packet(&mut output).await?)?;
        let Reply::Version(_, extensions) = reply else { return Err(Trouble::NotSftp) };
        if version < 3 {
            return Err(Trouble::NotSftp);
        }
        let mut tasks = JoinSet::new();
        let shared = Shared { state: Mutex::default(), wake: Notify::new(), piece: USUAL, extensions, os };
        let mut shared = Arc::new(shared);
        if shared.has(b"limits@openssh.com") {
            let mut question = Vec::new();
            Request::Limits.write(0, &mut question);
            input.write_all(&question).await.map_err(|_| Trouble::Lost)?;
            input.flush().await.map_err(|_| Trouble::Lost)?;
            if let (_, Reply::Extended(limits)) = Reply::parse(packet(&mut output).await?)?
                && let Some(shared) = Arc::get_mut(&mut shared)
            {
                shared.piece = piece(&limits).unwrap_or(USUAL);
            }
        }
        tasks.spawn(listen(output, Arc::clone(&shared)));
        tasks.spawn(send(input, Arc::clone(&shared)));
        Ok(Self { sftp: Sftp(shared), tasks })
    }

    /// End it: the streams are closed.
    pub async fn close(mut self) {
        self.tasks.shutdown().await;
    }
}

/// The most that may be read and written at once: the smaller of the two, within reason.
fn piece(limits: &[u8]) -> Option<u32> {
    let number = |at: usize| Some(u64::from_be_bytes(limits.get(at * 8..at * 8 + 8)?.try_into().ok()?));
    let told = number(1)?.min(number(2)?);
    Some(u32::try_from(told).unwrap_or(u32::MAX).clamp(USUAL, LARGEST_PIECE))
}

async fn packet(output: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Trouble> {
    let length = output.read_u32().await.map_err(|_| Trouble::Lost)?;
    let length = usize::try_from(length).ok().filter(|length| (5..=LONGEST_ANSWER).contains(length)).ok_or(Trouble::NotSftp)?;
    // Nothing of it is written twice: of a large file it is all that there is.
    let mut packet = Vec::with_capacity(length);
    let mut body = output.take(length as u64);
    while packet.len() < length {
        if body.read_buf(&mut packet).await.map_err(|_| Trouble::Lost)? == 0 {
            return Err(Trouble::Lost);
        }
    }
    Ok(packet)
}

/// Hand every answer to who waits for it.
async fn listen(mut output: impl AsyncRead + Unpin, shared: Arc<Shared>) {
    while let Ok(Ok((id, reply))) = packet(&mut output).await.map(Reply::parse) {
        let waiting = shared.state().waiting.remove(&id);
        // Who asked may have left in between.
        if let Some(waiting) = waiting {
            let _ = waiting.send(reply);
        }
    }
    shared.end();
}

/// Send what is asked, all that there is at a time.
async fn send(mut input: impl AsyncWrite + Unpin, shared: Arc<Shared>) {
    loop {
        let pieces = {
            let mut state = shared.state();
            if state.is_over {
                break;
            }
            std::mem::take(&mut state.outbox)
        };
        if pieces.is_empty() {
            shared.wake.notified().await;
            continue;
        }
        for piece in pieces {
            if input.write_all(&piece).await.is_err() {
                shared.end();
                return;
            }
        }
        if input.flush().await.is_err() {
            break;
        }
    }
    shared.end();
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever waits learns that nothing comes.
    fn end(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.waiting.clear();
        state.outbox.clear();
        drop(state);
        self.wake.notify_one();
    }

    fn has(&self, extension: &[u8]) -> bool {
        self.extensions.iter().any(|name| name == extension)
    }

    /// Ask, without waiting: questions reach the server in the order in which they are asked.
    fn ask(&self, request: Request<'_>, following: Option<Vec<u8>>) -> Pending {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        if !state.is_over {
            state.next = state.next.wrapping_add(1);
            let id = state.next;
            // Small ones go together: one of them is a whole packet of ssh otherwise.
            match state.outbox.last_mut().filter(|last| last.len() < 32 * 1024) {
                Some(last) => request.write(id, last),
                None => {
                    let mut piece = Vec::with_capacity(256);
                    request.write(id, &mut piece);
                    state.outbox.push(piece);
                }
            }
            if let Some(bytes) = following {
                match state.outbox.last_mut().filter(|last| last.len() + bytes.len() < 32 * 1024) {
                    Some(last) => last.extend(bytes),
                    None => state.outbox.push(bytes),
                }
            }
            state.waiting.insert(id, sender);
        }
        drop(state);
        self.wake.notify_one();
        Pending(receiver)
    }
}

impl Pending {
    async fn answer(self) -> Result<Reply, Trouble> {
        self.0.await.map_err(|_| Trouble::Lost)
    }

    /// Done, or why not.
    pub async fn done(self) -> Result<(), Trouble> {
        match self.answer().await? {
            Reply::Status(status) if status.code == Status::OK => Ok(()),
            other => Err(refused(other)),
        }
    }

    async fn handle(self) -> Result<Handle, Trouble> {
        match self.answer().await? {
            Reply::Handle(handle) => Ok(Handle(handle)),
            other => Err(refused(other)),
        }
    }

    async fn attributes(self) -> Result<Attributes, Trouble> {
        match self.answer().await? {
            Reply::Attributes(attributes) => Ok(attributes),
            other => Err(refused(other)),
        }
    }

    async fn name(self) -> Result<Vec<u8>, Trouble> {
        match self.answer().await? {
            Reply::Names(names) => names.into_iter().next().map(|entry| entry.name).ok_or(Trouble::NotSftp),
            other => Err(refused(other)),
        }
    }
}

fn refused(reply: Reply) -> Trouble {
    match reply {
        Reply::Status(status) => match status.code {
            Status::MISSING => Trouble::Missing,
            Status::DENIED => Trouble::Denied,
            Status::UNSUPPORTED => Trouble::Unsupported,
            _ => Trouble::Refused(String::from_utf8_lossy(&status.words).as_ref().into()),
        },
        _ => Trouble::NotSftp,
    }
}

impl From<Malformed> for Trouble {
    fn from(_: Malformed) -> Self {
        Self::NotSftp
    }
}

/// Windows: it has no modes, and takes names for others that it then writes to.
impl Sftp {
    /// Whether the server runs on it.
    pub fn is_windows(&self) -> bool {
        self.0.os == Os::Windows
    }

    fn allowed(&self, path: &Path) -> Result<(), Trouble> {
        if !self.is_windows() || windows::may_be_called(path) { Ok(()) } else { Err(Trouble::NotOnWindows) }
    }

    fn wanted(&self, attributes: Attributes) -> Attributes {
        if self.is_windows() { Attributes { mode: None, ..attributes } } else { attributes }
    }

    fn told(&self, attributes: Attributes) -> Attributes {
        if self.is_windows() { Attributes { mode: attributes.mode.map(windows::usual_mode), ..attributes } } else { attributes }
    }
}

/// Files.
impl Sftp {
    /// Most bytes of a piece.
    pub fn piece(&self) -> u32 {
        self.0.piece
    }

    /// Open a file for reading.
    pub async fn open_to_read(&self, path: &Path) -> Result<Handle, Trouble> {
        self.0.ask(Request::OpenToRead(path), None).handle().await
    }

    /// Make a file that must not be there yet.
    pub async fn create(&self, path: &Path, mode: u32) -> Result<Handle, Trouble> {
        self.allowed(path)?;
        let attributes = self.wanted(Attributes { mode: Some(mode), ..Attributes::default() });
        self.0.ask(Request::Create(path, attributes), None).handle().await
    }

    /// Open a file that is there for writing.
    pub async fn open_to_write(&self, path: &Path) -> Result<Handle, Trouble> {
        self.0.ask(Request::OpenToWrite(path), None).handle().await
    }

    /// Ask for bytes; fewer may come, none at the end.
    pub async fn read(&self, handle: &Handle, at: u64, length: u32) -> Result<Option<Data>, Trouble> {
        match self.0.ask(Request::Read(&handle.0, at, length), None).answer().await? {
            Reply::Data(data) if data.bytes().is_empty() || data.bytes().len() > length as usize => Err(Trouble::NotSftp),
            Reply::Data(data) => Ok(Some(data)),
            Reply::Status(status) if status.code == Status::END => Ok(None),
            other => Err(refused(other)),
        }
    }

    /// Write bytes there. They are under way when this returns.
    pub fn write(&self, handle: &Handle, at: u64, bytes: Vec<u8>) -> Pending {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.ask(Request::Write(&handle.0, at, length), Some(bytes))
    }

    /// What an open file is like.
    pub async fn file_attributes(&self, handle: &Handle) -> Result<Attributes, Trouble> {
        self.0.ask(Request::FileAttributes(&handle.0), None).attributes().await.map(|told| self.told(told))
    }

    /// Change what an open file is like.
    pub fn set_file_attributes(&self, handle: &Handle, attributes: Attributes) -> Pending {
        self.0.ask(Request::SetFileAttributes(&handle.0, self.wanted(attributes)), None)
    }

    /// Close a file or a folder.
    pub fn close(&self, handle: &Handle) -> Pending {
        self.0.ask(Request::Close(&handle.0), None)
    }
}

/// Names.
impl Sftp {
    /// What is there; a link is followed, or is told as what it is.
    pub async fn attributes(&self, path: &Path, follows: bool) -> Result<Attributes, Trouble> {
        let request = if follows { Request::Attributes(path) } else { Request::OwnAttributes(path) };
        self.0.ask(request, None).attributes().await.map(|told| self.told(told))
    }

    /// Change what is there.
    pub async fn set_attributes(&self, path: &Path, attributes: Attributes) -> Result<(), Trouble> {
        let wanted = self.wanted(attributes);
        if wanted == Attributes::default() {
            return Ok(());
        }
        self.0.ask(Request::SetAttributes(path, wanted), None).done().await
    }

    /// Open a folder.
    pub async fn open_folder(&self, path: &Path) -> Result<Handle, Trouble> {
        self.0.ask(Request::OpenFolder(path), None).handle().await
    }

    /// The next names in a folder; none at its end.
    pub async fn list(&self, folder: &Handle) -> Result<Option<Vec<Entry>>, Trouble> {
        match self.0.ask(Request::List(&folder.0), None).answer().await? {
            Reply::Names(mut names) => {
                names.iter_mut().for_each(|entry| entry.attributes = self.told(entry.attributes));
                Ok(Some(names))
            }
            Reply::Status(status) if status.code == Status::END => Ok(None),
            other => Err(refused(other)),
        }
    }

    /// Make a folder.
    pub async fn make_folder(&self, path: &Path, mode: u32) -> Result<(), Trouble> {
        self.allowed(path)?;
        let attributes = self.wanted(Attributes { mode: Some(mode), ..Attributes::default() });
        self.0.ask(Request::MakeFolder(path, attributes), None).done().await
    }

    /// Remove a file or a link.
    pub async fn remove(&self, path: &Path) -> Result<(), Trouble> {
        self.0.ask(Request::Remove(path), None).done().await
    }

    /// Remove an empty folder.
    pub async fn remove_folder(&self, path: &Path) -> Result<(), Trouble> {
        self.0.ask(Request::RemoveFolder(path), None).done().await
    }

    /// Give it another name, in place of what has it. A server without OpenSSH's extension takes that away first: for a moment nothing
    /// has the name then, and never half of something.
    pub async fn replace(&self, from: &Path, to: &Path) -> Result<(), Trouble> {
        self.allowed(to)?;
        if self.0.has(b"posix-rename@openssh.com") {
            return self.0.ask(Request::Replace(from, to), None).done().await;
        }
        match self.0.ask(Request::Rename(from, to), None).done().await {
            Err(Trouble::Refused(_)) => {
                self.remove(to).await?;
                self.0.ask(Request::Rename(from, to), None).done().await
            }
            outcome => outcome,
        }
    }

    /// Where a link leads.
    pub async fn read_link(&self, path: &Path) -> Result<Vec<u8>, Trouble> {
        self.0.ask(Request::ReadLink(path), None).name().await
    }

    /// Make a link that leads to `to`.
    pub async fn make_link(&self, path: &Path, to: &Path) -> Result<(), Trouble> {
        self.allowed(path)?;
        self.0.ask(Request::MakeLink(to, path), None).done().await
    }

    /// The whole path of what is there.
    pub async fn whole_path(&self, path: &Path) -> Result<Vec<u8>, Trouble> {
        self.0.ask(Request::WholePath(path), None).name().await
    }

    /// The home that `~` or `~name` stands for; none where the server does not know.
    pub async fn expanded(&self, path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
        if !self.0.has(b"expand-path@openssh.com") {
            return Ok(None);
        }
        self.0.ask(Request::Expand(path), None).name().await.map(Some)
    }

    /// The bytes that are free where this path is; none where the server does not tell.
    pub async fn free(&self, path: &Path) -> Option<u64> {
        if !self.0.has(b"statvfs@openssh.com") {
            return None;
        }
        let Ok(Reply::Extended(told)) = self.0.ask(Request::Room(path), None).answer().await else { return None };
        let number = |at: usize| Some(u64::from_be_bytes(told.get(at * 8..at * 8 + 8)?.try_into().ok()?));
        // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail: the last is what is left for others than root.
        Some(number(1)?.saturating_mul(number(4)?))
    }
}
