//! What the server says of itself: the root DSE, and the schema. It advertises only what works.
//! Source: RFC 4512 §4.2, §5.1; MS-ADTS §3.1.1.3.2; spec/enterprise.md §2.9.

use std::sync::Arc;

use crate::protocols::ldap::control;
use crate::protocols::ldap::extended;
use crate::protocols::ldap::message::Attribute;
use crate::protocols::ldap::message::Entry;
use crate::upstreams::active_directory::domain::Domain;
use crate::upstreams::active_directory::identifiers::generalized_time;
use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::CLASSES;
use crate::upstreams::active_directory::schema::Class;
use crate::upstreams::active_directory::schema::Syntax;
use crate::upstreams::active_directory::schema::Trait;
use crate::upstreams::active_directory::view::View;

/// The controls that are understood.
pub(crate) const CONTROLS: &[&str] = &[
    control::PAGED_RESULTS,
    control::SORT_REQUEST,
    control::SHOW_DELETED,
    control::LAZY_COMMIT,
    control::SD_FLAGS,
    control::TREE_DELETE,
    control::DOMAIN_SCOPE,
    control::SEARCH_OPTIONS,
    control::PERMISSIVE_MODIFY,
    control::MANAGE_DSA_IT,
];

const EXTENSIONS: &[&str] = &[extended::START_TLS, extended::WHO_AM_I, extended::PASSWORD_MODIFY];

/// Active Directory; of Windows 2000; of 2003; of 2008; of 2008 R2; of 2012.
const CAPABILITIES: &[&str] = &[
    "1.2.840.113556.1.4.800",
    "1.2.840.113556.1.4.1670",
    "1.2.840.113556.1.4.1791",
    "1.2.840.113556.1.4.1935",
    "1.2.840.113556.1.4.2080",
    "1.2.840.113556.1.4.2237",
];

/// Windows Server 2016.
const FUNCTIONALITY: &str = "7";

type Line = (&'static str, Vec<String>);

/// The entry without a name, with the attributes asked for.
pub(crate) fn root_dse(view: View<'_>, asked: &[String], types_only: bool) -> Entry {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut lines: Vec<Line> = vec![
        ("currentTime", vec![generalized_time(view.now)]),
        ("supportedControl", texts(CONTROLS)),
        ("supportedLDAPVersion", texts(&["3"])),
        ("supportedSASLMechanisms", texts(&["PLAIN"])),
        ("supportedExtension", texts(EXTENSIONS)),
        ("supportedCapabilities", texts(CAPABILITIES)),
        ("isSynchronized", texts(&["TRUE"])),
        ("forestFunctionality", texts(&[FUNCTIONALITY])),
        ("domainFunctionality", texts(&[FUNCTIONALITY])),
        ("domainControllerFunctionality", texts(&[FUNCTIONALITY])),
        ("highestCommittedUSN", vec![view.directory.usn.to_string()]),
    ];
    if let Some(domain) = view.directory.domain() {
        lines.extend(of_domain(domain));
    }
    answer(String::new(), lines, asked, types_only)
}

fn of_domain(domain: &Domain) -> Vec<Line> {
    let [configuration, schema] = ["CN=Configuration", "CN=Schema,CN=Configuration"].map(|steps| domain.below(steps));
    let server = domain.below("CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration");
    vec![
        ("subschemaSubentry", vec![domain.category("Aggregate")]),
        ("namingContexts", vec![domain.dn.clone(), configuration.clone(), schema.clone()]),
        ("defaultNamingContext", vec![domain.dn.clone()]),
        ("rootDomainNamingContext", vec![domain.dn.clone()]),
        ("configurationNamingContext", vec![configuration]),
        ("schemaNamingContext", vec![schema]),
        ("dnsHostName", vec![domain.host()]),
        ("ldapServiceName", vec![format!("{}:dc1$@{}", domain.dns, domain.dns.to_uppercase())]),
        ("serverName", vec![server]),
    ]
}

/// The schema, as clients read it to know what attributes mean.
pub(crate) fn schema(domain: &Domain, asked: &[String], types_only: bool) -> Entry {
    let lines = vec![
        ("objectClass", vec!["top".to_owned(), "subSchema".to_owned()]),
        ("cn", vec!["Aggregate".to_owned()]),
        ("attributeTypes", AttributeId::all().map(attribute_type).collect()),
        ("objectClasses", CLASSES.iter().map(object_class).collect()),
    ];
    answer(domain.category("Aggregate"), lines, asked, types_only)
}

fn object_class(class: &Class) -> String {
    let above = if class.parent.is_empty() { String::new() } else { format!(" SUP {}", class.parent) };
    let (must, may) = class.own_attributes();
    let [must, may] = [(" MUST", must), (" MAY", may)].map(|(word, names)| match names.as_slice() {
        [] => String::new(),
        names => format!("{word} ( {} )", names.join(" $ ")),
    });
    format!("( {} NAME '{}'{above} STRUCTURAL{must}{may} )", class.oid, class.name)
}

fn attribute_type(attribute: AttributeId) -> String {
    let syntax = match attribute.syntax() {
        Syntax::Text => "1.3.6.1.4.1.1466.115.121.1.15",
        Syntax::Integer => "1.3.6.1.4.1.1466.115.121.1.27",
        Syntax::LargeInteger => "1.2.840.113556.1.4.906",
        Syntax::Boolean => "1.3.6.1.4.1.1466.115.121.1.7",
        Syntax::Time => "1.3.6.1.4.1.1466.115.121.1.24",
        Syntax::Name => "1.3.6.1.4.1.1466.115.121.1.12",
        Syntax::Octets | Syntax::Sid => "1.3.6.1.4.1.1466.115.121.1.40",
        Syntax::Oid => "1.3.6.1.4.1.1466.115.121.1.38",
    };
    let single = if attribute.is(Trait::Several) { "" } else { " SINGLE-VALUE" };
    let written =
        if attribute.is(Trait::Computed) || attribute.is(Trait::System) { " NO-USER-MODIFICATION" } else { "" };
    format!("( {} NAME '{}' SYNTAX '{syntax}'{single}{written} )", attribute.oid(), attribute.name())
}

fn answer(dn: String, lines: Vec<Line>, asked: &[String], types_only: bool) -> Entry {
    let all = asked.is_empty() || asked.iter().any(|name| name == "*" || name == "+");
    let is_asked = |line: &Line| all || asked.iter().any(|name| name.eq_ignore_ascii_case(line.0));
    let attribute = |(name, values): Line| {
        let values = values.into_iter().filter(|_| !types_only).map(|value| Arc::from(value.into_bytes()));
        Attribute { name: name.into(), values: values.collect() }
    };
    let lines = lines.into_iter().filter(|line| is_asked(line) && !line.1.is_empty());
    Entry { dn: dn.into(), attributes: lines.map(attribute).collect() }
}
