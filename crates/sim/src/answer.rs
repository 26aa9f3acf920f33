//! An answer on its way out, good or bad, in the form of the service that gives it.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::service::{Protocol, Service};
use super::xml::Xml;

/// What goes back over HTTP.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// The error of the JSON protocols, repeated in a header.
    pub(super) error_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// An action's result.
    pub(super) fn good(service: Service, body: Vec<u8>) -> Self {
        Self { status: 200, content_type: content_type(service), error_type: None, body }
    }

    /// An AWS error.
    pub(super) fn refused(service: Service, refusal: &Refusal, request_id: &str) -> Self {
        let body = match service.protocol() {
            Protocol::Ec2 => Xml::document("Response", "", |xml| {
                xml.within("Errors", |xml| {
                    xml.within("Error", |xml| {
                        xml.text("Code", &refusal.code);
                        xml.text("Message", &refusal.message);
                    });
                });
                xml.text("RequestID", request_id);
            }),
            Protocol::Query => Xml::document("ErrorResponse", service.namespace(), |xml| {
                xml.within("Error", |xml| {
                    xml.text("Type", if refusal.status < 500 { "Sender" } else { "Receiver" });
                    xml.text("Code", &refusal.code);
                    xml.text("Message", &refusal.message);
                });
                xml.text("RequestId", request_id);
            }),
            Protocol::Rest => rest_error(service, refusal).to_string().into_bytes(),
            Protocol::Json => {
                let mut error = json!({ "__type": refusal.code });
                if !refusal.message.is_empty() {
                    error["message"] = Value::from(refusal.message.as_str());
                }
                error.to_string().into_bytes()
            }
        };
        let error_type = matches!(service.protocol(), Protocol::Json | Protocol::Rest).then(|| refusal.code.to_string());
        Self { status: refusal.status, content_type: content_type(service), error_type, body }
    }

    /// The refusal of a tunnel, as endpoints say it.
    pub(super) fn tunnel_refused(refusal: &Refusal) -> Self {
        let body = json!({ "ErrorCode": refusal.code, "Message": refusal.message }).to_string().into_bytes();
        Self { status: refusal.status, content_type: "application/json", error_type: None, body }
    }

    /// Status 200 and a page that some network between us and AWS put there.
    pub(super) fn captive_portal() -> Self {
        let page = "<!DOCTYPE html>\n<html><head><title>Welcome to Airport Wi-Fi</title></head>\
                    <body><h1>Please accept the terms of use</h1><br><a href=/login>Continue</a></body></html>\n";
        Self { status: 200, content_type: "text/html; charset=utf-8", error_type: None, body: page.into() }
    }

    /// Status 200 and bytes that are neither XML nor JSON.
    pub(super) fn corrupt(service: Service) -> Self {
        let noise: Vec<u8> = (0u8..=255).rev().cycle().take(700).collect();
        Self { status: 200, content_type: content_type(service), error_type: None, body: noise }
    }

    pub(super) fn json(value: &Value) -> Self {
        Self { status: 200, content_type: "application/json", error_type: None, body: value.to_string().into_bytes() }
    }

    pub(super) fn plain(status: u16, text: String) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", error_type: None, body: text.into_bytes() }
    }
}

/// The document of an EC2 action's result.
pub(super) fn ec2_result(action: &str, request_id: &str, content: impl FnOnce(&mut Xml)) -> Vec<u8> {
    Xml::document(&format!("{action}Response"), Service::Ec2.namespace(), |xml| {
        xml.text("requestId", request_id);
        content(xml);
    })
}

/// The document of an IAM or STS action's result.
pub(super) fn query_result(service: Service, action: &str, request_id: &str, content: impl FnOnce(&mut Xml)) -> Vec<u8> {
    Xml::document(&format!("{action}Response"), service.namespace(), |xml| {
        xml.within(&format!("{action}Result"), content);
        xml.within("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    })
}

fn content_type(service: Service) -> &'static str {
    match service.protocol() {
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::Query => "text/xml",
        Protocol::Json => "application/x-amz-json-1.1",
        Protocol::Rest => "application/json",
    }
}

/// Sign-ins are refused in the words of OAuth, the portal has its own.
fn rest_error(service: Service, refusal: &Refusal) -> Value {
    if service == Service::Sso {
        let kind = format!("com.amazonaws.switchboard.portal#{}", refusal.code);
        return json!({ "message": refusal.message, "__type": kind });
    }
    let name = match refusal.code.strip_suffix("Exception").unwrap_or(&refusal.code) {
        "InternalServer" => "ServerError",
        name => name,
    };
    let mut error = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            error.push('_');
        }
        error.push(letter.to_ascii_lowercase());
    }
    json!({ "error": error, "error_description": refusal.message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_refused_in_the_words_of_oauth() {
        let words = [
            ("AuthorizationPendingException", "authorization_pending"),
            ("InvalidRedirectUriException", "invalid_redirect_uri"),
            ("InternalServerException", "server_error"),
        ];
        for (code, error) in words {
            let answer = Answer::refused(Service::SsoOidc, &Refusal::new(400, code, "why"), "id-1");
            assert_eq!(String::from_utf8(answer.body).unwrap(), format!(r#"{{"error":"{error}","error_description":"why"}}"#));
            assert_eq!(answer.error_type.as_deref(), Some(code));
        }
    }

    fn text(service: Service) -> String {
        let refusal = Refusal::new(400, "Some<Code>", "why");
        String::from_utf8(Answer::refused(service, &refusal, "id-1").body).unwrap()
    }

    #[test]
    fn each_protocol_has_its_own_form_of_an_error() {
        assert!(text(Service::Ec2).ends_with(
            "<Response><Errors><Error><Code>Some&lt;Code&gt;</Code><Message>why</Message></Error></Errors>\
             <RequestID>id-1</RequestID></Response>"
        ));
        assert!(text(Service::Sts).ends_with(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
             <Code>Some&lt;Code&gt;</Code><Message>why</Message></Error><RequestId>id-1</RequestId></ErrorResponse>"
        ));
        assert_eq!(text(Service::Ssm), r#"{"__type":"Some<Code>","message":"why"}"#);
        assert_eq!(text(Service::Sso), r#"{"message":"why","__type":"com.amazonaws.switchboard.portal#Some<Code>"}"#);
    }
}
