"""The training SIAK: synthetic residents, the decisions of the contract, and a real HTTP server around them."""
