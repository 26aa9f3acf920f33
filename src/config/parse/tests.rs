//! What a settings file may say, and what is said of one that is wrong.

use super::*;
use crate::text::Catalogue;

fn good(source: &str) -> Loaded {
    parse(source, Some(Path::new("/home/jane"))).unwrap()
}

fn problems(source: &str) -> Vec<String> {
    let text = Catalogue::english();
    parse(source, Some(Path::new("/home/jane"))).unwrap_err().findings.iter().map(|finding| finding.located(&text)).collect()
}

fn warnings(source: &str) -> Vec<String> {
    let text = Catalogue::english();
    good(source).warnings.iter().map(|finding| finding.located(&text)).collect()
}

#[test]
fn an_empty_file_is_all_defaults() {
    assert_eq!(good(""), Loaded::default());
}

#[test]
fn a_saved_filter_is_read_and_may_use_another() {
    let filters = good("[filters]\nprod-web = \"@prod Role=web\"\nprod = \"env=prod\"\n").settings.filters;

    assert_eq!(filters.get("prod-web").map(String::as_str), Some("@prod Role=web"));
}

#[test]
fn a_saved_filter_that_cannot_be_understood_is_told_with_its_line() {
    let source = "[filters]\na = \"x @b\"\nb = \"@a\"\nruns = \"state:runing\"\nuses = \"@runs\"\nfar = \"@rnus\"\n\"a b\" = \"web\"\nn = 1\n";

    assert_eq!(
        problems(source),
        [
            "line 2, column 5: The saved filter @a uses itself.",
            "line 3, column 5: The saved filter @b uses itself.",
            "line 4, column 8: state is never \"runing\". Did you mean running?",
            "line 6, column 7: There is no saved filter @rnus. Did you mean @runs?",
            "line 7, column 1: \"a b\" cannot be a filter's name: letters, digits, \"-\", \"_\" and \".\" can",
            "line 8, column 5: n must be a text in quotes, not a whole number",
        ]
    );
}

#[test]
fn every_setting_is_read() {
    let source = r#"
        profile = "prod"
        regions = ["us-east-1", "auto"]
        refresh = 0
        [ui]
        theme = "mono"
        ambiguous_width = 2
        columns = ["name", "tag:env"]
        sort = "-launched"
        [connect]
        order = ["ssh", "eic"]
        address = "10.9.0.7"
        user = "deploy"
        [accounts.123456789012]
        label = "PROD"
        confirm = true
        [[rule]]
        match = { tag = "team=pay*", os = "linux" }
        key = "~/.ssh/team.pem"
        port = 2222
        [keys]
        connect = ["c", "Ctrl-O"]
    "#;

    let Loaded { settings, warnings, key_positions, .. } = good(source);

    assert_eq!(warnings, []);
    assert_eq!(settings.profiles, ["prod"]);
    assert_eq!(settings.regions, ["us-east-1".parse().unwrap()]);
    assert_eq!(settings.ui.theme, ThemeName::Mono);
    assert_eq!(settings.ui.columns, [Column::NAME, Column::Tag("env".into())]);
    assert_eq!(settings.connect.order, [Method::Ssh, Method::Eic]);
    assert_eq!(settings.connect.address, AddressChoice::Fixed("10.9.0.7".parse().unwrap()));
    assert!(settings.accounts[&"123456789012".parse().unwrap()].confirm);
    assert_eq!(settings.rules[0].key, Some("/home/jane/.ssh/team.pem".into()));
    assert_eq!(settings.rules[0].line, 17);
    assert_eq!(settings.rules[0].pattern.tag, Some(("team".to_owned(), "pay*".to_owned())));
    assert_eq!(settings.keys["connect"], ["c", "Ctrl-O"]);
    assert_eq!(key_positions["connect"], (22, 9));
}

#[test]
fn all_wrong_values_are_told_at_once_with_line_and_nearest_word() {
    let source = "[ui]\ntheme = \"drak\"\nglyphs = 3\n[connect]\norder = [\"ssn\"]\nport = 70000\nuser = \"-oX\"\n";

    assert_eq!(
        problems(source),
        [
            "line 2, column 9: unknown theme \"drak\". Did you mean \"dark\"?",
            "line 3, column 10: glyphs must be a text in quotes, not a whole number",
            "line 5, column 10: unknown method \"ssn\". Did you mean \"ssm\"?",
            "line 6, column 8: port must be a whole number from 1 to 65535",
            "line 7, column 8: \"-oX\" is not a login name",
        ]
    );
}

#[test]
fn unknown_keys_are_warnings_with_a_suggestion() {
    assert_eq!(
        warnings("refesh = 3\n[ui]\nquux = 1\n"),
        ["line 1, column 1: unknown key \"refesh\". Did you mean \"refresh\"?", "line 3, column 1: unknown key \"quux\""]
    );
}

#[test]
fn a_span_is_a_number_and_a_unit() {
    let reconnect =
        |text: &str| parse(&format!("[connect]\nreconnect = {text}\n"), None).map(|own| own.settings.connect.reconnect);

    for (text, seconds) in [("\"90s\"", 90), ("\"10m\"", 600), ("\"2h\"", 7_200), ("\"0s\"", 0)] {
        assert_eq!(reconnect(text).unwrap(), Duration::from_secs(seconds), "{text}");
    }
    for bad in ["\"10\"", "\"m\"", "\"-1m\"", "\"25h\"", "\"10 min\"", "600"] {
        assert_eq!(reconnect(bad).map_err(|refused| refused.findings.len()), Err(1), "{bad}");
    }
}

#[test]
fn a_mistyped_match_key_does_not_make_a_rule_match_everything() {
    assert_eq!(
        problems("[[rule]]\nmatch = { nmae = \"legacy-*\" }\n"),
        ["line 2, column 11: unknown key \"nmae\". Did you mean \"name\"?"]
    );
}

#[test]
fn what_reaches_a_command_line_is_checked() {
    for (line, what) in [
        ("user = \"root;id\"", "login"),
        ("user = \"a\\nb\"", "login"),
        ("key = \"../../x\"", "path"),
        ("key = \"/a\\nb\"", "path"),
        ("address = \"10.0.0.1;id\"", "address"),
        ("address = \"fe80::1%eth0\"", "address"),
    ] {
        let found = problems(&format!("[[rule]]\n{line}\n"));
        assert!(found.len() == 1 && found[0].contains(what), "{line}: {found:?}");
    }
}

#[test]
fn broken_toml_names_the_line_and_never_quotes_more_than_a_little() {
    let found = problems(&format!("refresh = 3\nprofile = \"{}\n", "x".repeat(1_000_000)));

    assert!(found[0].starts_with("line 2, column"), "{found:?}");
    assert!(found.iter().all(|problem| problem.len() < 200));
}

#[test]
fn hostile_words_are_quoted_without_control_characters() {
    let found = problems("[ui]\ntheme = \"\\u001b]0;x\\u0007\"\n");

    assert!(found.iter().all(|problem| !problem.contains('\u{1b}')));
}

#[test]
fn an_empty_word_is_quoted_as_what_it_is() {
    let cases = [
        ("[ui]\ntheme = \"\"\n", "unknown theme \"\". Valid: auto, dark"),
        ("[connect]\nreconnect = \"\"\n", "\"\" is no span of time"),
        ("regions = [\"\"]\n", "\"\" is not a region's name"),
        ("[keys]\n\"\" = 1\n", "\"\" must be a list of texts"),
    ];
    for (source, words) in cases {
        let told = problems(source);
        assert!(told.len() == 1 && told[0].contains(words), "{told:?}");
    }
    assert!(good("\"\" = 1\n").warnings.iter().any(|warning| warning.text(&Catalogue::english()) == "unknown key \"\""));
}

#[test]
fn a_list_of_nothing_is_a_mistake_and_an_empty_profile_is_none() {
    for (source, key) in [
        ("[ui]\ncolumns = []\n", "columns"),
        ("[connect]\norder = []\n", "order"),
        ("[[rule]]\nmatch = { name = \"web\" }\nmethod = []\n", "method"),
    ] {
        let told = problems(source);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with(&format!("{key} is empty: name at least one, or leave the line out")), "{told:?}");
    }
    assert_eq!(good("profile = \"\"\n").settings.profiles, Vec::<String>::new());
}
