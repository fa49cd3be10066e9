"""The built-in grader: judges free text expectation by expectation, with no language model."""
