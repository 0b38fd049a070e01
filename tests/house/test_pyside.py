"""PySide6 6.12.0 on Python < 3.12 loses a reference to True or None at each emission and void call, and aborts."""

import subprocess
import sys

CHILD = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Sender(QObject):
    told = Signal(bool)

application = QCoreApplication([])
sender = Sender()
sender.told.connect(lambda flag: None)
before = sys.getrefcount(None), sys.getrefcount(True)
for number in range(500):
    sender.told.emit(True)
for number in range(3000):
    sender.setObjectName("x")
after = sys.getrefcount(None), sys.getrefcount(True)
print(after[0] - before[0], after[1] - before[1])
"""


def test_signals_and_void_calls_lose_no_references() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    drift = [int(word) for word in done.stdout.split()]
    assert all(abs(step) < 50 for step in drift), (
        f"references to None and True moved by {drift}; pin another PySide6"
    )
