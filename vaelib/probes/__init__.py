"""Probes: how an answer is asked, run beside the answer, with plain arrays as the only result.

A probe is a function `probe(answer, *args) -> dict of facts`. The modules of this package import
nothing of vaelib and nothing of each other: the grader sends their text into a student's kernel,
where vaelib may be missing or tampered with.
"""
