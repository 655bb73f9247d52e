"""What each unit asks: one module a unit (cases, references), one beside it (answers to expect).

`unit05.py` declares the exercises of `05_...`; `unit05_answers.py` adds its misconceptions and
right variants.
"""

import functools
import importlib
import importlib.util

from autograder.specification import Unit


@functools.cache
def load(unit: str) -> Unit | None:
    """The specification of a unit such as "05_kl_divergence"; None where there is none."""
    module = f"autograder.exercises.unit{unit[:2]}"
    if not unit[:2].isdigit() or importlib.util.find_spec(module) is None:
        return None
    importlib.import_module(f"{module}_answers")
    found: Unit = importlib.import_module(module).UNIT
    return found if found.name == unit else None
