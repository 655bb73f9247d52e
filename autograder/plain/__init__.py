"""Assignments without a specification, graded by nbgrader's own rules."""
