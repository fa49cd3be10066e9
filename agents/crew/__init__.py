"""CrewAI at the edge: imported only inside the engine, silenced before and after."""
