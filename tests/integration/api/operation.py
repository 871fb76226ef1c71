"""What an operator's flags promise: metrics for others, a certificate that is renewed."""

import ssl
import subprocess

from tests.faults.scenario import Scenario, main
from tests.instance.processes import await_true


class Operation(Scenario):
    battles = 0
    flags = ["--open-metrics"]

    def test_metrics_may_be_for_others_than_this_machine(self):
        elsewhere = {"X-Forwarded-For": "192.0.2.7"}
        self.assertEqual(self.server.ask("GET", "/metrics", headers=elsewhere)[0], 200)

    def certify(self, name):
        """A certificate of that name, with its key, where the server looks for them."""
        made = self.folder.path / name
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", f"/CN={name}",
                        "-keyout", f"{made}.key", "-out", f"{made}.pem"], check=True, capture_output=True)
        for kind in ("key", "pem"):
            text = (self.folder.path / f"{name}.{kind}").read_text()
            (self.folder.path / f"new.{kind}").write_text(text)
            (self.folder.path / f"new.{kind}").chmod(0o644)
            (self.folder.path / f"new.{kind}").rename(self.folder.path / f"tls.{kind}")
        return (self.folder.path / f"{name}.pem").read_text()

    def served(self):
        try:
            return ssl.get_server_certificate(("127.0.0.1", self.server.port))
        except OSError:
            return ""

    def test_a_renewed_certificate_is_served_without_a_restart(self):
        first = self.certify("first")
        self.server.end()
        flags = self.flags + ["--tls-certificate", self.folder.path / "tls.pem",
                              "--tls-key", self.folder.path / "tls.key"]
        self.server.child = self.server.spawn(
            "tls", "serve", "--port", self.server.port, "--secret-file", self.server.secret_file,
            "--media", self.server.media, "--releases", self.server.releases, *flags)
        await_true(lambda: self.served() == first, 30, "the first certificate")
        second = self.certify("second")
        await_true(lambda: self.served() == second, 60, "the second certificate")
        self.assertTrue(self.server.child.running())


if __name__ == "__main__":
    main("integration.operation")
