//! What the pages say, in the language that `ui_locales` picks. One table; English where nothing fits.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::login) struct Texts(Language);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    English,
    German,
    Spanish,
    French,
    Portuguese,
}

impl Texts {
    /// The first language of a space-separated list of tags (OpenID Connect Core §3.1.2.1) that is spoken here.
    pub(super) fn of(ui_locales: Option<&str>) -> Self {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let spoken = |tag: &str| match primary(tag).as_str() {
            "en" => Some(Language::English),
            "de" => Some(Language::German),
            "es" => Some(Language::Spanish),
            "fr" => Some(Language::French),
            "pt" => Some(Language::Portuguese),
            _ => None,
        };
        let asked = ui_locales.unwrap_or_default().split_whitespace().take(10).find_map(spoken);
        Self(asked.unwrap_or(Language::English))
    }

    /// The BCP 47 tag of the language.
    pub(super) fn lang(self) -> &'static str {
        match self.0 {
            Language::English => "en",
            Language::German => "de",
            Language::Spanish => "es",
            Language::French => "fr",
            Language::Portuguese => "pt",
        }
    }

    pub(super) fn pick(self, row: [&'static str; 5]) -> &'static str {
        let [english, german, spanish, french, portuguese] = row;
        match self.0 {
            Language::English => english,
            Language::German => german,
            Language::Spanish => spanish,
            Language::French => french,
            Language::Portuguese => portuguese,
        }
    }

    /// "Log in to TENANT to continue to CLIENT."
    pub(super) fn log_in_to(self, tenant: &str, client: &str) -> String {
        let text = self.pick([
            "Log in to {tenant} to continue to {client}.",
            "Bei {tenant} anmelden, um mit {client} fortzufahren.",
            "Inicie sesión en {tenant} para continuar a {client}.",
            "Connectez-vous à {tenant} pour continuer vers {client}.",
            "Entre em {tenant} para continuar em {client}.",
        ]);
        fill(text, tenant, client)
    }

    /// "Sign up to TENANT to continue to CLIENT."
    pub(super) fn sign_up_to(self, tenant: &str, client: &str) -> String {
        let text = self.pick([
            "Sign up to {tenant} to continue to {client}.",
            "Bei {tenant} registrieren, um mit {client} fortzufahren.",
            "Regístrese en {tenant} para continuar a {client}.",
            "Inscrivez-vous à {tenant} pour continuer vers {client}.",
            "Cadastre-se em {tenant} para continuar em {client}.",
        ]);
        fill(text, tenant, client)
    }

    /// "CLIENT is requesting access to your TENANT account."
    pub(super) fn asks_access(self, client: &str, tenant: &str) -> String {
        let text = self.pick([
            "{client} is requesting access to your {tenant} account.",
            "{client} möchte auf Ihr Konto bei {tenant} zugreifen.",
            "{client} solicita acceso a su cuenta de {tenant}.",
            "{client} demande l’accès à votre compte {tenant}.",
            "{client} pede acesso à sua conta em {tenant}.",
        ]);
        fill(text, tenant, client)
    }

    /// "Do you want to log out of TENANT?"
    pub(super) fn log_out_of(self, tenant: &str) -> String {
        let text = self.pick([
            "Do you want to log out of {tenant}?",
            "Möchten Sie sich von {tenant} abmelden?",
            "¿Desea cerrar la sesión en {tenant}?",
            "Voulez-vous vous déconnecter de {tenant} ?",
            "Deseja sair de {tenant}?",
        ]);
        fill(text, tenant, "")
    }

    pub(super) fn continue_with(self, provider: &str) -> String {
        let text = self.pick([
            "Continue with {client}",
            "Weiter mit {client}",
            "Continuar con {client}",
            "Continuer avec {client}",
            "Continuar com {client}",
        ]);
        fill(text, "", provider)
    }
}

/// One pass over the pattern, so that a name with braces stays a name.
pub(super) fn fill(pattern: &str, tenant: &str, client: &str) -> String {
    let mut text = String::with_capacity(pattern.len() + tenant.len() + client.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(if name == "tenant" { tenant } else { client });
        rest = after;
    }
    text.push_str(rest);
    text
}

impl<S: Sync> FromRequestParts<S> for Texts {
    type Rejection = Infallible;

    /// Of a page that belongs to no login: by the browser's languages, in their order.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let tags = header.unwrap_or_default().split(',').filter_map(|part| part.split(';').next());
        Ok(Self::of(Some(&tags.collect::<Vec<_>>().join(" "))))
    }
}

/// Makes a method a row: English, German, Spanish, French, Portuguese.
macro_rules! texts {
    ($($name:ident: $en:literal, $de:literal, $es:literal, $fr:literal, $pt:literal;)*) => {
        impl Texts {
            $(pub(in crate::login) fn $name(self) -> &'static str {
                self.pick([$en, $de, $es, $fr, $pt])
            })*
        }
    };
}

pub(super) use texts;

texts! {
    welcome: "Welcome", "Willkommen", "Bienvenido", "Bienvenue", "Boas-vindas";
    log_in: "Log in", "Anmelden", "Iniciar sesión", "Se connecter", "Entrar";
    log_out: "Log out", "Abmelden", "Cerrar sesión", "Se déconnecter", "Sair";
    still_logged_in: "You are still logged in.", "Sie sind noch angemeldet.", "Su sesión sigue abierta.",
        "Vous êtes toujours connecté.", "A sua sessão continua aberta.";
    yes: "Yes", "Ja", "Sí", "Oui", "Sim";
    no: "No", "Nein", "No", "Non", "Não";
    sign_up: "Sign up", "Registrieren", "Registrarse", "S’inscrire", "Cadastre-se";
    email_address: "Email address", "E-Mail-Adresse", "Correo electrónico", "Adresse e-mail", "Endereço de e-mail";
    username_or_email: "Username or email address", "Benutzername oder E-Mail-Adresse",
        "Nombre de usuario o correo electrónico", "Nom d’utilisateur ou adresse e-mail", "Usuário ou endereço de e-mail";
    username: "Username", "Benutzername", "Nombre de usuario", "Nom d’utilisateur", "Usuário";
    password: "Password", "Passwort", "Contraseña", "Mot de passe", "Senha";
    show: "Show", "Zeigen", "Mostrar", "Afficher", "Mostrar";
    hide: "Hide", "Verbergen", "Ocultar", "Masquer", "Ocultar";
    forgot_password: "Forgot password?", "Passwort vergessen?", "¿Olvidó su contraseña?", "Mot de passe oublié ?",
        "Esqueceu a senha?";
    continue_: "Continue", "Weiter", "Continuar", "Continuer", "Continuar";
    no_account: "Don't have an account?", "Noch kein Konto?", "¿No tiene una cuenta?", "Pas encore de compte ?",
        "Não tem uma conta?";
    have_account: "Already have an account?", "Schon ein Konto?", "¿Ya tiene una cuenta?", "Déjà un compte ?",
        "Já tem uma conta?";
    or: "Or", "Oder", "O", "Ou", "Ou";
    no_connections: "No connection is enabled for this application.", "Für diese Anwendung ist keine Verbindung aktiviert.",
        "No hay ninguna conexión habilitada para esta aplicación.", "Aucune connexion n’est activée pour cette application.",
        "Nenhuma conexão está habilitada para este aplicativo.";
    authorize: "Authorize App", "Anwendung autorisieren", "Autorizar aplicación", "Autoriser l’application",
        "Autorizar aplicativo";
    decline: "Decline", "Ablehnen", "Rechazar", "Refuser", "Recusar";
    accept: "Accept", "Annehmen", "Aceptar", "Accepter", "Aceitar";
    wrong_email_credentials: "Wrong email or password", "Falsche E-Mail-Adresse oder falsches Passwort",
        "Correo electrónico o contraseña incorrectos", "Adresse e-mail ou mot de passe incorrect",
        "E-mail ou senha incorretos";
    wrong_username_credentials: "Wrong username or password", "Falscher Benutzername oder falsches Passwort",
        "Nombre de usuario o contraseña incorrectos", "Nom d’utilisateur ou mot de passe incorrect",
        "Usuário ou senha incorretos";
    no_email: "Please enter an email address", "Bitte geben Sie eine E-Mail-Adresse ein",
        "Introduzca un correo electrónico", "Saisissez une adresse e-mail", "Informe um endereço de e-mail";
    invalid_email: "Email is not valid.", "Die E-Mail-Adresse ist ungültig.", "El correo electrónico no es válido.",
        "L’adresse e-mail n’est pas valide.", "O e-mail não é válido.";
    no_username: "Please enter a username", "Bitte geben Sie einen Benutzernamen ein", "Introduzca un nombre de usuario",
        "Saisissez un nom d’utilisateur", "Informe um usuário";
    invalid_username: "Username is not valid.", "Der Benutzername ist ungültig.", "El nombre de usuario no es válido.",
        "Le nom d’utilisateur n’est pas valide.", "O usuário não é válido.";
    no_password: "Password is required", "Bitte geben Sie ein Passwort ein", "La contraseña es obligatoria",
        "Le mot de passe est obligatoire", "A senha é obrigatória";
    weak_password: "Password is too weak", "Das Passwort ist zu schwach", "La contraseña es demasiado débil",
        "Le mot de passe est trop faible", "A senha é fraca demais";
    sign_up_failed: "Something went wrong, please try again later",
        "Etwas ist schiefgegangen, bitte versuchen Sie es später noch einmal",
        "Algo salió mal, inténtelo de nuevo más tarde", "Une erreur est survenue, réessayez plus tard",
        "Algo deu errado, tente novamente mais tarde";
    account_blocked: "Your account has been blocked after multiple consecutive login attempts.",
        "Ihr Konto wurde nach mehreren Anmeldeversuchen gesperrt.",
        "Su cuenta ha sido bloqueada tras varios intentos consecutivos de inicio de sesión.",
        "Votre compte a été bloqué après plusieurs tentatives de connexion.",
        "Sua conta foi bloqueada após várias tentativas consecutivas de login.";
    password_breached: "We have detected a potential security issue with this account. To protect your account, we have \
         prevented this login. Please reset your password to proceed.",
        "Wir haben ein mögliches Sicherheitsproblem bei diesem Konto festgestellt. Zum Schutz Ihres Kontos haben wir diese \
         Anmeldung verhindert. Bitte setzen Sie Ihr Passwort zurück.",
        "Hemos detectado un posible problema de seguridad en esta cuenta. Para protegerla, hemos impedido este inicio de \
         sesión. Restablezca su contraseña para continuar.",
        "Nous avons détecté un problème de sécurité potentiel sur ce compte. Pour le protéger, nous avons empêché cette \
         connexion. Réinitialisez votre mot de passe pour continuer.",
        "Detectamos um possível problema de segurança nesta conta. Para protegê-la, impedimos este login. Redefina a sua \
         senha para continuar.";
    enter_code: "Enter the code shown above", "Geben Sie den oben gezeigten Code ein", "Introduzca el código de arriba",
        "Saisissez le code ci-dessus", "Digite o código acima";
    invalid_captcha: "Solve the challenge question to verify you are not a robot.",
        "Lösen Sie die Aufgabe, um zu zeigen, dass Sie kein Roboter sind.",
        "Resuelva la pregunta para verificar que no es un robot.",
        "Répondez à la question pour prouver que vous n’êtes pas un robot.",
        "Resolva o desafio para mostrar que você não é um robô.";
    scope_profile: "Profile: access to your profile", "Profil: Zugriff auf Ihr Profil", "Perfil: acceso a su perfil",
        "Profil : accès à votre profil", "Perfil: acesso ao seu perfil";
    scope_email: "Email: access to your email address", "E-Mail: Zugriff auf Ihre E-Mail-Adresse",
        "Correo: acceso a su correo electrónico", "E-mail : accès à votre adresse e-mail",
        "E-mail: acesso ao seu endereço de e-mail";
    scope_offline_access: "Offline access: access while you are away", "Offline-Zugriff: Zugriff, während Sie abwesend sind",
        "Acceso sin conexión: acceso mientras usted no está", "Accès hors ligne : accès en votre absence",
        "Acesso offline: acesso enquanto você está ausente";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_spoken_here_is_picked() {
        for (asked, lang) in [(None, "en"), (Some("nl fr-CA en"), "fr"), (Some("pt_BR"), "pt"), (Some("xx"), "en")] {
            assert_eq!(Texts::of(asked).lang(), lang, "{asked:?}");
        }
    }

    #[test]
    fn names_with_braces_stay_names() {
        let text = Texts::of(None).log_in_to("{client}", "App {tenant}");
        assert_eq!(text, "Log in to {client} to continue to App {tenant}.");
    }
}
