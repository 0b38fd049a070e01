"""The line of the room: its rate, its delay, who else uses it, and whether it is up (room.md 3)."""
