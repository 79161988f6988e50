//! What the API says of a person in its three ages, and to whom.

use super::*;

#[tokio::test]
async fn userinfo_has_a_locale_of_two_parts_and_what_the_scopes_allow() {
    let mut agent = agent();
    let wide = token(&mut agent, "a1B2c3", "openid profile email").await;
    let picture = "http://localhost:4480/_upstreams/linkedin/dms/image/a1B2c3";
    let person = agent.get_as(&format!("{BASE}/v2/userinfo"), &wide).await.json();
    let expected = json!({
        "sub": "a1B2c3", "name": "Lin Fake", "given_name": "Lin", "family_name": "Fake", "picture": picture,
        "locale": { "country": "PT", "language": "pt" }, "email": "lin@people.example", "email_verified": true
    });
    assert_eq!(person, expected);
    assert_eq!(agent.get(picture).await.headers[header::CONTENT_TYPE], "image/svg+xml");
    let narrow = token(&mut agent, "a1B2c3", "openid").await;
    assert_eq!(agent.get_as(&format!("{BASE}/v2/userinfo"), &narrow).await.json(), json!({ "sub": "a1B2c3" }));
    let moe = token(&mut agent, "m1", "openid profile email").await;
    let person = agent.get_as(&format!("{BASE}/v2/userinfo"), &moe).await.json();
    let locale = json!({ "country": "US", "language": "en" });
    assert_eq!(person, json!({ "sub": "m1", "name": "Moe", "given_name": "Moe", "locale": locale }));
}

#[tokio::test]
async fn who_shows_no_good_token_is_told_with_a_service_error_code() {
    let mut agent = agent();
    let url = format!("{BASE}/v2/userinfo");
    api_refused(&agent.get(&url).await, 401, 401, "Empty oauth2_access_token");
    api_refused(&agent.get_as(&url, "x").await, 401, 65600, "Invalid access token");
    let legacy = token(&mut agent, "a1B2c3", "r_liteprofile").await;
    let forbidden = agent.get_as(&url, &legacy).await;
    api_refused(&forbidden, 403, 100, "Not enough permissions to access: userinfo.GET.NO_VERSION");
    agent.clock.advance(Duration::from_hours(60 * 24));
    api_refused(&agent.get_as(&url, &legacy).await, 401, 65602, "The token used in the request has expired");
    api_refused(&agent.get(&format!("{BASE}/v2/nothing")).await, 404, 0, "Resource not found");
}

#[tokio::test]
async fn the_second_age_wraps_names_pictures_and_address() {
    let mut agent = agent();
    let token = token(&mut agent, "a1B2c3", "r_liteprofile r_emailaddress").await;
    let projection = "(id,localizedFirstName,localizedLastName,profilePicture(displayImage~:playableStreams))";
    let me = agent.get_as(&format!("{BASE}/v2/me?projection={projection}"), &token).await.json();
    assert_eq!((&me["id"], &me["localizedFirstName"]), (&json!("a1B2c3"), &json!("Lin")));
    assert_eq!(me.get("firstName"), None);
    let picture = me["profilePicture"]["displayImage~"]["elements"][0]["identifiers"][0]["identifier"].as_str();
    assert_eq!(picture, Some("http://localhost:4480/_upstreams/linkedin/dms/image/a1B2c3"));
    let whole = agent.get_as(&format!("{BASE}/v2/me"), &token).await.json();
    let preferred = json!({ "country": "PT", "language": "pt" });
    let expected = json!({ "localized": { "pt_PT": "Lin" }, "preferredLocale": preferred });
    assert_eq!((&whole["firstName"], whole.get("localizedHeadline")), (&expected, None));
    let email = format!("{BASE}/v2/emailAddress?q=members&projection=(elements*(handle~))");
    let elements = agent.get_as(&email, &token).await.json();
    assert_eq!(elements["elements"][0]["handle~"]["emailAddress"], "lin@people.example");
}

#[tokio::test]
async fn the_first_age_tells_employers_and_with_the_full_profile_degrees() {
    let mut agent = agent();
    let fields = "~:(id,first-name,formatted-name,email-address,headline,positions:(title),educations,industry,email)";
    let url = format!("{BASE}/v1/people/{fields}?format=json");
    let basic = token(&mut agent, "a1B2c3", "r_basicprofile").await;
    let person = agent.get_as(&url, &basic).await.json();
    let positions = json!({ "values": [{ "company": { "name": "Acme" }, "title": "Smith", "isCurrent": true }] });
    let mut expected = json!({
        "id": "a1B2c3", "firstName": "Lin", "formattedName": "Lin Fake", "headline": "Smith at Acme",
        "positions": positions
    });
    assert_eq!(person, expected);
    let full = token(&mut agent, "a1B2c3", "r_fullprofile r_emailaddress").await;
    expected["educations"] = json!({ "values": [{ "degree": "MSc", "schoolName": "Porto" }] });
    expected["emailAddress"] = json!("lin@people.example");
    let by_parameter = format!("{url}&oauth2_access_token={full}");
    assert_eq!(agent.get(&by_parameter).await.json(), expected);
}
