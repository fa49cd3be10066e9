"""What the learner did and knows: events, knowledge, recall, the planner."""
