"""Where the product runs and how it is reached; read once, at start, from `ALUR_…` variables."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class MailSettings(BaseSettings):
    """The mail server, `ALUR_MAIL_…`; without a host no e-mail goes out.

    `sender` is the address that letters come from, `secret_file` holds the password of `user`.
    """

    model_config = SettingsConfigDict(env_prefix="ALUR_MAIL_", frozen=True)

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    secret_file: Path | None = None
    sender: str = "alur-kinerja@localhost"
    timeout_s: float = 5.0

    @property
    def domain(self) -> str:
        """The part behind the sender's at sign, which numbers of messages carry."""
        return self.sender.rpartition("@")[2].strip(" >") or "localhost"

    def secret(self) -> str:
        """The password, read anew each time so that changing it needs no restart."""
        return self.secret_file.read_text(encoding="utf-8").strip() if self.secret_file else ""


class GatewaySettings(BaseSettings):
    """The gateway for short messages, `ALUR_GATEWAY_…`; without a name none goes out.

    `http-json` posts `to_field` and `text_field` to `address`, which must be https.
    """

    model_config = SettingsConfigDict(env_prefix="ALUR_GATEWAY_", frozen=True)

    name: str = ""
    address: str = ""
    to_field: str = "to"
    text_field: str = "text"
    secret_file: Path | None = None

    def secret(self) -> str:
        """The secret, read anew each time so that changing it needs no restart."""
        return self.secret_file.read_text(encoding="utf-8").strip() if self.secret_file else ""


class Provider(BaseModel):
    """A sign-in provider (OpenID Connect) that people may come in through.

    `key` stands in addresses, `name` on the page; `nip_claim` is the claim that carries the NIP;
    `agency` is the id of the one agency whose people it may let in, needless where there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    name: str = Field(min_length=1, max_length=60)
    issuer: str = Field(pattern=r"^https?://")
    client_id: str = Field(min_length=1)
    secret_file: Path
    nip_claim: str = "nip"
    scope: str = "openid profile"
    agency: str = ""

    def secret(self) -> str:
        """The client secret, read anew so that it can be exchanged without a restart."""
        return self.secret_file.read_text(encoding="utf-8").strip()


class DemoExample(BaseModel):
    """Somebody special in the demonstration; `id` and `en` say why in each language."""

    model_config = ConfigDict(frozen=True)

    employee_id: str
    id: str
    en: str


class Settings(BaseSettings):
    """All settings of one server process.

    `session_hours` is the age at which a sign-in ends; `idle_minutes` without use end it before.
    `demo_walk` are the employees whose seats the demonstration offers first, `demo_examples` those
    who are special.
    A PostgreSQL that answers nothing for `database_answer_s` is taken to be gone; what a worker
    took on and did not finish within `timer_lease_s` another one may take.
    `processes` answer requests: more than one needs PostgreSQL. At `metrics_port` Prometheus may
    look, on this machine only. `files_folder` may be `s3://bucket/prefix`.
    `webhooks_file` names the targets of webhooks; without it none is told anything.
    `oidc_providers` are offered on the sign-in page, none by default.
    `public_address` is printed on activation cards; the byte limits hold before any parsing.
    """

    model_config = SettingsConfigDict(env_prefix="ALUR_", frozen=True)

    database_url: str = "sqlite:///var/alur.sqlite"
    migration_url: str | None = None
    database_answer_s: float = Field(default=60.0, gt=0)
    timer_lease_s: float = Field(default=120.0, gt=0)
    files_folder: str = "var/files"
    demo: bool = False
    demo_walk: tuple[str, ...] = ()
    demo_examples: tuple[DemoExample, ...] = ()
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "testserver")
    secure_cookies: bool = False
    public_address: str = "http://127.0.0.1:8000"
    oidc_providers: tuple[Provider, ...] = ()
    session_hours: int = 12
    idle_minutes: int = 120
    body_limit: int = 2 * 1024 * 1024
    upload_limit: int = 11 * 1024 * 1024
    processes: int = Field(default=1, ge=1, le=64)
    metrics_port: int | None = None
    webhooks_file: Path | None = None
    mail: MailSettings = Field(default_factory=MailSettings)
    gateway: GatewaySettings = Field(default_factory=GatewaySettings)
