"""Build, release and grade a course of notebooks with nbgrader, and judge answers from outside."""

import sys

__version__ = "0.1.0"

# At import it compiles a grammar for a format that notebooks do not have, 1.5 s before each command
# does anything; jsonschema, which would load it, goes without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
