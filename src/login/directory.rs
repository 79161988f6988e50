//! The login form for people of a directory: whom it is for, and what it says when they aren't let in.
//! Source: spec/enterprise.md §2.5 and §6.1.

use std::sync::Arc;

use axum::response::Response;

use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::response::redirect;
use crate::authentication::authorize::transaction;
use crate::authentication::directory::DirectoryError;
use crate::authentication::password::PasswordError;
use crate::connections::ad::refusal::AdRefusal;
use crate::domain::connection::Connection;
use crate::login::ongoing::Ongoing;
use crate::login::page::Problem;
use crate::login::texts::Texts;
use crate::login::texts::texts;
use crate::store::tenant::Tenant;

/// The directory that the form asks: the one whose e-mail domain this is; without a database to ask, the first one.
pub(super) fn of<'a>(ongoing: &'a Ongoing, username: &str) -> Option<&'a Arc<Connection>> {
    let directories = || ongoing.connections.iter().filter(|connection| connection.strategy.has_own_form());
    let domain = username.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
    let at_home = domain.and_then(|domain| directories().find(|connection| connection.is_home_of(&domain)));
    at_home.or_else(|| if ongoing.database().is_none() { directories().next() } else { None })
}

/// Shows the form for this directory alone.
pub(super) async fn choose(
    tenant: &Tenant,
    ongoing: &Ongoing,
    connection: &Connection,
) -> Result<Response, AuthorizeError> {
    let id = ongoing.transaction.id.clone();
    tenant
        .write(|tx| -> Result<(), AuthorizeError> {
            let mut transaction = transaction::again(tx, &id)?;
            transaction.request.connection = Some(connection.name.clone());
            tx.transactions.put(id.clone(), transaction);
            Ok(())
        })
        .await?;
    Ok(redirect(&format!("/u/login?state={id}"))?)
}

/// What the page says, and whether it is about the password alone. The codes are our own: the real ones are not recorded.
pub(super) fn problem(texts: Texts, error: &DirectoryError) -> Problem {
    let (code, text) = match error {
        DirectoryError::Refused(AdRefusal::WrongUsername | AdRefusal::WrongPassword) => {
            ("wrong-username-credentials", texts.wrong_username_credentials())
        }
        DirectoryError::Refused(AdRefusal::PasswordExpired) => ("password-expired", texts.password_expired()),
        DirectoryError::Refused(AdRefusal::PasswordChangeRequired) => {
            ("password-change-required", texts.password_change_required())
        }
        DirectoryError::Refused(AdRefusal::AccountDisabled) => ("account-disabled", texts.account_disabled()),
        DirectoryError::Refused(AdRefusal::AccountExpired) => ("account-expired", texts.account_expired()),
        DirectoryError::Refused(AdRefusal::AccountLocked) => ("account-locked", texts.account_locked()),
        DirectoryError::Refused(AdRefusal::PasswordComplexity) => {
            ("password-policy-not-conformant", texts.password_rules_of_directory())
        }
        DirectoryError::Refused(AdRefusal::InsufficientAccessRights) => {
            ("password-not-changed", texts.password_not_changed())
        }
        DirectoryError::Protected(PasswordError::Leaked) => ("password-breached", texts.password_breached()),
        DirectoryError::Protected(_) => ("user-blocked", texts.account_blocked()),
        DirectoryError::Down | DirectoryError::Internal(_) => ("directory-unavailable", texts.directory_unavailable()),
    };
    Problem { code, text }
}

texts! {
    password_expired: "Your password has expired. Change it where you sign in to your computer.",
        "Ihr Passwort ist abgelaufen. Ändern Sie es dort, wo Sie sich am Rechner anmelden.",
        "Su contraseña ha caducado. Cámbiela donde inicia sesión en su equipo.",
        "Votre mot de passe a expiré. Changez-le là où vous ouvrez votre session.",
        "Sua senha expirou. Altere-a onde você entra no seu computador.";
    password_change_required: "You must change your password before you can log in.",
        "Sie müssen Ihr Passwort ändern, bevor Sie sich anmelden können.",
        "Debe cambiar su contraseña antes de iniciar sesión.",
        "Vous devez changer votre mot de passe avant de vous connecter.",
        "Você precisa alterar sua senha antes de entrar.";
    account_disabled: "Your account is disabled.", "Ihr Konto ist deaktiviert.", "Su cuenta está deshabilitada.",
        "Votre compte est désactivé.", "Sua conta está desativada.";
    account_expired: "Your account has expired.", "Ihr Konto ist abgelaufen.", "Su cuenta ha caducado.",
        "Votre compte a expiré.", "Sua conta expirou.";
    account_locked: "Your account is locked.", "Ihr Konto ist gesperrt.", "Su cuenta está bloqueada.",
        "Votre compte est verrouillé.", "Sua conta está bloqueada.";
    password_rules_of_directory: "The directory does not take this password: it may be too simple, or one you had before.",
        "Das Verzeichnis nimmt dieses Passwort nicht an: Es ist vielleicht zu einfach, oder Sie hatten es schon einmal.",
        "El directorio no acepta esta contraseña: puede ser demasiado simple, o una que ya tuvo.",
        "L’annuaire n’accepte pas ce mot de passe : il est peut-être trop simple, ou vous l’avez déjà eu.",
        "O diretório não aceita esta senha: pode ser simples demais, ou uma que você já teve.";
    password_not_changed: "Your password can't be changed here.", "Ihr Passwort kann hier nicht geändert werden.",
        "Su contraseña no se puede cambiar aquí.", "Votre mot de passe ne peut pas être changé ici.",
        "Sua senha não pode ser alterada aqui.";
    directory_unavailable: "The directory can't be reached, please try again later.",
        "Das Verzeichnis ist nicht erreichbar, bitte versuchen Sie es später noch einmal.",
        "No se puede acceder al directorio, inténtelo de nuevo más tarde.",
        "L’annuaire est injoignable, réessayez plus tard.", "O diretório está inacessível, tente novamente mais tarde.";
}
