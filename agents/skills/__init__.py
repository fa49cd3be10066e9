"""The built-in tutor: each skill takes a brief and returns the reply any model would give.

No model, no network, no clock, no randomness: the same brief gives the same words.
"""
