"""Episodes as Minari and LeRobot data sets."""
