//! Whether a command or a copy goes by a command session of Session Manager.

use super::connect::Prepared;
use crate::access::{Load, Mark, Method, Way, mark};

/// Its way, if a command session is what to take: it was asked for, or no ssh surely gets in and such a session does.
pub fn by_session(prepared: &Prepared, methods: &[Method]) -> Option<Method> {
    let is_open = |way: &Way| matches!(mark(way), Mark::Works | Mark::Problem);
    match methods {
        [method] => Some(*method).filter(|method| method.carries(Load::Command)),
        methods => {
            let may_use = |method: Method| {
                let is_asked = methods.is_empty() || methods.contains(&method);
                is_asked && prepared.options.preferred().any(|preferred| preferred == method)
            };
            let mut by_ssh = prepared.ways.list.iter().filter(|way| way.method.runs_ssh() && way.method.can_be_opened());
            if by_ssh.any(|way| may_use(way.method) && is_open(way)) {
                return None;
            }
            prepared.ways.carrying(Load::Command).filter(|way| may_use(way.method) && is_open(way)).map(|way| way.method)
        }
    }
}
