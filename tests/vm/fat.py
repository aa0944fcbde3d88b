"""Reads and damages a FAT32 image, by Microsoft's FAT specification (fatgen103). A seed makes every damage reproducible.

The damages are those of sticks that were pulled during a write, are worn out or are fake: in the allocation table and the folders.
"""
import random
import struct

END, FREE, BAD = 0x0FFFFFFF, 0, 0x0FFFFFF7
FOLDER, LONG_NAME, LABEL = 0x10, 0x0F, 0x08


class Fat:
    """An image in memory, `data`; a file or folder is identified by the offset of its entry."""

    def __init__(self, data):
        self.data = bytearray(data)
        sector, per_cluster, reserved, tables = struct.unpack_from("<HBHB", data, 11)
        size, self.root = struct.unpack_from("<I", data, 36)[0], struct.unpack_from("<I", data, 44)[0]
        assert data[510:512] == b"\x55\xaa" and size, "no FAT32"
        self.cluster = sector * per_cluster
        self.tables = [sector * (reserved + i * size) for i in range(tables)]
        self.table_bytes = sector * size
        self.first = sector * (reserved + tables * size)

    def at(self, cluster):
        return self.first + (cluster - 2) * self.cluster

    def next(self, cluster):
        return struct.unpack_from("<I", self.data, self.tables[0] + 4 * cluster)[0] & 0x0FFFFFFF

    def link(self, cluster, to):
        for table in self.tables:
            struct.pack_into("<I", self.data, table + 4 * cluster, to)

    def chain(self, cluster):
        out = []
        while 2 <= cluster < BAD:
            out.append(cluster)
            cluster = self.next(cluster)
        return out

    def entries(self, cluster):
        """(offset of the entry, first cluster, is a folder) for each entry of a folder, without `.` and `..`."""
        for place in self.chain(cluster):
            for offset in range(self.at(place), self.at(place) + self.cluster, 32):
                name, kind = self.data[offset : offset + 11], self.data[offset + 11]
                if name[0] == 0:
                    return
                if name[0] in (0xE5, 0x2E) or kind & LONG_NAME == LONG_NAME or kind & LABEL:
                    continue
                high, low = struct.unpack_from("<H", self.data, offset + 20)[0], struct.unpack_from("<H", self.data, offset + 26)[0]
                yield offset, high << 16 | low, bool(kind & FOLDER)

    def walk(self):
        """Cluster chains of all files, and of all folders but the root, in directory order."""
        files, folders, waiting = [], [], [self.root]
        while waiting:
            for _, first, is_folder in self.entries(waiting.pop(0)):
                chain = self.chain(first)
                if is_folder:
                    waiting.append(first)
                if chain:
                    (folders if is_folder else files).append(chain)
        return files, folders


def cut_chains(fat, draw):
    """Every file of several clusters ends before it should."""
    for chain in [c for c in fat.walk()[0] if len(c) > 1]:
        fat.link(chain[draw.randrange(len(chain) - 1)], END)


def freed_chains(fat, draw):
    """Every file of several clusters continues in a free cluster."""
    for chain in [c for c in fat.walk()[0] if len(c) > 1]:
        fat.link(chain[draw.randrange(len(chain) - 1)], FREE)


def crossed_chains(fat, draw):
    """Every file of several clusters continues in the middle of another."""
    chains = [c for c in fat.walk()[0] if len(c) > 1]
    others = chains[1:] + chains[:1]
    for chain, other in zip(chains, others):
        fat.link(chain[draw.randrange(len(chain) - 1)], draw.choice(other))


def rings(fat, draw):
    """The chain of every file of several clusters and of every folder is a cycle."""
    files, folders = fat.walk()
    for chain in [c for c in files if len(c) > 1] + folders:
        fat.link(chain[-1], draw.choice(chain))


def garbage_folders(fat, draw):
    """Half of the entries in every folder are random bytes."""
    for chain in fat.walk()[1]:
        for offset in range(fat.at(chain[0]) + 64, fat.at(chain[0]) + fat.cluster, 32):
            if draw.random() < 0.5:
                fat.data[offset : offset + 32] = draw.randbytes(32)


def swapped_entries(fat, draw):
    """Every entry of a folder begins at another's cluster: files that are folders, and folders that are files."""
    for chain in [[fat.root], *fat.walk()[1]]:
        entries = list(fat.entries(chain[0]))
        starts = [first for _, first, _ in entries]
        draw.shuffle(starts)
        for (offset, _, is_folder), first in zip(entries, starts):
            struct.pack_into("<H", fat.data, offset + 20, first >> 16)
            struct.pack_into("<H", fat.data, offset + 26, first & 0xFFFF)
            if draw.random() < 0.5:
                fat.data[offset + 11] ^= FOLDER


def noisy_table(fat, draw):
    """A quarter of the table's used entries point anywhere."""
    for chain in sum(fat.walk(), []):
        for cluster in chain:
            if draw.random() < 0.25:
                fat.link(cluster, draw.randrange(1 << 28))


def short(fat, _draw):
    """The device is smaller than its filesystem says: a fake stick, or a half-copied image."""
    first = min(chain[0] for chain in fat.walk()[0])  # of what lies behind, a board may need nothing
    del fat.data[fat.at(first + 1) :]
    del fat.data[len(fat.data) // 512 * 512 :]


def no_table(fat, _draw):
    """Both allocation tables are zero."""
    for table in fat.tables:
        fat.data[table : table + fat.table_bytes] = bytes(fat.table_bytes)


def no_filesystem(fat, draw):
    """The first sectors are random bytes."""
    fat.data[:8192] = draw.randbytes(8192)


DAMAGES = (cut_chains, freed_chains, crossed_chains, rings, garbage_folders, swapped_entries, noisy_table, short, no_table, no_filesystem)


def apply_damage(image, how, seed):
    """Returns `image` (bytes) with one of DAMAGES applied."""
    fat = Fat(image)
    how(fat, random.Random(f"{how.__name__} {seed}"))
    return bytes(fat.data)
