//! Records for other programs: CSV as in RFC 4180, and tab-separated values.

use std::io::{self, Write};

use crate::model::Untrusted;

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimited {
    /// CSV; `raw` leaves cells alone that a spreadsheet would take for a formula.
    Csv {
        /// `--csv-raw`.
        raw: bool,
    },
    /// One line a record, one tab between cells.
    Tsv,
}

impl Delimited {
    /// One record.
    pub fn write(self, out: &mut dyn Write, cells: &[String]) -> io::Result<()> {
        let (separator, end): (&[u8], &[u8]) = match self {
            Self::Csv { .. } => (b",", b"\r\n"),
            Self::Tsv => (b"\t", b"\n"),
        };
        for (number, cell) in cells.iter().enumerate() {
            if number > 0 {
                out.write_all(separator)?;
            }
            out.write_all(self.cell(cell).as_bytes())?;
        }
        out.write_all(end)
    }

    fn cell(self, cell: &str) -> String {
        match self {
            Self::Tsv => Untrusted::from(cell).shown(),
            Self::Csv { raw } => {
                let shown = shown_with_line_ends(cell);
                let is_formula = !raw && shown.starts_with(['=', '+', '-', '@']);
                let guarded = if is_formula { format!("'{shown}") } else { shown };
                if guarded.contains(['"', ',', '\r', '\n', '\t']) {
                    format!("\"{}\"", guarded.replace('"', "\"\""))
                } else {
                    guarded
                }
            }
        }
    }
}

/// The text as on the screen, but for line ends and tabs, which stay.
fn shown_with_line_ends(cell: &str) -> String {
    let mut shown = String::with_capacity(cell.len());
    for piece in cell.split_inclusive(['\n', '\r', '\t']) {
        let text = piece.trim_end_matches(['\n', '\r', '\t']);
        shown.push_str(&Untrusted::from(text).shown());
        shown.push_str(piece.get(text.len()..).unwrap_or_default());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Delimited, cells: &[&str]) -> String {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let mut bytes = Vec::new();
        form.write(&mut bytes, &cells).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn quotes_commas_and_line_ends_come_back_as_they_were() {
        let cells = ["a\"b", "a,b", "a\nb\r\nc", "a\tb", "", "결제"];

        let text = written(Delimited::Csv { raw: false }, &cells);

        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), cells);
        assert!(text.contains("\"a\tb\""));
    }

    #[test]
    fn a_formula_is_defused_unless_asked_for() {
        for cell in ["=1+1", "+1", "-1", "@x"] {
            assert_eq!(written(Delimited::Csv { raw: false }, &[cell]), format!("'{cell}\r\n"));
            assert_eq!(written(Delimited::Csv { raw: true }, &[cell]), format!("{cell}\r\n"));
        }
    }

    #[test]
    fn no_cell_moves_the_cursor() {
        let hostile = "a\u{1b}[2J\u{9b}1A\u{202e}\u{200b}\u{2028}\u{85}";

        assert_eq!(written(Delimited::Csv { raw: true }, &[hostile]), "a·[2J·1A····\r\n");
        assert_eq!(written(Delimited::Tsv, &[hostile, "a\nb\tc"]), "a·[2J·1A····\ta·b·c\n");
    }
}
