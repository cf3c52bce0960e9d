"""Groups of rollouts: played in worlds, screened, attributed and repaired there."""
