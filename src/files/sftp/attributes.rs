//! What SFTP says of a file, and how it is written down (draft-ietf-secsh-filexfer-02, section 5).

use super::fields::{Fields, Malformed};

const SIZE: u32 = 1;
const OWNER: u32 = 2;
const PERMISSIONS: u32 = 4;
const TIMES: u32 = 8;
const EXTENDED: u32 = 0x8000_0000;

/// What is told, or asked for. What is not told is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes {
    /// In bytes.
    pub size: Option<u64>,
    /// Kind and permissions, as in `st_mode`.
    pub mode: Option<u32>,
    /// Seconds since 1970: of the last access, of the last change.
    pub times: Option<(u32, u32)>,
}

impl Attributes {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let flag = |is_told: bool, flag: u32| if is_told { flag } else { 0 };
        let flags = flag(self.size.is_some(), SIZE) | flag(self.mode.is_some(), PERMISSIONS) | flag(self.times.is_some(), TIMES);
        out.extend(flags.to_be_bytes());
        out.extend(self.size.into_iter().flat_map(u64::to_be_bytes));
        out.extend(self.mode.into_iter().flat_map(u32::to_be_bytes));
        out.extend(self.times.into_iter().flat_map(|(accessed, changed)| [accessed, changed]).flat_map(u32::to_be_bytes));
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, Malformed> {
        let flags = fields.number()?;
        let has = |flag: u32| flags & flag != 0;
        let size = has(SIZE).then(|| fields.long()).transpose()?;
        if has(OWNER) {
            fields.long()?;
        }
        let mode = has(PERMISSIONS).then(|| fields.number()).transpose()?;
        let times = if has(TIMES) { Some((fields.number()?, fields.number()?)) } else { None };
        if has(EXTENDED) {
            for _ in 0..fields.number()? {
                fields.text()?;
                fields.text()?;
            }
        }
        Ok(Self { size, mode, times })
    }
}
