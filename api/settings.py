"""Where the product runs and how it is reached; read once, at start, from `ALUR_…` variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings of one server process.

    `session_hours` is the age at which a sign-in ends; `idle_minutes` without use end it before.
    `demo_walk` are the employees whose seats the demonstration offers first.
    `processes` answer requests: more than one needs PostgreSQL. At `metrics_port` Prometheus may
    look, on this machine only. `files_folder` may be `s3://bucket/prefix`.
    `public_address` is printed on activation cards; the byte limits hold before any parsing.
    """

    model_config = SettingsConfigDict(env_prefix="ALUR_", frozen=True)

    database_url: str = "sqlite:///var/alur.sqlite"
    migration_url: str | None = None
    files_folder: str = "var/files"
    demo: bool = False
    demo_walk: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "testserver")
    secure_cookies: bool = False
    public_address: str = "http://127.0.0.1:8000"
    session_hours: int = 12
    idle_minutes: int = 120
    body_limit: int = 2 * 1024 * 1024
    upload_limit: int = 11 * 1024 * 1024
    processes: int = Field(default=1, ge=1, le=64)
    metrics_port: int | None = None
