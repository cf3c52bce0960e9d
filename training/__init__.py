"""Collecting data, training the default policy, and evaluating any policy."""
