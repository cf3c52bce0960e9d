"""Backends in a process of their own, watched: deadlines, restart, replay, typed errors.

``envs.backends.make_controller(..., supervised=True)`` gives such a controller.
"""
