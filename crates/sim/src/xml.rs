//! XML answers, written element by element.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

const VEC_NEVER_FAILS: &str = "writing to a Vec does not fail";

/// A document under construction.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A document `<root xmlns="namespace">` with what `content` writes into it.
    pub(super) fn document(root: &str, namespace: &str, content: impl FnOnce(&mut Xml)) -> Vec<u8> {
        let mut xml = Xml { writer: Writer::new(Vec::with_capacity(4096)) };
        xml.writer.get_mut().extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let mut start = BytesStart::new(root);
        if !namespace.is_empty() {
            start.push_attribute(("xmlns", namespace));
        }
        xml.event(Event::Start(start));
        content(&mut xml);
        xml.event(Event::End(BytesEnd::new(root)));
        xml.writer.into_inner()
    }

    /// `<name>` with what `content` writes into it.
    pub(super) fn within(&mut self, name: &str, content: impl FnOnce(&mut Xml)) {
        self.event(Event::Start(BytesStart::new(name)));
        content(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// `<name><item>…</item>…</name>`: the lists of EC2.
    pub(super) fn items<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, each: impl FnMut(&mut Xml, T)) {
        self.list(name, "item", items, each);
    }

    /// `<name><member>…</member>…</name>`: the lists of IAM and STS.
    pub(super) fn members<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, each: impl FnMut(&mut Xml, T)) {
        self.list(name, "member", items, each);
    }

    /// `<name>value</name>`.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.event(Event::Start(BytesStart::new(name)));
        self.event(Event::Text(BytesText::from_escaped(escape(value))));
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// `<name>value</name>`, or nothing.
    pub(super) fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// `<name>true</name>`.
    pub(super) fn flag(&mut self, name: &str, value: bool) {
        self.text(name, if value { "true" } else { "false" });
    }

    /// `<name>16</name>`.
    pub(super) fn number(&mut self, name: &str, value: impl Into<i64>) {
        self.text(name, &value.into().to_string());
    }

    /// Plain text where an element's own text is the value.
    pub(super) fn plain(&mut self, value: &str) {
        self.event(Event::Text(BytesText::from_escaped(escape(value))));
    }

    fn list<T>(&mut self, name: &str, item: &str, items: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut Xml, T)) {
        self.within(name, |xml| {
            for value in items {
                xml.within(item, |xml| each(xml, value));
            }
        });
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect(VEC_NEVER_FAILS);
    }
}

/// Text as XML carries it. Control characters go as references: XML 1.0 has no other form for them, and a tag may
/// hold them.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'' | 0..=0x1f | 0x7f)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\0'..='\x1f' | '\x7f' => {
                write!(escaped, "&#x{:X};", u32::from(c)).expect("writing to a String does not fail");
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_nests_and_lists() {
        let bytes = Xml::document("A", "urn:x", |xml| {
            xml.text("b", "1");
            xml.items("set", [true, false], |xml, value| xml.flag("c", value));
            xml.maybe("d", None);
        });

        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A xmlns=\"urn:x\"><b>1</b>\
             <set><item><c>true</c></item><item><c>false</c></item></set></A>"
        );
    }

    #[test]
    fn text_cannot_end_its_element() {
        assert_eq!(
            escape("</name><x a='1'>&\"\n\x1b[2J결제"),
            "&lt;/name&gt;&lt;x a=&apos;1&apos;&gt;&amp;&quot;&#xA;&#x1B;[2J결제"
        );
    }
}
