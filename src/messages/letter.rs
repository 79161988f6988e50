//! What each message says, as text and as HTML. The words are ours.

use askama::Template as _;

use crate::domain::connection::Connection;
use crate::domain::mailbox::Mailbox;
use crate::domain::message::Template;

/// A mail before it is sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) subject: &'static str,
    pub(super) text: String,
    pub(super) html: String,
}

#[derive(askama::Template)]
#[template(path = "messages/letter.html")]
struct Page<'a> {
    subject: &'a str,
    opening: &'a str,
    link: &'a str,
    action: &'a str,
    closing: &'a str,
    name: &'a str,
}

/// Subject, inscription of the link and closing words.
fn words(template: Template) -> (&'static str, &'static str, &'static str) {
    match template {
        Template::PasswordlessEmail | Template::PasswordlessSms => {
            ("Your code to sign in", "Sign in", "If you did not try to sign in, you can ignore this mail.")
        }
        Template::VerifyEmail => (
            "Verify your email",
            "Verify your account",
            "If you did not create this account, you can ignore this mail.",
        ),
        Template::ResetEmail => (
            "Reset your password",
            "Change your password",
            "If you did not ask for this, you can ignore this mail: your password stays as it is.",
        ),
        Template::BlockedAccount => (
            "Your account has been blocked",
            "Unblock your account",
            "If that was not you, somebody else tried to sign in as you. You may want to change your password.",
        ),
    }
}

fn opening(template: Template, mailbox: &Mailbox, name: &str) -> String {
    let email = &mailbox.email;
    match template {
        Template::PasswordlessEmail | Template::PasswordlessSms => format!("Somebody wants to sign in at {name}."),
        Template::VerifyEmail => format!("Please confirm that {email} is your address at {name}."),
        Template::ResetEmail => format!("Somebody asked for another password for {email} at {name}."),
        Template::BlockedAccount => {
            format!("We blocked {email} at {name} after several failed attempts to sign in from one address.")
        }
    }
}

/// Writes what carries a code: an SMS, in the words of the connection's `template` if it has some, or a mail, whose link
/// signs in if there is one.
pub(super) fn passcode(connection: &Connection, name: &str, code: &str, link: Option<&str>) -> Letter {
    let (subject, action, closing) = words(Template::PasswordlessEmail);
    if connection.strategy.as_str() == "sms" {
        let template = connection.text_option("template").filter(|template| !template.is_empty());
        // The two ways in which templates name the code.
        let template = template.unwrap_or("Your verification code is: @@password@@");
        let text = template.replace("@@password@@", code).replace("{{ code }}", code);
        return Letter { subject, text, html: String::new() };
    }
    let opening = match link {
        Some(_) => format!("Open the link to sign in at {name}."),
        None => format!("Your code to sign in at {name} is {code}."),
    };
    let action_line = link.map(|link| format!("{action}: {link}\n\n")).unwrap_or_default();
    let text = format!("{opening}\n\n{action_line}{closing}\n\n{name}\n");
    let page = Page { subject, opening: &opening, link: link.unwrap_or_default(), action, closing, name };
    Letter { subject, html: page.render().unwrap_or_default(), text }
}

/// Writes a mail to `mailbox` that asks to open `link`; `name` is the tenant's.
pub(super) fn write(template: Template, mailbox: &Mailbox, name: &str, link: &str) -> Letter {
    let (subject, action, closing) = words(template);
    let opening = opening(template, mailbox, name);
    let text = format!("{opening}\n\n{action}: {link}\n\n{closing}\n\n{name}\n");
    let page = Page { subject, opening: &opening, link, action, closing, name };
    // A template of texts alone doesn't fail; if it did, the text would still be there.
    Letter { subject, html: page.render().unwrap_or_default(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text_in_the_page() {
        let mailbox = Mailbox {
            user_id: "auth0|1".into(),
            identity: "auth0|1".into(),
            connection: "db".into(),
            email: "a'&b@people.example".into(),
            verified: false,
        };
        let link = "https://tenant.example/u/email-verification?ticket=T#";
        for template in [Template::VerifyEmail, Template::ResetEmail, Template::BlockedAccount] {
            let letter = write(template, &mailbox, "<script>Acme", link);
            assert!(letter.text.contains(link) && letter.text.contains("a'&b@people.example"));
            assert!(letter.html.contains(&format!("href=\"{link}\"")), "{}", letter.html);
            assert!(letter.html.contains("a&#39;&#38;b@people.example"), "{}", letter.html);
            assert!(!letter.html.contains("<script>"));
        }
    }
}
