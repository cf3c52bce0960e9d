"""Household tasks: goals, instructions, families and their sampling."""
