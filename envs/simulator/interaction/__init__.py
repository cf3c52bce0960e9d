"""What hands and forces of the agent do to objects: hold, open, switch, put, spawn, pose."""
