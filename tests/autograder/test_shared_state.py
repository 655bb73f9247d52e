"""Is what cells share looked at, and is each change of it found, and nothing else?"""

import sys
import types
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograder.session import _STATE


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The text that runs in the kernel, run here, with one small module to watch."""
    module = types.ModuleType("watched")
    module.__dict__.update(ratio=0.5, half=lambda x: x / 2, table=np.ones(2), _own=1)
    monkeypatch.setitem(sys.modules, "watched", module)
    names: dict[str, Any] = {}
    exec(_STATE, names)
    names |= {"MODULES": ("watched", "not_there"), "SETTINGS": {}, "watched": module}
    for look in ("after_cell", "after_question"):
        names[look] = partial(_told, names[look])
    yield names


def _told(look: Callable[[Any], Any], notebook: dict[str, Any]) -> str:
    """What a look says, behind the sign that it is one."""
    text: str = look(notebook)
    assert text[:1] == "="
    return text[1:]


def test_nothing_has_changed(state: dict[str, Any]) -> None:
    """Is a look at what is as it was empty, also where equal numbers came anew?"""
    notebook = {"np": np, "x": 1}
    assert state["after_cell"](notebook) == ""
    state["watched"].ratio = float("0.5")
    state["watched"]._own = 2
    state["watched"].added = 3
    assert state["after_cell"](notebook | {"y": 2}) == ""
    assert state["after_question"](notebook | {"y": 2, "_": 7}) == ""


@pytest.mark.parametrize("name", ["ratio", "half", "table"])
@pytest.mark.parametrize("look", ["after_cell", "after_question"])
def test_changed_module(state: dict[str, Any], name: str, look: str) -> None:
    """Is a function, a number or an array told that another one stands for, or that is gone?"""
    state["after_cell"]({})
    setattr(state["watched"], name, np.zeros(2))
    assert state[look]({}) == f"watched.{name}"
    assert state[look]({}) == ""
    delattr(state["watched"], name)
    assert state[look]({}) == f"watched.{name}"


def test_names_after_a_cell(state: dict[str, Any]) -> None:
    """Do names of modules count after a cell, and others not, which cells are there to bind?"""
    state["after_cell"]({"np": np, "x": 1, "sys": sys})
    assert state["after_cell"]({"np": "mine", "x": 2}) == "the name np, the name sys"


def test_names_after_a_question(state: dict[str, Any]) -> None:
    """Do all names count after a question: one bound anew, one gone, one that came?"""
    state["after_cell"]({"np": np, "x": 1, "y": [1]})
    changed = state["after_question"]({"np": np, "x": 2, "z": 3})
    assert changed == "the name x, the name y, the name z"
