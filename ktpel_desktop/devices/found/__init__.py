"""What this PC sees of the room's devices, offered for the register (core.placement): one module per place to look.

Everything is only looked at: no device is claimed, no driver detached, nothing is set. What a device says of itself is
a stranger's word, so it is cleaned and cut before anybody sees it (sighting.py).
"""
