"""`make bench`: speed and size as ratios against a bare peer, measured in the same run (design.md 12)."""
