//! What would be done: the calls, the instances, what it costs and how to undo it.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::aws;
use crate::cli::args::Form;
use crate::cli::invocation::Invocation;
use crate::cli::output::{SCHEMA, write_line, write_pretty};
use crate::model::{InstanceId, Standing};
use crate::power::{Disks, Order, PowerCall, costs, preview};
use crate::terminal::Standard;
use crate::text::Catalogue;

/// What a yes is asked for.
pub struct Preview<'a> {
    pub order: &'a Order,
    pub calls: Vec<PowerCall>,
    pub disks: &'a Disks,
}

impl Preview<'_> {
    /// On stderr, before the question.
    pub fn tell(&self, invocation: &Invocation) {
        let mut stderr = Standard::error();
        for line in self.lines(&invocation.text) {
            // Without a stderr there is nobody to tell.
            let _ = writeln!(stderr, "{line}");
        }
    }

    /// As data, with what EC2 says about the permission of each call.
    pub fn write(&self, invocation: &Invocation, may: &[Result<(), aws::Error>], out: &mut dyn Write) -> io::Result<()> {
        match invocation.form() {
            Form::Json => write_pretty(out, &self.object(may, &invocation.text)),
            Form::Jsonl => write_line(out, &self.object(may, &invocation.text)),
            _ => {
                for line in self.lines(&invocation.text) {
                    writeln!(out, "{line}")?;
                }
                for (call, may) in self.calls.iter().zip(may) {
                    let what = match may {
                        Ok(()) => invocation.text.say("power-may"),
                        Err(error) => error.what(&invocation.text),
                    };
                    writeln!(out, "{} {}: {what}", call.power.action(), call.place.region)?;
                }
                Ok(())
            }
        }
    }

    fn lines(&self, text: &Catalogue) -> Vec<String> {
        preview::lines(self.order.power, &self.order.targets, &self.calls, self.disks, text)
    }

    fn object(&self, may: &[Result<(), aws::Error>], text: &Catalogue) -> Value {
        let calls = self.calls.iter().zip(may).map(|(call, may)| {
            let refused = may.as_ref().err().map(|error| json!({"code": error.code(), "text": error.what(text)}));
            json!({
                "call": call.power.action(), "region": call.place.region.as_str(),
                "instances": call.ids.iter().map(InstanceId::as_str).collect::<Vec<_>>(),
                "allowed": match may {
                    Ok(()) => Value::Bool(true),
                    Err(aws::Error::Denied { .. }) => Value::Bool(false),
                    Err(_) => Value::Null,
                },
                "reason": refused,
            })
        });
        let instances = self.order.targets.iter().map(|instance| {
            let is_asked = self.order.power.standing(instance) == Standing::ToDo;
            let all = if is_asked { costs(self.order.power, instance, self.disks) } else { Vec::new() };
            json!({
                "id": instance.id.as_str(),
                "name": instance.name().map(|name| name.raw()),
                "account": instance.account.as_ref().map(ToString::to_string),
                "region": instance.place.region.as_str(),
                "state": instance.state.word(),
                "asked": is_asked,
                "costs": all.iter().map(|cost| json!({"code": cost.code(), "text": cost.text(text)})).collect::<Vec<_>>(),
            })
        });
        json!({"schema": SCHEMA, "plan": {
            "action": self.order.power.word(),
            "calls": calls.collect::<Vec<_>>(),
            "instances": instances.collect::<Vec<_>>(),
            "undo": preview::undo(self.order.power, &self.calls),
        }})
    }
}
