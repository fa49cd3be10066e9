"""How good a model judges, against people's verdicts and against the built-in grader."""
