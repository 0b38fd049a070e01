"""SIAK: transport, client, payloads, authority and the training simulator."""
