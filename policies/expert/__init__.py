"""The expert: plays any task from the simulator's own state."""
