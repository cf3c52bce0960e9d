"""Where agents stand and walk: moves, reachable positions, shortest paths."""
