"""A virtual card and a virtual SAM, written from the standards and from aplet-acuan.md.

Nothing here imports the program's own chip code: that code is proven against this package, so the two share no
line but the seam `CardConnection`.
"""
