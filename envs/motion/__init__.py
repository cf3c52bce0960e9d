"""Legs and neck of the skills: ways over the floor, where to stand, where to look."""
