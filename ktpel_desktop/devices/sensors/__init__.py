"""Instruments of the room: thermometers, UPS and power meters. Each answers by a measured value or a DeviceError.

They only read: nothing is switched, reset or set, so the effect of every failure is NONE.
"""
