"""How the default policy answers, one question or several at once, and what is kept of it."""
