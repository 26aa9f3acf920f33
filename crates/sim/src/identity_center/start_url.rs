//! The start URL of the company, in the forms in which people write it.

use crate::fleet::Company;

/// Whether `written` leads to the portal that is served at `endpoint` and belongs to `company`.
///
/// The second and the third form are for programs that take nothing but AWS's own hosts.
pub(super) fn is_of(written: &str, endpoint: &str, company: &Company) -> bool {
    let trimmed = written.trim_end_matches(['/', '#']);
    let classic = format!("https://{}.awsapps.com/start", company.name);
    [format!("{endpoint}/start"), classic, with_region(company)].contains(&trimmed.to_owned())
}

/// The newer form, which names the region.
pub(super) fn with_region(company: &Company) -> String {
    format!("https://{}.portal.{}.app.aws", company.name, company.region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ends_are_borne_and_another_place_is_not() {
        let company = Company {
            name: "corp".to_owned(),
            region: "eu-central-1".to_owned(),
            user: "jane".to_owned(),
            permission_sets: Vec::new(),
            assignments: Vec::new(),
        };
        let is_ours = |written: &str| is_of(written, "http://127.0.0.1:4000", &company);

        for written in ["http://127.0.0.1:4000/start", "http://127.0.0.1:4000/start/", "http://127.0.0.1:4000/start#/"] {
            assert!(is_ours(written), "{written}");
        }
        assert!(is_ours("https://corp.awsapps.com/start#/"));
        assert!(is_ours("https://corp.portal.eu-central-1.app.aws/") && !is_ours("https://corp.portal.us-east-1.app.aws"));
        for written in ["", "http://127.0.0.1:4001/start", "http://127.0.0.1:4000", "https://other.awsapps.com/start"] {
            assert!(!is_ours(written), "{written}");
        }
    }
}
