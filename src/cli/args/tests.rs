//! Which command lines are understood, and how.

use std::ffi::OsString;

use super::*;

fn parse(words: &[&str]) -> Result<Arguments, clap::Error> {
    parse_in(words, &[])
}

fn parse_in(words: &[&str], variables: &[(&str, &str)]) -> Result<Arguments, clap::Error> {
    let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    super::parse(std::iter::once(&"ec2dash").chain(words).map(OsString::from), &environment, &Catalogue::english())
}

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn no_command_hides_a_flag_of_every_command() {
    let command = Arguments::command();
    let global: Vec<String> = variables(&command).into_iter().map(|(id, _)| id.to_string()).collect();
    let mut inner: Vec<&clap::Command> = command.get_subcommands().collect();
    inner.extend(command.get_subcommands().flat_map(clap::Command::get_subcommands));

    for own in inner.iter().flat_map(|command| command.get_arguments()) {
        assert!(!global.contains(&own.get_id().to_string()), "{}", own.get_id());
    }
    let filtered = parse(&["ls", "--filter", "web", "state:running"]).unwrap();
    assert_eq!(filtered.global.filter.as_deref(), Some("web"));
}

#[test]
fn a_later_command_or_flag_is_told_apart_from_a_mistyped_one() {
    let later_word = |words: &[&str]| later(&parse(words).unwrap_err());

    for command in LATER_COMMANDS {
        assert_eq!(later_word(&[command, "web-1"]), Some(command.to_owned()));
    }
    assert_eq!(later_word(&["--test"]), Some("--test".to_owned()));
    assert_eq!(later_word(&["ls", "--watch", "3"]), Some("--watch".to_owned()));
    assert_eq!(later_word(&["--endpoint=x", "ls"]), Some("--endpoint".to_owned()));
    assert_eq!(later_word(&["conect", "web-1"]), None);
}

#[test]
fn a_mistyped_command_is_suggested_and_never_run() {
    let error = parse(&["conect", "web-1"]).unwrap_err();

    assert!(message(&error, &Catalogue::english()).contains("connect"), "{}", message(&error, &Catalogue::english()));
}

#[test]
fn what_follows_two_dashes_is_sshs() {
    let Some(Command::Ssh { connect, arguments }) = parse(&["ssh", "-m", "eic", "web-1", "--", "-v", "uptime"]).unwrap().command
    else {
        panic!("not ssh")
    };

    assert_eq!((connect.target.as_str(), arguments.len()), ("web-1", 2));
}

#[test]
fn a_dash_is_a_target_and_words_that_begin_with_one_are_not() {
    assert!(parse(&["connect", "-"]).is_ok());
    assert!(parse(&["connect", "-Xfoo"]).is_err());
    let Some(Command::Connect { connect, .. }) = parse(&["connect", "--", "-oProxyCommand=x"]).unwrap().command else {
        panic!("not connect")
    };
    assert!(connect.target.parse::<crate::model::Target>().is_err());
}

#[test]
fn a_login_or_region_that_is_none_is_refused_here() {
    assert!(parse(&["connect", "web-1", "-u", "a b"]).is_err());
    assert!(parse(&["--region", "us-east-1.evil.com#"]).is_err());
    assert_eq!(parse(&["--region", "all"]).unwrap().global.regions, [RegionChoice::All]);
}

#[test]
fn a_complaint_carries_no_control_character_of_the_argument() {
    let error = parse(&["\u{1b}[2Jx"]).unwrap_err();

    assert!(!message(&error, &Catalogue::english()).contains('\u{1b}'));
}

#[test]
fn every_flag_of_every_command_has_a_variable_and_loses_nothing_to_it() {
    let global = |words: &[&str], variables: &[(&str, &str)]| parse_in(words, variables).unwrap().global;

    let variables = [
        ("EC2DASH_PROFILE", "prod"),
        ("EC2DASH_REGION", "us-east-1,eu-west-1"),
        ("EC2DASH_OUTPUT", "json"),
        ("EC2DASH_READ_ONLY", "1"),
        ("EC2DASH_QUIET", "0"),
        ("EC2DASH_VERBOSE", "2"),
        ("EC2DASH_API_TIMEOUT", "3"),
        ("EC2DASH_LOG_FILE", "/l"),
        ("EC2DASH_COLOR", ""),
    ];
    let from_environment = global(&["ls"], &variables);
    let from_flags = global(&["ls", "--profile", "dev", "--region", "us-west-2", "-o", "csv"], &variables);

    assert_eq!(from_environment.profiles, ["prod"]);
    assert_eq!(from_environment.regions.len(), 2);
    assert_eq!(from_environment.output, Some(Form::Json));
    assert!(from_environment.read_only && !from_environment.quiet);
    assert_eq!((from_environment.verbose, from_environment.api_timeout), (2, 3));
    assert_eq!(from_environment.log_file, Some("/l".into()));
    assert_eq!(from_flags.profiles, ["dev"]);
    assert_eq!(from_flags.regions, ["us-west-2".parse().unwrap()]);
    assert_eq!(from_flags.output, Some(Form::Csv));
    let text = Catalogue::english();
    let of_variable = parse_in(&["ls"], &[("EC2DASH_OUTPUT", "xml")]).unwrap_err();
    let of_flag = parse_in(&["ls", "-o", "xml"], &[("EC2DASH_OUTPUT", "json")]).unwrap_err();
    assert!(message(&of_variable, &text).ends_with("The value is that of the variable EC2DASH_OUTPUT."));
    assert!(!message(&of_flag, &text).contains("EC2DASH_OUTPUT"));
}

#[test]
fn a_switch_that_counts_is_on_by_any_word_for_on() {
    for (value, times) in [("2", 2), ("true", 1), ("yes", 1), ("no", 0)] {
        assert_eq!(parse_in(&["ls"], &[("EC2DASH_VERBOSE", value)]).unwrap().global.verbose, times, "{value}");
    }
}

#[test]
fn what_is_typed_is_told_from_what_a_variable_says() {
    let variables = [("EC2DASH_OUTPUT", "json"), ("EC2DASH_FILTER", "web")];
    let typed = |words: &[&str]| parse_in(words, &variables).unwrap().global.typed;

    assert!(!typed(&["ls"]).output && !typed(&["ls"]).filter);
    assert!(typed(&["ls", "-o", "csv"]).output && typed(&["-o", "csv", "ls"]).output);
    assert!(typed(&["exec", "--filter", "x", "--", "id"]).filter);
}
