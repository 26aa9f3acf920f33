//! Carries questions about files to a script in a command session, and its answers back.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, timeout};

use crate::files::shell::{Answer, Asked};
use crate::session::SessionEnd;
use crate::session::archive::{Archive, Heard, Malformed, Said};

/// A session in which nobody types ends after a while, however much it says.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);
/// What a terminal holds of questions while nobody reads them. More of them would keep the agent from what else it is told: also from that
/// its answers arrived, of which it holds back only so many.
const UNREAD: usize = 3_000;
/// Bytes of answers on their way that the agent holds easily.
const EASY: usize = 2 * 1024 * 1024;
/// How long the script may take to end.
const LEAVE: Duration = Duration::from_secs(2);
/// Bytes of questions that wait there: who leaves does not wait long for them.
const AHEAD: usize = 1024 * 1024;
/// Bytes of questions that are handed on at a time.
const AT_ONCE: usize = 64 * 1024;

/// How it ended.
pub enum Served {
    /// Nobody asks any more.
    Done,
    /// The session is over.
    Over(Box<SessionEnd>),
    /// What came are no answers.
    Garbled,
}

/// A question whose answer has not come.
struct UnderWay {
    asked: Asked,
    data: Vec<u8>,
}

/// Serve until nobody asks any more. Who waits for an answer that does not come hears of it by this end.
pub async fn serve(mut archive: Archive, mut questions: mpsc::UnboundedReceiver<Asked>) -> Served {
    let mut under_way: VecDeque<UnderWay> = VecDeque::new();
    let mut next: Option<Asked> = None;
    let (mut outgoing, mut gone) = (Vec::new(), 0);
    let mut alive = interval_at(Instant::now() + SIGN_OF_LIFE, SIGN_OF_LIFE);
    let mut may_come = true;
    let mut may_go = true;
    loop {
        if gone == outgoing.len() {
            outgoing.clear();
            gone = 0;
        }
        if outgoing.len() - gone < AT_ONCE
            && let Some(asked) = next.take_if(|asked| has_room(&under_way, asked))
        {
            outgoing.extend_from_slice(asked.question.text());
            under_way.push_back(UnderWay { asked, data: Vec::new() });
            continue;
        }
        if !may_come && next.is_none() && under_way.is_empty() {
            return leave(&archive).await;
        }
        tokio::select! {
            heard = archive.ear.next(&archive.session) => {
                let said = match heard {
                    Ok(Some(Heard::Data(bytes))) => {
                        let Some(first) = under_way.front_mut() else { return Served::Garbled };
                        first.data.extend(bytes);
                        if first.data.len() > first.asked.question.most() {
                            return Served::Garbled;
                        }
                        continue;
                    }
                    Ok(Some(Heard::Said(said))) => said,
                    Ok(None) => return Served::Over(Box::new(archive.session.ended().await)),
                    Err(Malformed) => return Served::Garbled,
                };
                let Some(UnderWay { asked, data }) = under_way.pop_front() else { return Served::Garbled };
                match said {
                    Said::Answered(words) => asked.answer(Ok(Answer { words, data })),
                    Said::Refused(words) => asked.answer(Err(words)),
                    _ => return Served::Garbled,
                }
            }
            sent = archive.session.send_some(outgoing.get(gone..).unwrap_or_default()), if may_go && gone < outgoing.len() => match sent {
                Ok(count) => gone += count,
                // That the session takes nothing more is told by what is heard of it.
                Err(_) => may_go = false,
            },
            asked = questions.recv(), if may_come && next.is_none() => {
                may_come = asked.is_some();
                next = asked.filter(|asked| !asked.is_given_up());
            }
            _ = alive.tick(), if outgoing.is_empty() => outgoing.push(b'\n'),
        }
    }
}

/// Whether it may go now: what is long in coming is not asked for with much behind it.
fn has_room(under_way: &VecDeque<UnderWay>, asked: &Asked) -> bool {
    let questions = || under_way.iter().map(|waiting| &waiting.asked.question).chain([&asked.question]);
    let expected: usize = questions().map(|question| question.expected()).sum();
    let behind: usize = questions().skip(1).map(|question| question.text().len()).sum();
    behind <= UNREAD || (expected <= EASY && behind <= AHEAD)
}

/// Let the script end by itself, which is its end in the account, too.
async fn leave(archive: &Archive) -> Served {
    if archive.session.send(b"bye\n").await.is_ok() {
        let _ = timeout(LEAVE, archive.session.ended()).await;
    }
    Served::Done
}
