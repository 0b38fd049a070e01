"""Papers and the card face: data in, bytes out."""
