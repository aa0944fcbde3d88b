"""Compares pictures and sound as decoded by ffmpeg."""
import subprocess

GRID = (160, 90)


def raw(words, data=None):
    return subprocess.run(["ffmpeg", "-v", "error", *[str(w) for w in words], "-"], input=data, capture_output=True, check=True, timeout=600).stdout


def grid_of(path, frame=None, turn=""):
    """A picture as 160 × 90 mean colours, row by row; for a video, its frame number `frame`."""
    pick = f"select=eq(n\\,{frame})," if frame is not None else ""
    # To RGB at full size first: 4:2:0 made smaller at once would blur its colours' edges otherwise than its light's.
    filters = f"{pick}{turn}scale=in_color_matrix=bt709:flags=bilinear,format=rgb24,scale={GRID[0]}:{GRID[1]}:flags=area"
    return raw(["-i", path, "-vf", filters, "-frames:v", "1", "-f", "rawvideo"])


def light_of(path, size, first=None, count=1):
    """The luma of a picture scaled to `size`, one byte per pixel; for a video, a list of `count` frames from `first` on."""
    pick = f"trim=start_frame={first}:end_frame={first + count}," if first is not None else ""
    filters = f"{pick}scale=in_color_matrix=bt709:flags=bilinear,format=rgb24,scale={size[0]}:{size[1]}:flags=area,format=gray"
    data, each = raw(["-i", path, "-vf", filters, "-f", "rawvideo"]), size[0] * size[1]
    frames = [data[at : at + each] for at in range(0, len(data), each)]
    return frames if first is not None else frames[0]


def rows_that_differ(a, b, width, least=60):
    """Rows in which any pixel of two lumas differs by more than `least`."""
    return [y for y in range(len(a) // width) if any(abs(a[i] - b[i]) > least for i in range(y * width, (y + 1) * width))]


def difference(a, b):
    """Mean and greatest difference of two grids, on a scale of 0 to 255."""
    if len(a) != len(b) or not a:
        return 255.0, 255
    each = [abs(x - y) for x, y in zip(a, b)]
    return sum(each) / len(each), max(each)


def brightness(grid):
    return sum(grid) / len(grid)


def brightness_of(ppm):
    """Approximately the same for a PPM picture as QEMU writes it, without starting a program, for samples in quick succession."""
    data = ppm.read_bytes()
    return brightness(data[15::101])


def sound_of(path):
    """The left channel, as numbers from −1 to 1."""
    data = memoryview(raw(["-i", path, "-ac", "1", "-ar", "48000", "-f", "s16le"])).cast("h")
    return [v / 32768 for v in data]


def gaps(samples, least=480):
    """Gaps of `least` or more silent samples between the first and the last sound: [(first, length)]."""
    found, first = [], None
    heard = [i for i in range(0, len(samples)) if abs(samples[i]) > 0.01]
    if not heard:
        return found
    for a, b in zip(heard, heard[1:]):
        if b - a >= least:
            found.append((a, b - a))
    return found


def frequency(samples):
    """The frequency of a tone, by its upward zero crossings."""
    crossings = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
    if len(crossings) < 2:
        return 0.0
    return 48000 * (len(crossings) - 1) / (crossings[-1] - crossings[0])
