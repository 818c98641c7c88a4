"""A pytest plugin: which checks there are and what came of each, as JSON lines in the file that RUNYARD_REPORT names."""

import json
import os


def _say(line):
    with open(os.environ["RUNYARD_REPORT"], "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def pytest_collection_finish(session):
    if session.config.option.collectonly:
        for item in session.items:
            _say({"id": item.nodeid})


def pytest_runtest_logreport(report):
    # A failing set-up or tear-down is the check's failure too.
    if report.when == "call" or report.outcome != "passed":
        _say({"id": report.nodeid, "outcome": report.outcome, "text": str(report.longrepr or ""), "seconds": report.duration})
