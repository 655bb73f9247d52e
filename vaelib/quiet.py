"""Keep TensorFlow's start-up chatter off the screen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quietly() -> Iterator[None]:
    """Drop what native code writes to stderr inside this block; Python's exceptions still come.

    TensorFlow prints lines about drivers and instruction sets while it is imported that no
    setting of its own silences; in a notebook they look like an error.
    """
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(nowhere)
        os.close(saved)
