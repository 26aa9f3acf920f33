//! A question that is asked beside something else, which never waits for the answer.

use std::future::poll_fn;
use std::pin::{Pin, pin};

/// A question on its way, or its answer.
pub(super) struct Aside<Asking: Future> {
    asking: Option<Pin<Box<Asking>>>,
    answer: Option<Asking::Output>,
}

impl<Asking: Future> Aside<Asking> {
    pub(super) fn new(asking: Asking) -> Self {
        Self { asking: Some(Box::pin(asking)), answer: None }
    }

    /// Do the work to its end, and go on asking meanwhile.
    pub(super) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            if let Some(asking) = &mut self.asking
                && let std::task::Poll::Ready(answer) = asking.as_mut().poll(cx)
            {
                self.asking = None;
                self.answer = Some(answer);
            }
            work.as_mut().poll(cx)
        })
        .await
    }

    /// The answer, waited for.
    pub(super) async fn settled(self) -> Option<Asking::Output> {
        match self.asking {
            Some(asking) => Some(asking.await),
            None => self.answer,
        }
    }

    /// The answer, if it has come, once.
    pub(super) fn answer(&mut self) -> Option<Asking::Output> {
        self.answer.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_an_answer_that_does_not_come() {
        let mut aside = Aside::new(std::future::pending::<u8>());

        assert_eq!(aside.beside(std::future::ready("done")).await, "done");
        assert_eq!(aside.answer(), None);
    }

    #[tokio::test]
    async fn an_answer_that_comes_during_later_work_is_there_after_it() {
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (tell, told) = tokio::sync::oneshot::channel();
        let mut aside = Aside::new(async {
            begun.await.unwrap();
            tell.send(()).unwrap();
            7
        });
        aside.beside(std::future::ready(())).await;
        assert_eq!(aside.answer(), None);

        begin.send(()).unwrap();
        aside.beside(told).await.unwrap();

        assert_eq!(aside.answer(), Some(7));
        assert_eq!(aside.answer(), None, "it is told once");
    }
}
