//! One stream of bytes each way between an agent and what it serves, a piece at a time so that memory stays bounded.

use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use pty_process::OwnedReadPty;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::machine::read_terminal;

/// What is read at once; an agent that says it has room takes twice that.
pub(super) const PIECE: usize = 32 * 1024;
/// How long a closed port may still send before it is cut off.
const LINGER: Duration = Duration::from_secs(1);
/// Events that wait for the agent.
const MOST_EVENTS: usize = 64;
/// What the system holds for a program that takes its time. Its own measure is megabytes on loopback, and makes room a third of
/// that at a time.
const LITTLE_HELD: u32 = 32 * 1024;

/// Which pipe.
pub(super) type PipeId = u64;

/// What happened at a pipe.
pub(super) struct FromPipe {
    pub(super) pipe: PipeId,
    pub(super) event: PipeEvent,
}

pub(super) enum PipeEvent {
    /// The port took the connection.
    Connected,
    /// It did not.
    Refused(io::Error),
    /// One piece; the next comes after [`Pipe::go`].
    Bytes(Vec<u8>),
    /// What was given is written.
    Took,
    /// Nothing more will be read.
    Ended,
    /// The program behind the pipe ended.
    Exited(ExitStatus),
}

/// The agent's end.
pub(super) struct Pipe {
    give: Option<mpsc::Sender<Vec<u8>>>,
    go: Arc<Notify>,
    is_busy: bool,
}

impl Pipe {
    /// Whether it takes a piece now.
    pub(super) fn is_free(&self) -> bool {
        self.give.is_some() && !self.is_busy
    }

    /// Whether it still writes.
    pub(super) fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Write these bytes, when [`Self::is_free`].
    pub(super) fn give(&mut self, bytes: Vec<u8>) {
        match &self.give {
            Some(give) => self.is_busy = give.try_send(bytes).is_ok(),
            None => self.is_busy = false,
        }
    }

    /// It told [`PipeEvent::Took`].
    pub(super) fn took(&mut self) {
        self.is_busy = false;
    }

    /// Read the next piece.
    pub(super) fn go(&self) {
        self.go.notify_one();
    }
}

/// Where bytes come from.
pub(super) enum Source {
    Plain(Pin<Box<dyn AsyncRead + Send>>),
    Terminal {
        terminal: OwnedReadPty,
        /// Tells that the program on it has ended.
        exited: CancellationToken,
        /// Tells to close it, whatever is still to be read or written.
        close: CancellationToken,
    },
}

pub(super) type Sink = Pin<Box<dyn AsyncWrite + Send>>;

impl Source {
    /// The next piece; an empty one is the end.
    async fn read(&mut self) -> Vec<u8> {
        match self {
            Self::Plain(reader) => {
                let mut piece = Vec::with_capacity(PIECE);
                // An error is an end, as for the reference.
                let _ = reader.read_buf(&mut piece).await;
                piece
            }
            Self::Terminal { terminal, exited, .. } => {
                let mut piece = vec![0; PIECE];
                let length = read_terminal(terminal, &mut piece, exited).await;
                piece.truncate(length);
                piece
            }
        }
    }
}

/// The tasks of one agent's pipes and programs, and what they tell.
pub(super) struct Pipes {
    tasks: JoinSet<()>,
    tell: mpsc::Sender<FromPipe>,
    events: mpsc::Receiver<FromPipe>,
    last: PipeId,
    /// Whether a slow program is felt at once.
    holds_little: bool,
}

impl Pipes {
    pub(super) fn new(holds_little: bool) -> Self {
        let (tell, events) = mpsc::channel(MOST_EVENTS);
        Self { tasks: JoinSet::new(), tell, events, last: 0, holds_little }
    }

    /// What happened next. May be dropped half-done.
    pub(super) async fn next_event(&mut self) -> FromPipe {
        match self.events.recv().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }

    /// Run something that tells events.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(&mut self, task: impl FnOnce(mpsc::Sender<FromPipe>) -> F) {
        while self.tasks.try_join_next().is_some() {}
        self.tasks.spawn(task(self.tell.clone()));
    }

    fn next(&mut self) -> (PipeId, Pipe, Far) {
        self.last += 1;
        let (give, gives) = mpsc::channel(1);
        let go = Arc::new(Notify::new());
        let far = Far { id: self.last, gives, go: Arc::clone(&go), tell: self.tell.clone() };
        (self.last, Pipe { give: Some(give), go, is_busy: false }, far)
    }

    /// Join something that is there; its first bytes are read after `pause`.
    pub(super) fn join(&mut self, source: Source, sink: Option<Sink>, pause: Duration) -> (PipeId, Pipe) {
        let (id, mut pipe, far) = self.next();
        if sink.is_none() {
            pipe.give = None;
        }
        let close = match &source {
            Source::Plain(_) => CancellationToken::new(),
            Source::Terminal { close, .. } => close.clone(),
        };
        self.spawn(|_| async move {
            let carrying = async {
                tokio::time::sleep(pause).await;
                far.carry(source, sink).await;
            };
            close.run_until_cancelled_owned(carrying).await;
        });
        (id, pipe)
    }

    /// Dial a port of this computer and join it.
    pub(super) fn dial(&mut self, port: u16) -> (PipeId, Pipe) {
        let (id, pipe, far) = self.next();
        let holds_little = self.holds_little;
        self.spawn(|_| async move {
            match connect(port, holds_little).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    far.tell(PipeEvent::Connected).await;
                    let (reader, writer) = stream.into_split();
                    far.carry(Source::Plain(Box::pin(reader)), Some(Box::pin(writer))).await;
                }
                Err(error) => far.tell(PipeEvent::Refused(error)).await,
            }
        });
        (id, pipe)
    }

    /// A connection that fails with these words.
    pub(super) fn refuse(&mut self, kind: io::ErrorKind, words: &'static str) -> (PipeId, Pipe) {
        let (id, pipe, far) = self.next();
        self.spawn(|_| async move { far.tell(PipeEvent::Refused(io::Error::new(kind, words))).await });
        (id, pipe)
    }

    /// Wait until all has ended, but not longer than `limit`.
    pub(super) async fn end(mut self, limit: Duration) {
        drop(self.events);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(limit, ended).await;
    }
}

async fn connect(port: u16, holds_little: bool) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if holds_little {
        socket.set_send_buffer_size(LITTLE_HELD)?;
    }
    socket.connect((Ipv4Addr::LOCALHOST, port).into()).await
}

/// The far end of a pipe.
struct Far {
    id: PipeId,
    gives: mpsc::Receiver<Vec<u8>>,
    go: Arc<Notify>,
    tell: mpsc::Sender<FromPipe>,
}

impl Far {
    async fn tell(&self, event: PipeEvent) {
        // An error says that the agent has gone.
        let _ = self.tell.send(FromPipe { pipe: self.id, event }).await;
    }

    async fn carry(self, mut source: Source, sink: Option<Sink>) {
        let Self { id, mut gives, go, tell } = self;
        let tell = |event| {
            let tell = tell.clone();
            async move { tell.send(FromPipe { pipe: id, event }).await.is_ok() }
        };
        let reading = async {
            loop {
                let piece = source.read().await;
                if piece.is_empty() {
                    tell(PipeEvent::Ended).await;
                    return;
                }
                if !tell(PipeEvent::Bytes(piece)).await {
                    return;
                }
                go.notified().await;
            }
        };
        let Some(mut sink) = sink else { return reading.await };
        let writing = async {
            while let Some(bytes) = gives.recv().await {
                // Who does not listen any more has a right to that, and may still speak.
                let _ = sink.write_all(&bytes).await;
                let _ = sink.flush().await;
                tell(PipeEvent::Took).await;
            }
            let _ = sink.shutdown().await;
        };
        let (mut reading, mut writing) = (std::pin::pin!(reading), std::pin::pin!(writing));
        tokio::select! {
            () = &mut reading => writing.await,
            () = &mut writing => drop(tokio::time::timeout(LINGER, reading).await),
        }
    }
}
