//! What mends a finding of the doctor: the calls beforehand, carrying them out, and taking them back.

mod authorized_keys;
mod called;
mod change;
mod consequence;
mod fix;
mod journal;
mod key_line;
mod perform;
mod plan;
mod preparing;
pub mod preview;
mod record;
mod runner;
mod taking_back;

pub use authorized_keys::Refusal;
pub use called::Called;
pub use change::{Change, Partition};
pub use consequence::Consequence;
pub use fix::{Fix, FixId};
pub use journal::{Journal, NotOpened, OpenRecord, Unreadable};
pub use plan::offered;
pub use preparing::prepared;
pub use record::{Author, Record, Standing, Step, StepState};
pub use runner::{Halted, carry_out, looked_again, may, rows_of_vpc};
pub use taking_back::{NotTakenBack, note_gone, take_back};
