"""Applications that really listen: each in a thread of this process, on a free port of its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI


@contextmanager
def listening(make: Callable[[str], FastAPI]) -> Iterator[str]:
    """Serve what is made for an address of this machine; the address."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{port.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(make(address), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.02)
            yield address
        finally:
            server.should_exit = True
            thread.join()
