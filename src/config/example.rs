//! The example file: every setting with its default.

/// The text of `config.example.toml`.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

#[cfg(test)]
mod tests {
    use super::super::loaded::Loaded;
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn the_example_is_the_defaults() {
        assert_eq!(parse(EXAMPLE, None), Ok(Loaded::default()));
    }

    #[test]
    fn the_example_names_every_setting_of_this_version() {
        let keys: Vec<&str> = EXAMPLE.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();

        for key in [
            "profile",
            "regions",
            "refresh",
            "read_only",
            "hybrid",
            "use",
            "share_role_cache",
            "network",
            "theme",
            "lang",
            "glyphs",
            "motion",
            "title",
            "columns",
            "sort",
            "order",
            "port",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
    }

    #[test]
    fn what_is_commented_out_is_right_too() {
        let examples = EXAMPLE.split_once("# What follows are examples.").unwrap().1;
        let source: String = examples.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();

        let loaded = parse(&source, Some("/home/jane".as_ref())).unwrap();

        assert_eq!(loaded.warnings, []);
        assert_eq!(loaded.settings.rules.len(), 2);
        assert_eq!(loaded.settings.tunnels.len(), 2);
        assert_eq!(loaded.settings.commands.len(), 1);
        assert_eq!(loaded.settings.places.len(), 1);
    }
}
