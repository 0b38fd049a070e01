"""USB thermometers of the TEMPer family: what their bytes mean, how they travel, and one reading out of several."""
