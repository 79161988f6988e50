//! `impostor ca install`: puts the CA for localhost into the stores of trusted roots that it knows.

use std::fmt;
use std::fs;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use crate::cli::ca::environment::quoted;

/// The name of the CA in browsers' stores.
const NICKNAME: &str = "Impostor local CA";

/// A store of the whole system: certificates in a directory, and a program that reads them.
struct SystemStore {
    dir: &'static str,
    file_name: &'static str,
    update: &'static str,
}

/// The stores of Debian and its kin, of Fedora and its kin, of Arch. The first whose directory exists is the system's.
const SYSTEM_STORES: [SystemStore; 3] = [
    SystemStore {
        dir: "/usr/local/share/ca-certificates",
        file_name: "impostor.crt",
        update: "update-ca-certificates",
    },
    SystemStore { dir: "/etc/pki/ca-trust/source/anchors", file_name: "impostor.pem", update: "update-ca-trust" },
    SystemStore {
        dir: "/etc/ca-certificates/trust-source/anchors",
        file_name: "impostor.pem",
        update: "update-ca-trust",
    },
];

/// Where Firefox keeps its profiles, below the home directory: its own and the snap's.
const FIREFOX: [&str; 2] = [".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"];

/// What became of one store.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Trusted there.
    Done(String),
    /// Not trusted there: why, and what to type.
    Left { store: String, why: String, instead: String },
}

impl Step {
    pub(super) fn is_left(&self) -> bool {
        matches!(self, Self::Left { .. })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(store) => write!(f, "{store}: trusts the CA for localhost"),
            Self::Left { store, why, instead } => write!(f, "{store}: not done, {why}. Do it yourself:\n    {instead}"),
        }
    }
}

/// Installs the certificate for the system and for the browsers of the home directory.
pub(super) fn everywhere(ca: &Path, home: Option<&Path>) -> Vec<Step> {
    let known = SYSTEM_STORES.iter().find(|store| Path::new(store.dir).is_dir());
    let mut steps = vec![known.map_or_else(|| unknown_system(ca), |store| store.install(ca))];
    let databases = home.map(browser_databases).unwrap_or_default();
    steps.extend(databases.iter().filter_map(|database| browser(ca, database)));
    steps
}

impl SystemStore {
    fn install(&self, ca: &Path) -> Step {
        let target = Path::new(self.dir).join(self.file_name);
        let copied = fs::copy(ca, &target).and_then(|_| fs::set_permissions(&target, Permissions::from_mode(0o644)));
        let copied = copied.map_err(|error| format!("{} can't be written ({error})", target.display()));
        match copied.and_then(|()| run(Command::new(self.update))) {
            Ok(()) => Step::Done("system".to_owned()),
            Err(why) => Step::Left {
                store: "system".to_owned(),
                why,
                instead: format!("sudo install -m 644 {} {} && sudo {}", quoted(ca), quoted(&target), self.update),
            },
        }
    }
}

fn unknown_system(ca: &Path) -> Step {
    let instead = if cfg!(target_os = "macos") {
        format!("security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {}", quoted(ca))
    } else {
        format!("add {} to the roots that your system trusts", quoted(ca))
    };
    Step::Left { store: "system".to_owned(), why: "how is not known for this system".to_owned(), instead }
}

/// The NSS databases: Chromium's, whether it is there yet or not, and one for each profile of Firefox.
fn browser_databases(home: &Path) -> Vec<PathBuf> {
    let profiles = FIREFOX.iter().filter_map(|dir| fs::read_dir(home.join(dir)).ok()).flatten().flatten();
    let mut databases: Vec<_> =
        profiles.map(|profile| profile.path()).filter(|profile| profile.join("cert9.db").is_file()).collect();
    databases.sort();
    databases.insert(0, home.join(".pki/nssdb"));
    databases
}

/// Installs the certificate in a browser's database. `None` where there is neither a database nor the tool for them:
/// no browser, nothing to do.
fn browser(ca: &Path, database: &Path) -> Option<Step> {
    let certutil = |arguments: &[&str]| {
        let mut command = Command::new("certutil");
        command.arg("-d").arg(format!("sql:{}", database.display())).args(arguments);
        command
    };
    let store = format!("browsers that use {}", database.display());
    let there = database.join("cert9.db").is_file();
    let has_tool = Command::new("certutil").arg("-H").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there && !has_tool {
        return None;
    }
    let made = if there {
        Ok(())
    } else {
        let made = fs::create_dir_all(database).map_err(|error| error.to_string());
        made.and_then(|()| run(certutil(&["-N", "--empty-password"])))
    };
    // An older one of that name, from keys that were deleted since.
    let _ = run(certutil(&["-D", "-n", NICKNAME]));
    let file = ca.display().to_string();
    match made.and_then(|()| run(certutil(&["-A", "-t", "C,,", "-n", NICKNAME, "-i", &file]))) {
        Ok(()) => Some(Step::Done(store)),
        Err(why) => {
            let (database, ca) = (quoted(database), quoted(ca));
            let instead = format!("certutil -d sql:{database} -A -t C,, -n '{NICKNAME}' -i {ca}");
            let instead = if has_tool { instead } else { format!("sudo apt install libnss3-tools && {instead}") };
            Some(Step::Left { store, why, instead })
        }
    }
}

/// Runs a program without a terminal.
///
/// # Errors
/// The last line that it said, or that it isn't there.
fn run(mut command: Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} can't be run ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} failed ({})", said.lines().next_back().unwrap_or("it said nothing")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::testing::Folder;

    #[test]
    fn every_profile_of_firefox_has_a_database() {
        let home = Folder::new();
        for profile in ["a.default", "b.work", "no-profile"] {
            fs::create_dir_all(home.path().join(FIREFOX[0]).join(profile)).unwrap();
        }
        for profile in ["a.default", "b.work"] {
            fs::write(home.path().join(FIREFOX[0]).join(profile).join("cert9.db"), "").unwrap();
        }
        let found = browser_databases(home.path());
        let below = |path| home.path().join(path);
        let firefox = [below(".mozilla/firefox/a.default"), below(".mozilla/firefox/b.work")];
        assert_eq!(found, [&[below(".pki/nssdb")], firefox.as_slice()].concat());
    }

    #[test]
    fn what_could_not_be_done_is_told_with_what_to_type() {
        let store = SystemStore { dir: "/nowhere/at all", file_name: "impostor.crt", update: "update-ca-certificates" };
        let step = store.install(Path::new("/home/ana bo/ca.pem"));
        let told = step.to_string();
        assert!(step.is_left() && told.starts_with("system: not done, "), "{told}");
        let instead = "sudo install -m 644 '/home/ana bo/ca.pem' '/nowhere/at all/impostor.crt' && sudo ";
        assert!(told.contains(instead), "{told}");
    }

    #[test]
    fn a_program_that_fails_is_told_by_its_last_words() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo first >&2; echo last >&2; exit 3"]);
        assert_eq!(run(failing), Err("sh failed (last)".to_owned()));
        assert_eq!(run(Command::new("true")), Ok(()));
        assert!(run(Command::new("no-such-program")).unwrap_err().starts_with("no-such-program can't be run"));
    }
}
