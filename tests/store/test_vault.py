"""Files by content: the same promises from a folder and from a bucket of a real S3 server."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engine.errors import Unavailable
from engine.store.vault import Folder, Vault, open_vault
from tests.machines import free_port, wait_for

PDF = b"%PDF-1.7 bukti"
# The server is a process of its own: its libraries warn, and here warnings are errors.
SERVER = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "uji", "AWS_SECRET_ACCESS_KEY": "uji", "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true", "AWS_ENDPOINT": "http://127.0.0.1:{port}",
}  # fmt: skip


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a fresh bucket; the environment leads there meanwhile."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVER.format(port=port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value.format(port=port))

        def made() -> bool:
            try:
                return httpx.put(f"http://127.0.0.1:{port}/berkas").status_code == 200
            except httpx.TransportError:
                return False

        wait_for(made)
        yield "s3://berkas/kota"
    server.kill()
    server.wait()


@pytest.fixture(params=["folder", "bucket"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    if request.param == "folder":
        return open_vault(tmp_path / "files")
    return open_vault(request.getfixturevalue("bucket"))


def test_what_is_put_comes_out_and_twice_is_once(vault: Vault):
    first, second = vault.put(PDF), vault.put(PDF)

    assert first == second == hashlib.sha256(PDF).hexdigest()
    assert vault.get(first) == PDF
    assert [*vault.names()] == [first]


def test_what_is_not_there_is_told(vault: Vault):
    with pytest.raises(Unavailable):
        vault.get("0" * 64)


def test_a_damaged_file_never_comes_out(vault: Vault, tmp_path: Path):
    digest = vault.put(PDF)
    if isinstance(vault, Folder):
        (vault.path / digest).write_bytes(b"lain")
    else:
        vault.store.put(digest, b"lain")

    with pytest.raises(Unavailable, match="damaged"):
        vault.get(digest)


def test_a_folder_that_takes_nothing_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "files").write_text("no folder at all")

    with pytest.raises(Unavailable) as refused:
        Folder(tmp_path / "files").put(PDF)

    assert refused.value.reason == "files"
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


def test_a_bucket_that_nobody_serves_is_told(monkeypatch: pytest.MonkeyPatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value.format(port=free_port()))
    store = open_vault("s3://berkas")

    with pytest.raises(Unavailable, match="bucket"):
        store.get("0" * 64)


def test_without_the_library_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)

    with pytest.raises(Unavailable, match=r"alur-kinerja\[s3\]"):
        open_vault("s3://berkas")
