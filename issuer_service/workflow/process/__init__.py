"""Cases that follow a process: what may be done, by whom, what waits, and what happened. Not what it is about."""
