//! What the pages about mails say, in the five languages. The English is the real service's.

use crate::login::texts::Texts;
use crate::login::texts::fill;
use crate::login::texts::texts;

impl Texts {
    /// "Please check the email address EMAIL for instructions to reset your password."
    pub(super) fn check_email_text(self, email: &str) -> String {
        let text = self.pick([
            "Please check the email address {email} for instructions to reset your password.",
            "Sehen Sie im Postfach {email} nach: Dort steht, wie Sie Ihr Passwort zurücksetzen.",
            "Consulte el correo {email} para ver las instrucciones para restablecer su contraseña.",
            "Consultez l’adresse {email} pour savoir comment réinitialiser votre mot de passe.",
            "Consulte o e-mail {email} para ver as instruções de redefinição da senha.",
        ]);
        fill(text, "", email)
    }

    /// "Back to CLIENT"
    pub(super) fn back_to(self, client: &str) -> String {
        let text = self.pick([
            "Back to {client}",
            "Zurück zu {client}",
            "Volver a {client}",
            "Retour à {client}",
            "Voltar para {client}",
        ]);
        fill(text, "", client)
    }
}

texts! {
    email_verification: "Email Verification", "E-Mail-Bestätigung", "Verificación de correo", "Vérification de l’e-mail",
        "Verificação de e-mail";
    email_verified: "Email Verified", "E-Mail-Adresse bestätigt", "Correo verificado", "E-mail vérifié",
        "E-mail verificado";
    email_verified_text: "Your email address was successfully verified.", "Ihre E-Mail-Adresse wurde bestätigt.",
        "Su correo electrónico se verificó correctamente.", "Votre adresse e-mail a été vérifiée.",
        "Seu endereço de e-mail foi verificado.";
    already_verified: "This account is already verified.", "Dieses Konto ist bereits bestätigt.",
        "Esta cuenta ya está verificada.", "Ce compte est déjà vérifié.", "Esta conta já está verificada.";
    error: "Error", "Fehler", "Error", "Erreur", "Erro";
    invalid_code: "User account does not exist or the verification code is invalid.",
        "Das Konto gibt es nicht, oder der Bestätigungscode ist ungültig.",
        "La cuenta no existe o el código de verificación no es válido.",
        "Le compte n’existe pas ou le code de vérification n’est pas valide.",
        "A conta não existe ou o código de verificação é inválido.";
    not_verified: "Your email address could not be verified.", "Ihre E-Mail-Adresse konnte nicht bestätigt werden.",
        "No se pudo verificar su correo electrónico.", "Votre adresse e-mail n’a pas pu être vérifiée.",
        "Não foi possível verificar seu e-mail.";
    reset_title: "Reset Password", "Passwort zurücksetzen", "Restablecer contraseña", "Réinitialiser le mot de passe",
        "Redefinir senha";
    forgot_title: "Forgot Your Password?", "Passwort vergessen?", "¿Olvidó su contraseña?", "Mot de passe oublié ?",
        "Esqueceu a senha?";
    forgot_email: "Enter your email address and we will send you instructions to reset your password.",
        "Geben Sie Ihre E-Mail-Adresse ein, und wir senden Ihnen eine Anleitung zum Zurücksetzen des Passworts.",
        "Introduzca su correo y le enviaremos instrucciones para restablecer su contraseña.",
        "Saisissez votre adresse e-mail et nous vous enverrons la marche à suivre.",
        "Informe seu e-mail e enviaremos instruções para redefinir sua senha.";
    forgot_username: "Enter your username and we will send you instructions to reset your password.",
        "Geben Sie Ihren Benutzernamen ein, und wir senden Ihnen eine Anleitung zum Zurücksetzen des Passworts.",
        "Introduzca su nombre de usuario y le enviaremos instrucciones para restablecer su contraseña.",
        "Saisissez votre nom d’utilisateur et nous vous enverrons la marche à suivre.",
        "Informe seu usuário e enviaremos instruções para redefinir sua senha.";
    check_email: "Check Your Email", "Sehen Sie in Ihre E-Mails", "Revise su correo", "Consultez vos e-mails",
        "Verifique seu e-mail";
    no_mail: "Didn't receive an email?", "Keine E-Mail erhalten?", "¿No recibió el correo?", "Pas reçu d’e-mail ?",
        "Não recebeu o e-mail?";
    resend: "Resend email", "E-Mail erneut senden", "Reenviar correo", "Renvoyer l’e-mail", "Reenviar e-mail";
    change_title: "Change Your Password", "Passwort ändern", "Cambie su contraseña", "Changez votre mot de passe",
        "Altere sua senha";
    change_text: "Enter a new password below to change your password.",
        "Geben Sie ein neues Passwort ein, um Ihr Passwort zu ändern.",
        "Introduzca una contraseña nueva para cambiar la suya.",
        "Saisissez un nouveau mot de passe pour changer le vôtre.", "Informe uma nova senha para alterar a sua.";
    new_password: "New password", "Neues Passwort", "Contraseña nueva", "Nouveau mot de passe", "Nova senha";
    re_enter_password: "Re-enter new password", "Neues Passwort wiederholen", "Repita la contraseña nueva",
        "Répétez le nouveau mot de passe", "Repita a nova senha";
    reset_password: "Reset password", "Passwort zurücksetzen", "Restablecer contraseña", "Réinitialiser le mot de passe",
        "Redefinir senha";
    not_the_same: "Passwords don't match", "Die Passwörter stimmen nicht überein", "Las contraseñas no coinciden",
        "Les mots de passe ne correspondent pas", "As senhas não coincidem";
    password_changed: "Password Changed!", "Passwort geändert!", "¡Contraseña cambiada!", "Mot de passe changé !",
        "Senha alterada!";
    password_changed_text: "Your password has been changed successfully.", "Ihr Passwort wurde geändert.",
        "Su contraseña se cambió correctamente.", "Votre mot de passe a été changé.", "Sua senha foi alterada.";
    link_expired: "Link Expired", "Link abgelaufen", "Enlace caducado", "Lien expiré", "Link expirado";
    invalid_link: "Invalid Link", "Ungültiger Link", "Enlace no válido", "Lien non valide", "Link inválido";
    ask_again: "To reset your password, return to the login page and select \"Forgot Your Password\" to send a new email.",
        "Um Ihr Passwort zurückzusetzen, kehren Sie zur Anmeldung zurück und wählen Sie „Passwort vergessen?“.",
        "Para restablecer su contraseña, vuelva al inicio de sesión y elija «¿Olvidó su contraseña?».",
        "Pour réinitialiser votre mot de passe, revenez à la connexion et choisissez « Mot de passe oublié ? ».",
        "Para redefinir sua senha, volte à página de entrada e escolha “Esqueceu a senha?”.";
    link_used: "This link has already been used. To reset your password, return to the login page and select \"Forgot Your Password\" to send a new email.",
        "Dieser Link wurde schon benutzt. Um Ihr Passwort zurückzusetzen, wählen Sie bei der Anmeldung „Passwort vergessen?“.",
        "Este enlace ya se usó. Para restablecer su contraseña, elija «¿Olvidó su contraseña?» al iniciar sesión.",
        "Ce lien a déjà servi. Pour réinitialiser votre mot de passe, choisissez « Mot de passe oublié ? » à la connexion.",
        "Este link já foi usado. Para redefinir sua senha, escolha “Esqueceu a senha?” na página de entrada.";
    unblocked: "Account Unblocked", "Konto entsperrt", "Cuenta desbloqueada", "Compte débloqué", "Conta desbloqueada";
    unblocked_text: "Your account has been unblocked. You can log in again.",
        "Ihr Konto ist entsperrt. Sie können sich wieder anmelden.",
        "Su cuenta está desbloqueada. Ya puede iniciar sesión.",
        "Votre compte est débloqué. Vous pouvez vous reconnecter.",
        "Sua conta foi desbloqueada. Você já pode entrar.";
    not_unblocked: "Your account could not be unblocked with this link.",
        "Ihr Konto konnte mit diesem Link nicht entsperrt werden.",
        "No se pudo desbloquear su cuenta con este enlace.", "Ce lien n’a pas pu débloquer votre compte.",
        "Não foi possível desbloquear sua conta com este link.";
}
