"""A headless Chromium for tests, driven over its own protocol through a pipe, without a library.

The protocol: https://chromedevtools.github.io/devtools-protocol/. Messages are JSON texts that end in a zero byte; with
`--remote-debugging-pipe`, Chromium reads them from file descriptor 3 and writes to 4.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 300
"""Seconds after which a browser that does not answer is given up."""


def find_browser() -> str | None:
    """The program, or None where there is none or the system has no such pipes."""
    if sys.platform == "win32":
        return None
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Browser:
    """A running browser with an empty profile in a folder of its own."""

    def __init__(self, program: str, profile: Path) -> None:
        ours_in, theirs_out = map(_high, os.pipe())
        theirs_in, ours_out = map(_high, os.pipe())

        def connect() -> None:
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        options = ("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run")
        offline = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio")
        self._process = subprocess.Popen(
            [program, *options, *offline, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(3, 4), preexec_fn=connect,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._number = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._out)
        self._process.kill()
        self._process.wait()
        os.close(self._in)

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and wait for its result; events that come before are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, "sessionId": session}
        text = json.dumps({key: value for key, value in message.items() if value is not None})
        os.write(self._out, text.encode() + b"\0")
        while (answer := self._read()).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def wait(self, method: str, session: str) -> None:
        """Wait for an event."""
        while not any(event.get("method") == method and event.get("sessionId") == session for event in self.events):
            self.events.append(self._read())

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], PATIENCE)
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("the browser does not answer")
            self._rest += data
        message, self._rest = self._rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer

    def page(self, address: str, *, width: int = 1000, height: int = 800, dark: bool = False) -> Page:
        """A new page that has loaded this address."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session: str = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable", session)
        self.send("Performance.enable", session, timeDomain="threadTicks")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", session, **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", session, features=[scheme])
        self.events.clear()
        self.send("Page.navigate", session, url=address)
        self.wait("Page.loadEventFired", session)
        return Page(self, session, target)


def _high(descriptor: int) -> int:
    """The same file under a number above those that the browser uses."""
    import fcntl  # not for every system

    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Page:
    """An open page."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    def run(self, script: str) -> Any:
        """The value of an expression."""
        result = self._browser.send(
            "Runtime.evaluate", self._session, expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def texts(self, selector: str) -> list[str]:
        """The texts of the visible elements that fit."""
        found: list[str] = self.run(
            f"[...document.querySelectorAll({json.dumps(selector)})].filter(e => e.getClientRects().length)"
            ".map(e => e.textContent)"
        )
        return found

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of the first element that fits, after scrolling to it."""
        self.drag(selector, 0, 0)

    def drag(self, selector: str, across: int, down: int) -> None:
        """Press the mouse in the middle of an element, move it, and release it."""
        x, y = self.run(
            f"""(async () => {{
                const element = document.querySelector({json.dumps(selector)});
                element.scrollIntoView({{block: "center"}});
                const painted = done => requestAnimationFrame(() => requestAnimationFrame(done));
                await new Promise(painted);  // the mouse meets what is painted, not what is laid out
                const area = element.getBoundingClientRect();
                return [area.x + area.width / 2, area.y + area.height / 2];
            }})()"""
        )
        self._mouse("mouseMoved", x, y, "none")
        self._mouse("mousePressed", x, y, "left")
        if across or down:
            self._mouse("mouseMoved", x + across, y + down, "left")
        self._mouse("mouseReleased", x + across, y + down, "left")

    def _mouse(self, kind: str, x: float, y: float, button: str) -> None:
        self._browser.send("Input.dispatchMouseEvent", self._session, type=kind, x=x, y=y, button=button, clickCount=1)

    def press(self, key: str) -> None:
        """Press and release a key, such as `ArrowDown`, or write a character."""
        text = key if len(key) == 1 else {"Enter": "\r"}.get(key, "")
        self._browser.send("Input.dispatchKeyEvent", self._session, type="keyDown", key=key, text=text)
        self._browser.send("Input.dispatchKeyEvent", self._session, type="keyUp", key=key)

    def metrics(self) -> dict[str, float]:
        """The browser's own counts of its work for this page, and the CPU seconds that it took."""
        found = self._browser.send("Performance.getMetrics", self._session)["metrics"]
        return {metric["name"]: metric["value"] for metric in found}

    def complaints(self) -> list[str]:
        """The errors and warnings of the console since the page was opened."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded"):
                found.append(json.dumps(event["params"]))
            elif event["method"] == "Runtime.consoleAPICalled" and event["params"]["type"] in ("error", "warning"):
                found.append(json.dumps(event["params"]["args"]))
        return found

    def close(self) -> None:
        self._browser.send("Target.closeTarget", targetId=self._target)
