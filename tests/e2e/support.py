"""What the end-to-end tests share."""
import time


def wait_for(what, probe, seconds=30.0):
    """Asks `probe` until it answers with something true; AssertionError names `what` if it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")
