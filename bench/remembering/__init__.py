"""A generated learner to recall from: what `bench/recall.py` and `bench/kill.py` work on."""
