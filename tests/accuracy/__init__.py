"""What the grader itself gets wrong: `make accuracy`, written up in docs/accuracy.md."""
