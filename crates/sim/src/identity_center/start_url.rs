//! The start URL of the company, in the forms in which people write it.

/// Whether `written` leads to the portal that is served at `endpoint` and belongs to `company`.
///
/// The second form is for programs that take nothing but AWS's own hosts.
pub(super) fn is_of(written: &str, endpoint: &str, company: &str) -> bool {
    let trimmed = written.trim_end_matches(['/', '#']);
    [format!("{endpoint}/start"), format!("https://{company}.awsapps.com/start")].contains(&trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ends_are_borne_and_another_place_is_not() {
        let is_ours = |written: &str| is_of(written, "http://127.0.0.1:4000", "corp");

        for written in ["http://127.0.0.1:4000/start", "http://127.0.0.1:4000/start/", "http://127.0.0.1:4000/start#/"] {
            assert!(is_ours(written), "{written}");
        }
        assert!(is_ours("https://corp.awsapps.com/start#/"));
        for written in ["", "http://127.0.0.1:4001/start", "http://127.0.0.1:4000", "https://other.awsapps.com/start"] {
            assert!(!is_ours(written), "{written}");
        }
    }
}
