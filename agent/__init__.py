"""The agent: reads feedback, remembers, refines its own answers, and leaves a record of it all.

`loop` runs one episode; `feedback`, `memory` and `refine` are its three organs; `trajectory`,
`video` and `report` are what a run leaves on disk. Nothing here reads privileged simulator state.
"""
