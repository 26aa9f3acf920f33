//! What is said of a loss that the network does not mend: once, and once more when a command that mends it is known.

use crate::aws;

/// What was said during one loss.
#[derive(Debug, Default)]
pub struct Hindrance {
    was_said: bool,
    had_command: bool,
}

impl Hindrance {
    /// Whether this is to be said now; from then on it has been. Credentials that AWS does not take come first, and that a sign-in
    /// would give new ones is known only when they are asked for.
    pub fn is_news(&mut self, error: &aws::Error) -> bool {
        let has_command = error.command().is_some();
        let is_news = !self.was_said || (has_command && !self.had_command);
        self.was_said = true;
        self.had_command |= has_command;
        is_news
    }

    /// The connection is back: the next loss is another one.
    pub fn is_over(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_told_once_and_the_command_that_mends_it_whenever_it_becomes_known() {
        let expired = aws::Error::Expired { profile: "corp".into() };
        let remedy = ["ec2dash", "login"].map(str::to_owned).to_vec();
        let end = aws::SignInEnd::Missing;
        let ended = aws::Error::SignInEnded { profile: "corp".into(), session: None, remedy, end };
        let mut own = Hindrance::default();

        let told = [&expired, &expired, &ended, &ended, &expired].map(|error| own.is_news(error));
        own.is_over();

        assert_eq!(told, [true, false, true, false, false]);
        assert!(own.is_news(&ended) && !own.is_news(&expired));
    }
}
