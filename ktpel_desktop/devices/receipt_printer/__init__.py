"""Receipt printers (ESC/POS): bytes made elsewhere go out whole, and the printer is asked how it is where it answers.

status reads the answers; driver is the printer over a line that is opened for each receipt (network, usb, file); queue
hands the bytes to the computer's print system instead. python-escpos makes the bytes (documents.receipt) and does not
send them: its transports wait for ever, forget what was written, and call a silent printer ready (cards.md B5).
"""
