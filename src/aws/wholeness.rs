//! Refusing an XML answer that was cut: the SDK's reader takes half a list for a whole one.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// The answer ends before its last element does.
#[derive(Debug, thiserror::Error)]
#[error("the answer was cut off")]
pub(super) struct Cut;

/// Looks at the two ends of each XML answer. `aws-smithy-xml` 0.64 passes over broken tokens (`next_start_element`), so a list cut
/// in the middle would read as a short one, and rows would vanish.
#[derive(Debug)]
pub(super) struct Wholeness;

#[dyn_dispatch_hint]
impl Intercept for Wholeness {
    fn name(&self) -> &'static str {
        "Wholeness"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_whole = !context.response().status().is_success() || context.response().body().bytes().is_none_or(is_whole);
        if is_whole { Ok(()) } else { Err(Cut.into()) }
    }
}

/// Whether an XML document ends with the end of the element it begins with. Anything that does not begin like one passes.
fn is_whole(document: &[u8]) -> bool {
    let mut rest = document.trim_ascii();
    while rest.starts_with(b"<?") || rest.starts_with(b"<!") {
        let Some(end) = rest.iter().position(|byte| *byte == b'>') else { return false };
        rest = rest.get(end + 1..).unwrap_or_default().trim_ascii_start();
    }
    let Some(name) = rest.strip_prefix(b"<") else { return !document.trim_ascii_start().starts_with(b"<") };
    let length = name.iter().position(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\n' | b'\t' | b'\r')).unwrap_or(name.len());
    let name = name.get(..length).unwrap_or_default();
    let ends_itself = rest.ends_with(b"/>") && rest.iter().filter(|byte| **byte == b'<').count() == 1;
    let ending = rest.strip_suffix(b">").and_then(|rest| rest.trim_ascii_end().strip_suffix(name));
    ends_itself || ending.is_some_and(|rest| rest.ends_with(b"</"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_whole_only_up_to_its_last_byte() {
        let document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse xmlns=\"http://ec2\"><a>1</a><b/></DescribeInstancesResponse>";
        assert!(is_whole(document.as_bytes()));
        assert!(is_whole(format!("{document}\n").as_bytes()));
        for end in 1..document.len() {
            // Cut inside the opening `<`, it is not XML at all, which the reader itself refuses.
            assert!(!is_whole(&document.as_bytes()[..end]) || end < 2, "{}", &document[..end]);
        }
    }

    #[test]
    fn what_is_not_xml_is_left_to_its_own_reader() {
        for other in ["", "{\"a\":1}", "hello", "<Empty/>", "<Empty />"] {
            assert!(is_whole(other.as_bytes()), "{other}");
        }
    }
}
