"""Rules of the print room. No Qt, no SQL, no sockets, no files, no clock."""
