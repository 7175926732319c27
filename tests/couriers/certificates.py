"""Certificates of an authority that a test makes for itself, good for a name and a day."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Somebody who certifies names; `file` is what those who trust him keep."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @property
    def file(self) -> Path:
        """His own certificate."""
        return self.folder / "authority.pem"

    def proves(self, host: str, *, ends: timedelta = DAY) -> ssl.SSLContext:
        """What a server needs to prove that it is `host`, until so long from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        made = _certificate(_name(host), key, self.name, ends).add_extension(names, critical=False)
        place = self.folder / "server.pem"
        place.write_bytes(_private(key) + _public(made.sign(self.key, hashes.SHA256())))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(place)
        return context


def authority(folder: Path) -> Authority:
    """A new one, whom nobody knows yet."""
    folder.mkdir()
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Otoritas Uji")
    found = Authority(folder, key, name)
    rights = x509.BasicConstraints(ca=True, path_length=0)
    made = _certificate(name, key, name, DAY).add_extension(rights, critical=True)
    found.file.write_bytes(_public(made.sign(key, hashes.SHA256())))
    return found


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * DAY)
        .not_valid_after(now + ends)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
