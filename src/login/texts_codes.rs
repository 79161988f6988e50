//! What the pages of passwordless logins say, in the five languages. The English is the real service's, as far as it is
//! known (unverified).

use crate::login::texts::Texts;
use crate::login::texts::fill;
use crate::login::texts::texts;

impl Texts {
    /// "We've sent an email with your code to EMAIL"
    pub(super) fn code_by_email(self, email: &str) -> String {
        let text = self.pick([
            "We've sent an email with your code to {email}",
            "Wir haben eine E-Mail mit Ihrem Code an {email} gesendet",
            "Hemos enviado un correo con su código a {email}",
            "Nous avons envoyé un e-mail avec votre code à {email}",
            "Enviamos um e-mail com seu código para {email}",
        ]);
        fill(text, "", email)
    }

    /// "We've sent a text message to NUMBER"
    pub(super) fn code_by_sms(self, number: &str) -> String {
        let text = self.pick([
            "We've sent a text message to {number}",
            "Wir haben eine SMS an {number} gesendet",
            "Hemos enviado un mensaje de texto a {number}",
            "Nous avons envoyé un SMS au {number}",
            "Enviamos uma mensagem de texto para {number}",
        ]);
        fill(text, "", number)
    }
}

texts! {
    verify_identity: "Verify Your Identity", "Identität bestätigen", "Verifique su identidad", "Vérifiez votre identité",
        "Verifique sua identidade";
    enter_sent_code: "Enter the code", "Code eingeben", "Introduzca el código", "Saisissez le code", "Digite o código";
    no_code: "Please enter the code", "Bitte geben Sie den Code ein", "Introduzca el código", "Veuillez saisir le code",
        "Digite o código";
    wrong_code: "The code you entered is invalid", "Der eingegebene Code ist ungültig", "El código no es válido",
        "Le code saisi n’est pas valide", "O código digitado é inválido";
    too_many_codes: "Too many wrong codes: ask for another one", "Zu viele falsche Codes: Fordern Sie einen neuen an",
        "Demasiados códigos erróneos: pida otro", "Trop de codes erronés : demandez-en un autre",
        "Códigos errados demais: peça outro";
    code_resent: "A new code has been sent", "Ein neuer Code ist unterwegs", "Se ha enviado otro código",
        "Un nouveau code a été envoyé", "Um novo código foi enviado";
    resend_code: "Resend", "Erneut senden", "Reenviar", "Renvoyer", "Reenviar";
    no_sms: "Didn't receive a code?", "Keinen Code erhalten?", "¿No recibió el código?", "Pas reçu de code ?",
        "Não recebeu o código?";
    go_back: "Go back", "Zurück", "Volver", "Retour", "Voltar";
    phone_number: "Phone number", "Telefonnummer", "Número de teléfono", "Numéro de téléphone", "Número de telefone";
    no_phone: "Please enter a phone number", "Bitte geben Sie eine Telefonnummer ein", "Introduzca un número de teléfono",
        "Veuillez saisir un numéro de téléphone", "Digite um número de telefone";
    invalid_phone: "Phone number is not valid: it looks like +15551234567",
        "Die Telefonnummer ist ungültig: Sie sieht aus wie +4930123456",
        "El número no es válido: es como +34911234567", "Le numéro n’est pas valide : il ressemble à +33123456789",
        "O número é inválido: é como +551112345678";
    signups_disabled: "Public signup is disabled", "Die Registrierung ist abgeschaltet", "El registro está desactivado",
        "L’inscription est désactivée", "O cadastro está desativado";
}
