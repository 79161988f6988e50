//! How a request went, and the responses that say no more than that. Source: SAML 2.0 Core §3.2.2, §3.7.2.

use crate::protocols::saml::element::Element;
use crate::protocols::saml::header::Header;
use crate::protocols::saml::names;
use crate::protocols::saml::names::status;
use crate::protocols::saml::schema::Fields;
use crate::protocols::saml::schema::SchemaError;
use crate::protocols::saml::writer::Writer;

/// How deep codes may stand in each other.
const MOST_CODES: usize = 8;

/// A status: codes of `names::status`, the general one first, each next one more special.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) codes: Vec<String>,
    pub(crate) message: Option<String>,
}

impl Status {
    pub(crate) fn success() -> Self {
        Self { codes: vec![status::SUCCESS.to_owned()], message: None }
    }

    /// A failure: whose it is (`names::status::REQUESTER`, `RESPONDER`), what it is, and in words.
    pub(crate) fn failure(code: &str, special: Option<&str>, message: Option<&str>) -> Self {
        let codes = [Some(code), special].into_iter().flatten().map(str::to_owned).collect();
        Self { codes, message: message.map(str::to_owned) }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.codes.first().is_some_and(|code| code == status::SUCCESS)
    }

    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let mut fields = element.fields()?;
        let mut next = Some(fields.required(names::PROTOCOL, "StatusCode")?);
        let mut codes = Vec::new();
        while let Some(code) = next {
            codes.push(code.required("Value")?.to_owned());
            if codes.len() > MOST_CODES {
                return Err(element.wrong("it has too many codes"));
            }
            next = code.children_named(names::PROTOCOL, "StatusCode").next();
        }
        let message = fields.optional(names::PROTOCOL, "StatusMessage").map(Element::simple_text).transpose()?;
        fields.optional(names::PROTOCOL, "StatusDetail");
        fields.end()?;
        Ok(Self { codes, message })
    }

    fn write(&self, writer: &mut Writer) {
        writer.start("samlp:Status");
        for code in &self.codes {
            writer.start("samlp:StatusCode").attribute("Value", code);
        }
        for _ in &self.codes {
            writer.end();
        }
        if let Some(message) = &self.message {
            writer.element("samlp:StatusMessage", message);
        }
        writer.end();
    }
}

/// A `Response` without its assertions, and a `LogoutResponse` as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusResponse {
    pub(crate) header: Header,
    pub(crate) in_response_to: Option<String>,
    pub(crate) status: Status,
}

impl StatusResponse {
    /// Reads a `LogoutResponse`.
    ///
    /// # Errors
    /// [`SchemaError`] when it isn't one.
    pub(crate) fn read_logout(element: Element<'_>) -> Result<Self, SchemaError> {
        let (response, fields) = Self::read(element, "LogoutResponse")?;
        fields.end()?;
        Ok(response)
    }

    /// Reads the beginning of a response of this name, and leaves what follows its status.
    pub(super) fn read<'d>(element: Element<'d>, name: &str) -> Result<(Self, Fields<'d>), SchemaError> {
        let (header, mut fields) = Header::read(element, name)?;
        let status = Status::read(fields.required(names::PROTOCOL, "Status")?)?;
        // Empty is no id: some providers write it where they mean that there was no request.
        let in_response_to = element.attribute("InResponseTo").filter(|id| !id.is_empty()).map(str::to_owned);
        Ok((Self { header, in_response_to, status }, fields))
    }

    /// A `Response` around an assertion that was made already: plain, signed or encrypted.
    pub(crate) fn to_response(&self, assertion: Option<&str>) -> String {
        self.write("samlp:Response", assertion.unwrap_or_default())
    }

    /// A `LogoutResponse`.
    pub(crate) fn to_logout_response(&self) -> String {
        self.write("samlp:LogoutResponse", "")
    }

    fn write(&self, name: &'static str, inner: &str) -> String {
        let mut writer = Writer::new();
        self.header.write(&mut writer, name, |writer| {
            writer.optional("InResponseTo", self.in_response_to.as_deref());
        });
        self.status.write(&mut writer);
        writer.raw(inner);
        writer.finish()
    }
}
