"""Is it seen where answers stand, and what other cells do to their names?"""

from autograder.names import Names
from tests.autograder.test_session import cells


def test_cells_behind_a_check() -> None:
    """Are cells found that stand behind a check, and is it seen if one gives a name anew?"""
    names = Names(cells("f: f = 1", "f_check: f", "# nothing", "eps = 5", "g: g = eps"))
    assert names.behind_check("f") == [3, 4]
    assert names.behind_check("g") == []
    assert [names.takes(name, [3, 4]) for name in ("eps", "f", "g")] == [True, False, False]
    assert [names.makes(name, [3, 4]) for name in ("eps", "f", "g")] == [False, False, True]


def test_names_that_an_answer_needs() -> None:
    """Is it seen which names an answer looks up when it is called, and who binds them later?"""
    answer = "f: eps = 1\ndef f(x):\n    y = x + eps\n    return [y for z in (1,)]"
    names = Names(cells(answer, "x = y = z = f = 1", "if True:\n    eps = 2"))
    assert [names.needs("f", [index]) for index in (1, 2)] == [False, True]
    assert not names.needs("g", [1, 2])


def test_where_answers_stand() -> None:
    """Is an answer found by its name, and are the others told from checks and the rest?"""
    names = Names(cells("import math", "f: f = 1", "g: g = 2", "print(f)"))
    assert [names.index(name) for name in ("f", "g", "h")] == [1, 2, None]
    assert names.others("f") == [2]
