"""Policies trained without a part, each from the start and all alike but for that."""
