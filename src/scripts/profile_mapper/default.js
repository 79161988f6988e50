// What the tenant hears of a person in the directory: all that is not named here stays in the directory.
//
// A profileMapper.js beside the tenant's other files replaces this one. It may give the profile back, or take a second
// parameter, a callback, and call it with an error or nothing first and the profile after it.
module.exports = function (entry) {
  const profile = {
    id: entry.objectGUID || entry.uid || entry.cn,
    displayName: entry.displayName,
    name: { familyName: entry.sn, givenName: entry.givenName },
    nickname: entry.sAMAccountName || entry.cn || entry.commonName,
    groups: entry.groups,
    emails: entry.mail ? [{ value: entry.mail }] : undefined,
    // The whole name of the entry, as it has always been.
    organizationUnits: entry.dn,
  };
  const asTheyAre = [
    'dn', 'st', 'description', 'postalCode', 'telephoneNumber', 'distinguishedName', 'co', 'department', 'company',
    'mailNickname', 'sAMAccountName', 'sAMAccountType', 'userPrincipalName', 'manager',
  ];
  for (const name of asTheyAre) profile[name] = entry[name];
  // Addresses in the directory are nobody's word that their owner reads them. Where they are:
  // profile.email_verified = true;
  // The photo, as an address that carries it:
  // profile.picture = entry.thumbnailPhoto && 'data:image/bmp;base64,' + entry.thumbnailPhoto.toString('base64');
  return profile;
};
