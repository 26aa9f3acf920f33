//! OpenSSH's server of files as it is on Windows: this computer's, with the paths, names and modes that Windows has.

use std::collections::HashSet;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Mutex;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::machine::{Input, Output};

const LONGEST: usize = 1024 * 1024;
/// What is kept between the two ends.
const HELD: usize = 64 * 1024;
/// Flags of attributes, in the order of what follows them.
const SIZE: u32 = 1;
const OWNER: u32 = 2;
const PERMISSIONS: u32 = 4;
const TIMES: u32 = 8;
/// What it says of everything there.
const ALL: u32 = 0o777;
const FAILURE: u32 = 4;
const FORBIDDEN: &[u8] = b":*?\"<>|";

/// Carries what is asked and answered, as long as it is polled.
pub(super) type Relay = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The same program, seen from a client of Windows.
pub(super) fn dressed(user: &str, home: &Path, input: Option<Input>, output: Output) -> io::Result<(Input, Output, Relay)> {
    let (Some(mut sink), Output::Pipes { stdout: mut source, stderr, aside }) = (input, output) else {
        return Err(io::ErrorKind::Unsupported.into());
    };
    let drive = Drive::of(user, home)?;
    let (ours, mut from_client) = tokio::io::duplex(HELD);
    let (to_client, theirs) = tokio::io::duplex(HELD);
    let relay = async move {
        let (waiting, to_client) = (Mutex::new(HashSet::new()), tokio::sync::Mutex::new(to_client));
        let up = async {
            while let Ok(mut packet) = packet(&mut from_client).await {
                let outcome = match drive.asked(&mut packet, &waiting) {
                    Some(()) => send(&mut sink, &packet).await,
                    None => send(&mut *to_client.lock().await, &refusal(&packet)).await,
                };
                if outcome.is_err() {
                    break;
                }
            }
            // Its input ends, and then it does.
            let _ = sink.shutdown().await;
            drop(sink);
        };
        let down = async {
            while let Ok(mut packet) = packet(&mut source).await {
                drive.answered(&mut packet, &waiting);
                if send(&mut *to_client.lock().await, &packet).await.is_err() {
                    break;
                }
            }
            let _ = to_client.lock().await.shutdown().await;
        };
        tokio::join!(up, down);
    };
    Ok((Box::pin(ours), Output::Pipes { stdout: Box::pin(theirs), stderr, aside }, Box::pin(relay)))
}

/// The folders that stand for a drive.
#[derive(Debug)]
struct Drive {
    user: String,
    home: PathBuf,
    rest: PathBuf,
}

impl Drive {
    fn of(user: &str, home: &Path) -> io::Result<Self> {
        let mut name = home.file_name().unwrap_or_default().to_owned();
        name.push("-drive");
        let rest = home.with_file_name(name);
        std::fs::create_dir_all(&rest)?;
        Ok(Self { user: user.to_owned(), home: home.to_owned(), rest })
    }

    /// A question as the program here is asked it; none that Windows would refuse.
    fn asked(&self, packet: &mut Vec<u8>, waiting: &Mutex<HashSet<u32>>) -> Option<()> {
        let kind = *packet.first()?;
        let mut out = packet.get(..5.min(packet.len()))?.to_vec();
        let mut rest = packet.get(5..).unwrap_or_default();
        let paths = match kind {
            // Open, OwnAttributes, SetAttributes, OpenFolder, Remove, MakeFolder, RemoveFolder, WholePath, Attributes, ReadLink.
            3 | 7 | 9 | 11 | 13..=17 | 19 => 1,
            18 | 20 => 2,
            200 => {
                let name = text(&mut rest)?;
                push(&mut out, name);
                match name {
                    b"posix-rename@openssh.com" | b"hardlink@openssh.com" => 2,
                    b"limits@openssh.com" | b"fsync@openssh.com" | b"fstatvfs@openssh.com" => 0,
                    _ => 1,
                }
            }
            _ => 0,
        };
        if matches!(kind, 16 | 19) {
            let id = u32::from_be_bytes(packet.get(1..5)?.try_into().ok()?);
            waiting.lock().ok()?.insert(id);
        }
        for _ in 0..paths {
            let path = self.inside(text(&mut rest)?)?;
            push(&mut out, path.as_os_str().as_bytes());
        }
        match kind {
            // Open says what it wants before what the file is to be like; SetFileAttributes, which file.
            3 => attributes(take(&mut rest, 4, &mut out)?, &mut out, |_| None)?,
            10 => {
                push(&mut out, text(&mut rest)?);
                attributes(&mut rest, &mut out, |_| None)?;
            }
            9 | 14 => attributes(&mut rest, &mut out, |_| None)?,
            _ => {}
        }
        out.extend_from_slice(rest);
        *packet = out;
        Some(())
    }

    /// An answer of the program as Windows would give it.
    fn answered(&self, packet: &mut Vec<u8>, waiting: &Mutex<HashSet<u32>>) {
        if let Some(other) = self.dressed_answer(packet, waiting) {
            *packet = other;
        }
    }

    fn dressed_answer(&self, packet: &[u8], waiting: &Mutex<HashSet<u32>>) -> Option<Vec<u8>> {
        let kind = *packet.first()?;
        let id = u32::from_be_bytes(packet.get(1..5)?.try_into().ok()?);
        let is_path = kind != 2 && waiting.lock().ok()?.remove(&id);
        let mut out = packet.get(..5)?.to_vec();
        let mut rest = packet.get(5..)?;
        match kind {
            104 => {
                let count = number(&mut rest)?;
                out.extend(count.to_be_bytes());
                for _ in 0..count {
                    let name = text(&mut rest)?;
                    let outside = is_path.then(|| self.outside(name));
                    push(&mut out, outside.as_deref().unwrap_or(name));
                    push(&mut out, text(&mut rest)?);
                    attributes(&mut rest, &mut out, |mode| Some(mode | ALL))?;
                }
            }
            105 => attributes(&mut rest, &mut out, |mode| Some(mode | ALL))?,
            _ => {}
        }
        out.extend_from_slice(rest);
        Some(out)
    }

    /// Where a path of Windows is here. A `\` parts names there, and nothing leads above the drive.
    fn inside(&self, path: &[u8]) -> Option<PathBuf> {
        let path = std::str::from_utf8(path).ok()?.replace('\\', "/");
        let trimmed = path.strip_prefix('/').unwrap_or(&path);
        let on_drive = trimmed.get(..2).filter(|drive| drive.eq_ignore_ascii_case("C:")).and_then(|_| trimmed.get(2..));
        let mut names = match on_drive.or_else(|| path.strip_prefix('/')) {
            Some(_) => Vec::new(),
            None => vec!["Users", self.user.as_str()],
        };
        for name in on_drive.unwrap_or(&path).split('/') {
            match name {
                "" | "." => {}
                ".." => drop(names.pop()),
                name if name.bytes().any(|byte| byte < b' ' || FORBIDDEN.contains(&byte)) => return None,
                // Windows takes them off.
                name => names.push(name.trim_end_matches(['.', ' '])),
            }
        }
        Some(match names.as_slice() {
            ["Users", user, below @ ..] if *user == self.user => {
                below.iter().fold(self.home.clone(), |path, name| path.join(name))
            }
            names => names.iter().fold(self.rest.clone(), |path, name| path.join(name)),
        })
    }

    /// How a path of this computer is called there.
    fn outside(&self, path: &[u8]) -> Vec<u8> {
        let below = |folder: &PathBuf| path.strip_prefix(folder.as_os_str().as_bytes());
        match (below(&self.home), below(&self.rest)) {
            (_, Some(rest)) => [b"/C:", rest].concat(),
            (Some(rest), None) => [b"/C:/Users/", self.user.as_bytes(), rest].concat(),
            (None, None) => path.to_vec(),
        }
    }
}

async fn packet(source: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = usize::try_from(source.read_u32().await?).ok().filter(|length| (1..=LONGEST).contains(length));
    let mut packet = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
    source.read_exact(&mut packet).await?;
    Ok(packet)
}

async fn send(sink: &mut (impl AsyncWrite + Unpin), packet: &[u8]) -> io::Result<()> {
    sink.write_u32(u32::try_from(packet.len()).unwrap_or(u32::MAX)).await?;
    sink.write_all(packet).await?;
    sink.flush().await
}

/// What Windows says of a name that no file there can have.
fn refusal(question: &[u8]) -> Vec<u8> {
    let mut answer = vec![101];
    answer.extend_from_slice(question.get(1..5).unwrap_or(&[0; 4]));
    answer.extend(FAILURE.to_be_bytes());
    push(&mut answer, b"Failure");
    push(&mut answer, b"");
    answer
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (first, behind) = rest.split_first_chunk::<4>()?;
    *rest = behind;
    Some(u32::from_be_bytes(*first))
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(text)
}

fn push(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(text);
}

/// Hand these bytes on as they are.
fn take<'r, 'a>(rest: &'r mut &'a [u8], count: usize, out: &mut Vec<u8>) -> Option<&'r mut &'a [u8]> {
    let (taken, behind) = rest.split_at_checked(count)?;
    out.extend_from_slice(taken);
    *rest = behind;
    Some(rest)
}

/// Hand attributes on with another mode, or none.
fn attributes(rest: &mut &[u8], out: &mut Vec<u8>, mode: impl Fn(u32) -> Option<u32>) -> Option<()> {
    let flags = number(rest)?;
    let place = out.len();
    out.extend(flags.to_be_bytes());
    take(rest, if flags & SIZE == 0 { 0 } else { 8 } + if flags & OWNER == 0 { 0 } else { 8 }, out)?;
    if flags & PERMISSIONS != 0 {
        match mode(number(rest)?) {
            Some(mode) => out.extend(mode.to_be_bytes()),
            None => out.get_mut(place..place + 4)?.copy_from_slice(&(flags & !PERMISSIONS).to_be_bytes()),
        }
    }
    take(rest, if flags & TIMES == 0 { 0 } else { 8 }, out).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive() -> Drive {
        Drive { user: "Administrator".to_owned(), home: "/h/win".into(), rest: "/h/win-drive".into() }
    }

    #[test]
    fn a_path_of_windows_is_in_the_home_or_on_the_drive() {
        for (path, inside) in [
            ("x", Some("/h/win/x")),
            ("", Some("/h/win")),
            ("/C:/Users/Administrator/a/b", Some("/h/win/a/b")),
            ("C:/Users/Administrator/../x", Some("/h/win-drive/Users/x")),
            (r"..\..\evil", Some("/h/win-drive/evil")),
            (r"C:\x.", Some("/h/win-drive/x")),
            ("/../../x", Some("/h/win-drive/x")),
            ("a:b", None),
            ("a?", None),
        ] {
            assert_eq!(drive().inside(path.as_bytes()), inside.map(PathBuf::from), "{path}");
        }
        assert_eq!(drive().outside(b"/h/win/a"), b"/C:/Users/Administrator/a");
        assert_eq!(drive().outside(b"/h/win-drive/a"), b"/C:/a");
    }

    #[test]
    fn modes_are_not_handed_on_and_times_are() {
        let (mut out, mut rest) = (Vec::new(), &[0, 0, 0, 12, 0, 0, 1, 0xed, 0, 0, 0, 1, 0, 0, 0, 2, 9][..]);

        attributes(&mut rest, &mut out, |_| None).unwrap();

        assert_eq!((out, rest), (vec![0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2], &[9][..]));
    }
}
