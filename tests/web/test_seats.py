"""The people whom the start of the demonstration names have a seat, before all others."""

from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from engine.commands.desk import Desk
from tests.web.conftest import Clock


def test_the_persons_of_the_walk_are_offered_first_and_once(desk: Desk) -> None:
    settings = Settings(demo=True, demo_walk=("auditor", "clerk"))
    client = TestClient(create_app(desk, settings, clock=Clock()), base_url="http://testserver")

    html = client.get("/sign-in").text

    assert html.index("Mulai di sini") < html.index('value="auditor"') < html.index('value="clerk"')
    assert html.index('value="clerk"') < html.index('value="analyst"')
    assert html.count('value="auditor"') == html.count('value="clerk"') == 1
