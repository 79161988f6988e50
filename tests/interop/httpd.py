"""Debian's Apache httpd with mod_auth_mellon: two sites on one server, each guarded by mellon as a service provider of its own,
whose app shows the environment that it runs in."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile

from saml_parties import EMAIL, own_pair, text_of

HTTPD = shutil.which("apache2", path="/usr/sbin:" + os.environ.get("PATH", ""))
MODULES = "/usr/lib/apache2/modules"
SITES = ("one", "two")
# Its processes run as somebody else when root starts it, so the folder is below none that is root's alone.
WORK = tempfile.mkdtemp()
os.chmod(WORK, 0o755)
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
KEY, CERTIFICATE = own_pair(WORK, "own", "sp.example")
STRANGERS_KEY, STRANGERS_CERTIFICATE = own_pair(WORK, "strangers", "stranger.example")

SERVER = """\
ServerRoot {work}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
User www-data
Group www-data
DefaultRuntimeDir {work}
PidFile {work}/httpd.pid
ErrorLog {work}/error.log
LogLevel warn
DocumentRoot {work}
{modules}
ScriptAliasMatch ^/(one|two)/app$ {work}/app.cgi
"""

SITE = """\
<Location /{site}>
  AuthType Mellon
  MellonEnable auth
  Require valid-user
  MellonEndpointPath /{site}/mellon
  MellonVariable {site}
  MellonSecureCookie Off
  MellonDefaultLoginPath /{site}/app
  MellonSPentityId urn:mellon.example:{site}
  MellonSPPrivateKeyFile {key}
  MellonSPCertFile {certificate}
  MellonIdPMetadataFile {work}/{site}.xml
  MellonSignatureMethod rsa-sha256
  MellonSetEnv MAIL {email}
  MellonSetEnv GROUPS http://schemas.xmlsoap.org/claims/Group
  MellonMergeEnvVars On ";"
</Location>
"""


class Apache:
    """Guards both sites, as service provider of those whose metadata is given, and ends with the block."""

    def __init__(self, port, one, two=None, pair=(KEY, CERTIFICATE)):
        self.url = f"http://127.0.0.1:{port}"
        self.port, self.described, self.pair = port, (one, two or one), pair

    def __enter__(self):
        modules = [f"LoadModule {name}_module {MODULES}/mod_{name}.so"
                   for name in ("mpm_prefork", "authn_core", "authz_core", "authz_user", "alias", "cgi", "auth_mellon")]
        configuration = SERVER.format(work=WORK, port=self.port, modules="\n".join(modules))
        for site, described in zip(SITES, self.described):
            write(f"{site}.xml", described)
            key, certificate = self.pair
            configuration += SITE.format(work=WORK, site=site, email=EMAIL, key=key, certificate=certificate)
        write("app.cgi", "#!/bin/sh\necho 'Content-Type: text/plain; charset=utf-8'\necho\nenv\n")
        os.chmod(os.path.join(WORK, "app.cgi"), 0o755)
        write("error.log", "")
        command = [HTTPD, "-D", "FOREGROUND", "-f", write("httpd.conf", configuration)]
        # A session of its own: when it ends, it ends its whole process group.
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        start_new_session=True)
        try:
            self.wait()
        except BaseException:
            self.end()
            raise
        return self

    def wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                try:
                    self.process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
                raise RuntimeError(f"httpd ended: {self.process.stderr.read()}{log()}") from None
        raise RuntimeError("httpd was not ready")

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()

    def site(self, site, path):
        return f"{self.url}/{site}/{path}"

    def app(self, browser, site="one"):
        """What the app has in its environment, of somebody who comes to it."""
        url, fields = browser.open(self.site(site, "app"))
        assert url == self.site(site, "app") and "page" in fields, (url, fields, log())
        return environment(fields)

    def is_let_in(self, browser, site="one"):
        """Whether the app opens without a way over the identity provider."""
        location, text = browser.ask(self.site(site, "app"), None)
        assert location is None or location.startswith(self.site(site, "mellon/login?")), location
        return text is not None


def environment(fields):
    pairs = (line.split("=", 1) for line in fields["page"].splitlines() if "=" in line)
    return {name: value for name, value in pairs}


def write(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def log():
    return text_of(os.path.join(WORK, "error.log"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()
