"""Tables of a paper's claims: every row played, resumable, and tabulated with intervals."""
