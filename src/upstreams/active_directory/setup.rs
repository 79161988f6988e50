//! What every domain begins with. Source: MS-ADTS §6.1.1 (naming contexts), §6.1.4 (well-known objects).

use std::str::FromStr as _;
use std::sync::Arc;

use crate::protocols::ldap::dn::Dn;
use crate::protocols::ldap::message::Attribute;
use crate::upstreams::active_directory::domain::Domain;
use crate::upstreams::active_directory::domain::relative;
use crate::upstreams::active_directory::editor::Editor;
use crate::upstreams::active_directory::entry::EntryId;
use crate::upstreams::active_directory::identifiers::Sid;
use crate::upstreams::active_directory::refusal::Refusal;

/// Below the domain, above before below: what it is called, and its class.
const CONTAINERS: &[(&str, &str)] = &[
    ("CN=Users", "container"),
    ("CN=Computers", "container"),
    ("CN=Builtin", "builtinDomain"),
    ("CN=ForeignSecurityPrincipals", "container"),
    ("CN=System", "container"),
    ("OU=Domain Controllers", "organizationalUnit"),
    ("CN=Configuration", "configuration"),
    ("CN=Schema,CN=Configuration", "dMD"),
    ("CN=Partitions,CN=Configuration", "crossRefContainer"),
    ("CN=Sites,CN=Configuration", "container"),
    ("CN=Services,CN=Configuration", "container"),
];

/// Groups with fixed identifiers: below which container, name, number, type.
const GROUPS: &[(&str, &str, u32, &str)] = &[
    ("CN=Users", "Domain Admins", relative::DOMAIN_ADMINS, "-2147483646"),
    ("CN=Users", "Domain Users", relative::DOMAIN_USERS, "-2147483646"),
    ("CN=Users", "Domain Guests", relative::DOMAIN_GUESTS, "-2147483646"),
    ("CN=Users", "Domain Computers", relative::DOMAIN_COMPUTERS, "-2147483646"),
    ("CN=Builtin", "Administrators", relative::ADMINISTRATORS, "-2147483643"),
    ("CN=Builtin", "Users", relative::USERS, "-2147483643"),
    ("CN=Builtin", "Account Operators", relative::ACCOUNT_OPERATORS, "-2147483643"),
];

/// A domain's rules about passwords: those of a new one, except that ten wrong passwords lock an account for ten
/// minutes, as the security baseline has it, and that a password may be changed at once, which tests want to. Spans are in 100-nanosecond steps, negative.
const RULES: &[(&str, &str)] = &[
    ("maxPwdAge", "-36288000000000"),
    ("minPwdAge", "0"),
    ("minPwdLength", "7"),
    ("pwdHistoryLength", "24"),
    ("pwdProperties", "1"),
    ("lockoutThreshold", "10"),
    ("lockoutDuration", "-6000000000"),
    ("lockOutObservationWindow", "-6000000000"),
    ("msDS-Behavior-Version", "7"),
];

impl Editor<'_> {
    /// Makes an empty directory that of a domain: `DC=acme,DC=example`, with its short name (`ACME`).
    ///
    /// `given` are attributes of the domain's entry that are not as usual.
    ///
    /// # Errors
    /// [`Refusal::BadName`] when the name is not made of `DC=…` steps, [`Refusal::Exists`] when it has a domain already.
    pub(crate) fn set_up(&mut self, name: &str, netbios: Option<&str>, given: &[Attribute]) -> Result<(), Refusal> {
        let dn = Dn::from_str(name).map_err(|_| Refusal::BadName(name.to_owned()))?;
        let labels: Option<Vec<&str>> = dn
            .rdns()
            .iter()
            .map(|rdn| match rdn.parts.as_slice() {
                [part] if part.attribute.eq_ignore_ascii_case("dc") => Some(part.value.as_str()),
                _ => None,
            })
            .collect();
        let Some(labels) = labels.filter(|labels| !labels.is_empty()) else {
            return Err(Refusal::BadName(name.to_owned()));
        };
        if self.directory.domain.is_some() {
            return Err(Refusal::Exists);
        }
        let dns = labels.join(".").to_lowercase();
        let first = labels.first().copied().unwrap_or_default();
        let netbios = netbios.map_or_else(|| first.to_uppercase().chars().take(15).collect(), str::to_owned);
        let sid = given_sid(given).unwrap_or_else(|| Sid::of_domain(&dns));
        let domain = Domain { id: EntryId(1), dn: dn.to_string(), dns, netbios, sid };
        self.directory.domain = Some(Arc::new(domain.clone()));
        let is_given = |name: &str| given.iter().any(|attribute| attribute.name.eq_ignore_ascii_case(name));
        let mut attributes = vec![
            plain("objectClass", "domainDNS"),
            bytes("objectSid", &domain.sid.to_bytes()),
            plain("isCriticalSystemObject", "TRUE"),
        ];
        attributes.extend(RULES.iter().map(|(name, value)| plain(name, value)));
        attributes.retain(|attribute| !is_given(&attribute.name));
        attributes.extend_from_slice(given);
        self.add_at(&dn, &attributes)?;
        self.add_standard(&domain)
    }

    fn add_standard(&mut self, domain: &Domain) -> Result<(), Refusal> {
        let critical = || plain("isCriticalSystemObject", "TRUE");
        for (name, class) in CONTAINERS {
            self.add(&domain.below(name), &[plain("objectClass", class), critical()])?;
        }
        for (above, name, number, kind) in GROUPS {
            let sid = if *above == "CN=Builtin" { Sid::builtin().child(*number) } else { domain.sid.child(*number) };
            let attributes = [
                plain("objectClass", "group"),
                plain("sAMAccountName", name),
                bytes("objectSid", &sid.to_bytes()),
                plain("groupType", kind),
                critical(),
            ];
            self.add(&domain.below(&format!("CN={name},{above}")), &attributes)?;
        }
        for (name, number, control) in
            [("Administrator", relative::ADMINISTRATOR, "66050"), ("Guest", relative::GUEST, "66082")]
        {
            let attributes = [
                plain("objectClass", "user"),
                plain("sAMAccountName", name),
                bytes("objectSid", &domain.sid.child(number).to_bytes()),
                plain("userAccountControl", control),
                critical(),
            ];
            self.add(&domain.below(&format!("CN={name},CN=Users")), &attributes)?;
        }
        let cross_reference = [
            plain("objectClass", "crossRef"),
            plain("nETBIOSName", &domain.netbios),
            plain("dnsRoot", &domain.dns),
            plain("nCName", &domain.dn),
            critical(),
        ];
        self.add(&domain.below(&format!("CN={},CN=Partitions,CN=Configuration", domain.netbios)), &cross_reference)?;
        for (group, member) in [
            ("CN=Domain Admins,CN=Users", "CN=Administrator,CN=Users"),
            ("CN=Administrators,CN=Builtin", "CN=Domain Admins,CN=Users"),
            ("CN=Administrators,CN=Builtin", "CN=Administrator,CN=Users"),
            ("CN=Users,CN=Builtin", "CN=Domain Users,CN=Users"),
        ] {
            let group = self.directory.find(&domain.below(group))?.id;
            self.link(crate::upstreams::active_directory::links::Link::Member, group, domain.below(member).as_bytes())?;
        }
        // What comes later has numbers of its own.
        self.directory.last_relative = relative::FIRST_FREE - 1;
        Ok(())
    }
}

/// An attribute with one value.
pub(crate) fn plain(name: &str, value: &str) -> Attribute {
    bytes(name, value.as_bytes())
}

fn bytes(name: &str, value: &[u8]) -> Attribute {
    Attribute { name: name.into(), values: vec![value.into()] }
}

fn given_sid(given: &[Attribute]) -> Option<Sid> {
    let sid = given.iter().find(|attribute| attribute.name.eq_ignore_ascii_case("objectSid"))?;
    Sid::from_bytes(sid.values.first()?)
}
