//! What entries of each class must and may have. Source: MS-ADSC; what its auxiliary classes (`mailRecipient`,
//! `posixAccount`, `securityPrincipal`) bring stands with the classes that have them.

use crate::upstreams::active_directory::schema::AttributeId;
use crate::upstreams::active_directory::schema::Class;

/// Lists of names with spaces between them.
type Names = &'static [&'static str];

const SHOWN_OF_ALL: &str = "cn name description displayName distinguishedName canonicalName memberOf directReports managedObjects \
    objectGUID whenCreated whenChanged createTimeStamp modifyTimeStamp structuralObjectClass subSchemaSubEntry \
    uSNCreated uSNChanged isCriticalSystemObject showInAdvancedViewOnly systemFlags wWWHomePage url \
    proxyAddresses";
const ADDRESS: &str = "c co countryCode l st street streetAddress postalCode postOfficeBox physicalDeliveryOfficeName \
    telephoneNumber facsimileTelephoneNumber";
const PERSON: &str = "comment company department division employeeID generationQualifier givenName homePhone initials ipPhone mail \
    manager middleName mobile o otherMobile otherTelephone ou pager personalTitle thumbnailPhoto title";
const USER: &str = "accountExpires adminCount badPasswordTime badPwdCount codePage departmentNumber employeeNumber employeeType \
    homeDirectory homeDrive jpegPhoto lastLogon lastLogonTimestamp lockoutTime logonCount ntPwdHistory msDS-User-Account-\
    Control-Computed msDS-UserPasswordExpiryTimeComputed preferredLanguage primaryGroupID profilePath pwdLastSet \
    scriptPath secretary servicePrincipalName uid unicodePwd userAccountControl userPrincipalName";
const PRINCIPAL: &str = "objectSid sAMAccountType tokenGroups sIDHistory msDS-PrincipalName";
const MAIL: &str = "mailNickname legacyExchangeDN info secretary extensionAttribute1 extensionAttribute2 extensionAttribute3 \
    extensionAttribute4 extensionAttribute5";
const POSIX: &str = "uidNumber gidNumber unixHomeDirectory loginShell";
const RULES: &str = "maxPwdAge minPwdAge minPwdLength pwdProperties pwdHistoryLength lockoutThreshold lockoutDuration \
    lockOutObservationWindow objectSid";

const GROUP: &str = "cn member managedBy mail adminCount primaryGroupToken";

/// A class, what its entries must have and may have, besides what its parents say.
const CONTENTS: &[(&str, Names, Names)] = &[
    ("top", &["objectClass instanceType objectCategory"], &[SHOWN_OF_ALL]),
    ("person", &["cn"], &["sn telephoneNumber userPassword"]),
    ("organizationalPerson", &[], &[ADDRESS, PERSON]),
    ("user", &["sAMAccountName"], &[USER, PRINCIPAL, MAIL, POSIX]),
    ("contact", &[], &[MAIL]),
    ("computer", &[], &["dNSHostName operatingSystem location managedBy"]),
    ("group", &["groupType sAMAccountName"], &[GROUP, PRINCIPAL, MAIL, POSIX]),
    ("organizationalUnit", &["ou"], &[ADDRESS, "managedBy gPLink"]),
    ("container", &["cn"], &[]),
    ("builtinDomain", &["cn"], &[RULES]),
    ("domain", &["dc"], &[]),
    ("domainDNS", &[], &[RULES, "managedBy gPLink msDS-Behavior-Version"]),
    ("subSchema", &[], &["attributeTypes objectClasses"]),
    ("crossRef", &["cn nCName dnsRoot"], &["nETBIOSName"]),
    ("foreignSecurityPrincipal", &["cn"], &[PRINCIPAL]),
];

impl Class {
    /// The attributes that entries of the class must have, and may have, besides those of its parents.
    pub(super) fn own_attributes(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let found = CONTENTS.iter().find(|(class, _, _)| *class == self.name);
        found.map_or_else(Default::default, |(_, must, may)| (words(must).collect(), words(may).collect()))
    }

    /// What entries of the class must have.
    pub(super) fn needs(&'static self) -> Vec<&'static str> {
        self.of_chain().flat_map(|(_, must, _)| words(must)).collect()
    }

    /// Whether entries of the class may have an attribute.
    pub(super) fn allows(&'static self, attribute: AttributeId) -> bool {
        self.of_chain().flat_map(|(_, must, may)| words(must).chain(words(may))).any(|name| name == attribute.name())
    }

    fn of_chain(&'static self) -> impl Iterator<Item = &'static (&'static str, Names, Names)> {
        let chain = self.chain();
        CONTENTS.iter().filter(move |(class, _, _)| chain.contains(class))
    }
}

fn words(names: Names) -> impl Iterator<Item = &'static str> {
    names.iter().flat_map(|names| names.split(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstreams::active_directory::schema::CLASSES;

    #[test]
    fn every_attribute_is_of_a_class_and_every_name_is_known() {
        for (class, must, may) in CONTENTS {
            assert!(Class::named(class).is_some(), "{class}");
            for name in words(must).chain(words(may)) {
                assert_eq!(AttributeId::named(name).map(AttributeId::name), Some(name), "{class}");
            }
        }
        let homeless = AttributeId::all().filter(|attribute| !CLASSES.iter().any(|class| class.allows(*attribute)));
        // No entry has it: only filters name it.
        assert_eq!(homeless.map(AttributeId::name).collect::<Vec<_>>(), ["anr"]);
    }

    #[test]
    fn classes_have_what_their_parents_have() {
        let allows =
            |class: &str, attribute: &str| Class::named(class).unwrap().allows(AttributeId::named(attribute).unwrap());
        assert!(allows("user", "sn") && allows("user", "description") && allows("computer", "pwdLastSet"));
        assert!(!allows("user", "member") && !allows("contact", "pwdLastSet") && allows("group", "member"));
    }
}
