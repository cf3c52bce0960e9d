"""Words: tokens, names, instructions as read and as understood."""
