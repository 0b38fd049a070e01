"""What every test shares: a screenless Qt, one way to explore, and no real part skipped unseen in CI."""

import gc
import os
from collections.abc import Generator

os.environ.setdefault(
    "QT_QPA_PLATFORM", "offscreen"
)  # before Qt is imported: without a screen it aborts the process

# Test files lie in memory where the system has such a folder: what a killed process wrote is there all the same,
# and thousands of commits do not wait for a disk. Commits that are durable at all are the store's own tests' matter.
if os.access("/dev/shm", os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")

import pytest
from hypothesis import HealthCheck, settings

# The order of the tests is random; pytest-randomly prints its seed at the top, --randomly-seed=N repeats it.
# How long hypothesis explores: HYPOTHESIS_PROFILE=thorough.
_slow_is_no_fault = [HealthCheck.too_slow]  # two cores, other tests beside this one
settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=_slow_is_no_fault)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

IN_CI = os.environ.get("CI", "").lower() == "true"


def _reason(longrepr: object) -> str:
    return str(longrepr[-1]) if isinstance(longrepr, tuple) else str(longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test of a real part that is skipped has failed: there the machine must give the part."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("real"):
        report.outcome = "failed"
        report.longrepr = f"a real-parts test was skipped in CI: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Once a window was made in this process, garbage is collected by hand: here too where no event loop runs."""
    if not gc.isenabled():
        from ktpel_desktop.ui.garbage import collect_due

        collect_due()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI a whole module that is skipped has failed too: nobody can see whether real parts were in it."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"a test module was skipped in CI: {_reason(report.longrepr)}"
    return report
