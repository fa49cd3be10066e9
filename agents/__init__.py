"""Who asks, judges and explains: the agents, the models behind them, the interview, the engine."""
