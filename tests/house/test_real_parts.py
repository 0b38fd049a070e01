"""A skipped real-parts test is a failure in CI and a skip elsewhere (the hooks of tests/conftest.py)."""

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parents[1] / "conftest.py").read_text("utf-8")
TESTS = """
import pytest

@pytest.fixture
def reader():
    pytest.skip("no pcscd")

@pytest.mark.real
def test_skipped_by_its_part(reader): ...

@pytest.mark.real
@pytest.mark.skipif(True, reason="no CUPS")
def test_skipped_by_a_condition(): ...

@pytest.mark.real
def test_skipped_half_way():
    pytest.skip("no NUT")

@pytest.mark.real
@pytest.mark.xfail(reason="known")
def test_known(): raise AssertionError

@pytest.mark.skip(reason="not a real part")
def test_other(): ...
"""


def outcomes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, *, ci: bool) -> pytest.RunResult:
    monkeypatch.setenv("CI", "true" if ci else "")
    pytester.makeini("[pytest]\nmarkers = real: a real part")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_parts=TESTS, test_module='import pytest\npytest.importorskip("no_such_driver")')
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def test_in_ci_a_skipped_part_fails_with_its_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = outcomes(pytester, monkeypatch, ci=True)
    assert result.ret != 0
    result.stdout.fnmatch_lines_random(["*skipped in CI*no_such_driver*"])
    (pytester.path / "test_module.py").unlink()
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=2, failed=1, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines_random(
        ["*skipped in CI*no pcscd*", "*skipped in CI*no CUPS*", "*skipped in CI*no NUT*"]
    )


def test_elsewhere_it_is_skipped(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    result = outcomes(pytester, monkeypatch, ci=False)
    result.assert_outcomes(skipped=5, xfailed=1)
