//! How far a command is on one instance, in AWS's words.

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Pending,
    InProgress,
    Success,
    Failed,
    ExecutionTimedOut,
    DeliveryTimedOut,
    Undeliverable,
    Cancelling,
    Cancelled,
    /// Not started, because too many others had failed.
    Terminated,
}

impl Status {
    /// `Status` and `StatusDetails`.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Pending => ("Pending", "Pending"),
            Self::InProgress => ("InProgress", "InProgress"),
            Self::Success => ("Success", "Success"),
            Self::Failed => ("Failed", "Failed"),
            Self::ExecutionTimedOut => ("TimedOut", "ExecutionTimedOut"),
            Self::DeliveryTimedOut => ("TimedOut", "DeliveryTimedOut"),
            Self::Undeliverable => ("Failed", "Undeliverable"),
            Self::Cancelling => ("Cancelling", "Cancelling"),
            Self::Cancelled => ("Cancelled", "Cancelled"),
            Self::Terminated => ("Cancelled", "Terminated"),
        }
    }

    pub(super) fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::InProgress | Self::Cancelling)
    }

    /// Whether it counts towards `MaxErrors`.
    pub(super) fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::ExecutionTimedOut)
    }
}

/// The status of a whole command.
pub(super) fn of_all(all: &[Status], most_errors: usize) -> (&'static str, &'static str) {
    let errors = all.iter().filter(|status| status.is_error()).count();
    if all.contains(&Status::Cancelling) {
        return ("Cancelling", "Cancelling");
    }
    if !all.iter().all(|status| status.is_final()) {
        return if all.iter().all(|status| *status == Status::Pending) {
            ("Pending", "Pending")
        } else {
            ("InProgress", "InProgress")
        };
    }
    if all.is_empty() {
        ("Failed", "NoInstancesInTag")
    } else if all.contains(&Status::Cancelled) {
        ("Cancelled", "Cancelled")
    } else if errors > most_errors {
        ("Failed", "Failed")
    } else if all.iter().all(|status| *status == Status::Success) {
        ("Success", "Success")
    } else if all.contains(&Status::DeliveryTimedOut) {
        ("TimedOut", "DeliveryTimedOut")
    } else {
        ("Failed", "Incomplete")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_as_far_as_its_slowest_instance_and_as_good_as_its_worst() {
        use Status::*;

        for (all, told) in [
            (vec![Pending, Pending], "Pending"),
            (vec![Success, Pending], "InProgress"),
            (vec![Success, Success], "Success"),
            (vec![Success, Failed], "Failed"),
            (vec![Success, Undeliverable], "Incomplete"),
            (vec![Cancelled, Failed], "Cancelled"),
            (vec![Cancelling, Success], "Cancelling"),
            (vec![], "NoInstancesInTag"),
        ] {
            assert_eq!(of_all(&all, 0).1, told, "{all:?}");
        }
        assert_eq!(of_all(&[Success, Failed], 1).1, "Incomplete");
    }
}
