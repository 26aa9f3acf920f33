//! A program and its arguments as one line for Windows, whatever shell sshd there starts it by.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest line that `cmd` takes, in characters.
const LONGEST: usize = 8_191;

/// Why words are no program that can be started on Windows so that each arrives as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotForWindows {
    /// `cmd` would read the arguments of a batch file once more, and in its own way.
    #[error("a batch file reads its arguments as cmd does")]
    BatchFile,
    /// `cmd` takes no longer line.
    #[error("too long for Windows")]
    TooLong,
}

/// The line that starts `program` with `arguments`.
///
/// sshd on Windows gives the line to its default shell, `cmd` or PowerShell, which read quotes, `%`, `^` and `$` each in its own way. Base64
/// is the same to both, so PowerShell, which every Windows has, is given all of it as that. It starts the program itself with the one
/// string that Windows programs take apart by the rules of `CommandLineToArgvW`; a string of PowerShell's own making loses quotes
/// before version 7.3. Its exit code is the program's, and 127 where there is no such program.
pub fn windows_line(program: &str, arguments: &[String]) -> Result<String, NotForWindows> {
    let name = program.trim_end_matches([' ', '.']).to_ascii_lowercase();
    if name.ends_with(".bat") || name.ends_with(".cmd") {
        return Err(NotForWindows::BatchFile);
    }
    let joined = arguments.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ");
    let bare = |text: &str| STANDARD.encode(text);
    let script = format!(
        "$ProgressPreference='SilentlyContinue';$ErrorActionPreference='Stop';\
         $t={{[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($args[0]))}};\
         $i=New-Object Diagnostics.ProcessStartInfo;\
         $i.FileName=&$t '{}';$i.Arguments=&$t '{}';$i.UseShellExecute=$false;\
         try{{$p=[Diagnostics.Process]::Start($i)}}\
         catch{{[Console]::Error.WriteLine($_.Exception.GetBaseException().Message);exit 127}};\
         $p.WaitForExit();exit $p.ExitCode",
        bare(program),
        bare(&joined)
    );
    let encoded = STANDARD.encode(script.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    // Its input is the program's, which reads it itself.
    let line = format!("powershell.exe -NoProfile -NonInteractive -InputFormat None -EncodedCommand {encoded}");
    if line.len() > LONGEST { Err(NotForWindows::TooLong) } else { Ok(line) }
}

/// One argument by the rules of `CommandLineToArgvW`: a quote is `\"`, backslashes count only in front of one, and there they are doubled.
fn quoted(argument: &str) -> String {
    let is_bare = !argument.is_empty() && !argument.contains([' ', '\t', '\n', '\x0b', '"']);
    if is_bare {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in argument.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                quoted.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        quoted.push(character);
    }
    quoted.extend(std::iter::repeat_n('\\', backslashes));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Microsoft's rules ("Parsing C++ command-line arguments", and `CommandLineToArgvW`), for what follows the program's name.
    fn taken_apart(line: &str) -> Vec<String> {
        let characters: Vec<char> = line.chars().collect();
        let (mut words, mut at) = (Vec::new(), 0);
        loop {
            while characters.get(at).is_some_and(|character| matches!(character, ' ' | '\t')) {
                at += 1;
            }
            if at >= characters.len() {
                return words;
            }
            let (mut word, mut is_quoted) = (String::new(), false);
            while let Some(&character) = characters.get(at) {
                if matches!(character, ' ' | '\t') && !is_quoted {
                    break;
                }
                let backslashes = characters.iter().skip(at).take_while(|character| **character == '\\').count();
                match characters.get(at + backslashes) {
                    Some('"') => {
                        word.extend(std::iter::repeat_n('\\', backslashes / 2));
                        at += backslashes + 1;
                        match backslashes % 2 {
                            1 => word.push('"'),
                            // Two in a row inside of quotes are one.
                            _ if is_quoted && characters.get(at) == Some(&'"') => {
                                word.push('"');
                                at += 1;
                            }
                            _ => is_quoted = !is_quoted,
                        }
                    }
                    _ if backslashes > 0 => {
                        word.extend(std::iter::repeat_n('\\', backslashes));
                        at += backslashes;
                    }
                    _ => {
                        word.push(character);
                        at += 1;
                    }
                }
            }
            words.push(word);
        }
    }

    /// What PowerShell finds in the line: the program and the one string of arguments.
    fn found(line: &str) -> (String, String) {
        let encoded = line.strip_prefix("powershell.exe -NoProfile -NonInteractive -InputFormat None -EncodedCommand ").unwrap();
        assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)), "no shell reads {encoded}");
        let bytes = STANDARD.decode(encoded).unwrap();
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let script = String::from_utf16(&units).unwrap();
        let text = |name: &str| {
            let (_, rest) = script.split_once(&format!("$i.{name}=&$t '")).unwrap();
            let (base64, _) = rest.split_once('\'').unwrap();
            String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap()
        };
        (text("FileName"), text("Arguments"))
    }

    fn arrived(program: &str, arguments: &[&str]) -> (String, Vec<String>) {
        let owned: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let (program, line) = found(&windows_line(program, &owned).unwrap());
        (program, taken_apart(&line))
    }

    #[test]
    fn the_examples_of_microsoft_are_taken_apart_as_they_say() {
        for (line, words) in [
            (r#""abc" d e"#, &["abc", "d", "e"][..]),
            (r#"a\\b d"e f"g h"#, &[r"a\\b", "de fg", "h"]),
            (r#"a\\\"b c d"#, &[r#"a\"b"#, "c", "d"]),
            (r#"a\\\\"b c" d e"#, &[r"a\\b c", "d", "e"]),
            (r#"a"b"" c d"#, &[r#"ab" c d"#]),
        ] {
            assert_eq!(taken_apart(line), words, "{line}");
        }
    }

    #[test]
    fn each_word_arrives_as_it_is() {
        let arguments = [
            "plain",
            "",
            "two words",
            r#"say "hi""#,
            r"C:\Program Files\x\",
            r#"\\server\share\"quoted"\"#,
            "100% $env:PATH ^ & | < > ( ) ! `n ; '",
            "‘curly’ 한글 \u{1f600}",
            "line\nbreak\ttab",
            "-EncodedCommand",
        ];

        let (program, words) = arrived(r"C:\Program Files\Tool\tool.exe", &arguments);

        assert_eq!(program, r"C:\Program Files\Tool\tool.exe");
        assert_eq!(words, arguments);
    }

    #[test]
    fn what_would_be_read_once_more_or_cut_is_refused() {
        for batch in ["run.bat", "RUN.CMD", r"C:\x\run.cmd. "] {
            assert_eq!(windows_line(batch, &["&calc".to_owned()]), Err(NotForWindows::BatchFile), "{batch}");
        }
        assert_eq!(windows_line("tool.exe", &["x".repeat(3_000)]), Err(NotForWindows::TooLong));
        assert!(windows_line("tool.exe", &["x".repeat(1_500)]).is_ok());
    }

    proptest! {
        #[test]
        fn any_words_arrive(words in prop::collection::vec(r#"[a" \\\t%$é]{0,12}"#, 0..6)) {
            let (_, line) = found(&windows_line("tool", &words).unwrap());
            prop_assert_eq!(taken_apart(&line), words);
        }
    }
}
