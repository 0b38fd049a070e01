"""The print system of the computer: CUPS spoken to in IPP, Windows' spooler, and following a job to its end.

One layer for the card printer's spooler driver and the page printer (design.md 7). What it knows is that bytes were
*sent*; that something was *printed* only a counter or a person can say (cards.md B4).
"""
