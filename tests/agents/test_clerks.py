"""Every request has one clerk, and the table says which."""

from __future__ import annotations

from importlib import import_module

import pytest

from agents.desk.clerks import CLERKS
from agents.desk.desk import Desk
from agents.desk.handling import served_by
from agents.protocol import request_types


@pytest.mark.parametrize("place", CLERKS, ids=lambda place: place.partition(":")[2])
def test_a_clerk_serves_what_the_table_says(place: str):
    module, _, name = place.partition(":")
    assert set(served_by(getattr(import_module(module), name))) == set(CLERKS[place])


def test_every_request_is_served_once():
    served = [request for requests in CLERKS.values() for request in requests]
    served += served_by(Desk)
    assert len(served) == len(set(served))
    assert set(served) == set(request_types().values())
