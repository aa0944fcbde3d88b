"""10,000 simulated boards, a week, and one real office: what an upload and a board-day cost, and whether office and ledger agree to the row.

  fleet.py BIN SOURCE [--boards 10000] [--days 7] [--folder FOLDER]     FOLDER: on the disk that is to be measured
"""
import argparse
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile


def database_parts(path):
    """Rows and bytes by table, its indexes among them, of office.db; bytes only where SQLite was built with dbstat."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = dict(database.execute("SELECT name, tbl_name FROM sqlite_master"))
        sizes = {}
        try:
            for name, size in database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1"):
                table = tables.get(name, name)
                sizes[table] = sizes.get(table, 0) + size
        except sqlite3.OperationalError:
            pass
        for table in sorted(set(tables.values()), key=lambda name: -sizes.get(name, 0))[:6]:
            yield table, database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0], sizes.get(table)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("bin", type=pathlib.Path)
    words.add_argument("source", type=pathlib.Path)
    words.add_argument("--boards", type=int, default=10_000)
    words.add_argument("--days", type=int, default=7)
    words.add_argument("--folder", type=pathlib.Path)
    o = words.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-fleet-", dir=o.folder))
    try:
        done = subprocess.run([o.bin / "riverlight-fleet", "run", o.source / "tools/fleet/scenarios/week.toml", "--folder", folder,
                               "--boards", str(o.boards), "--days", str(o.days), "--json"], stdout=subprocess.PIPE, text=True)
        if not done.stdout:
            raise SystemExit(done.returncode)
        r = json.loads(done.stdout)
        board_days = r["boards"] * r["days"]
        print(f"| boards, days | {r['boards']}, {r['days']} |")
        print(f"| rows and sums compared; differ | {r['rows_compared']}, {r['sums_compared']}; {r['different']} |")
        print(f"| records, batches, health reports; sent again | {r['records']}, {r['batches']}, {r['health_reports']}; {r['tried_again']} |")
        print(f"| office: processor a board and day | {r['office_processor_ms'] / board_days:.1f} ms |")
        print(f"| office: memory | {r['office_memory_bytes'] / 1e6:.0f} MB |")
        print(f"| office.db, a record | {r['database_bytes'] / max(1, r['records']):.0f} bytes |")
        print(f"| answers, p99: health, batches | {r['health_p99_ms']} ms, {r['batch_p99_ms']} ms |")
        print(f"| to enrol; to live, of it waiting for plans; to compare | {r['enrolling_ms'] / 1000:.0f} s; {r['living_ms'] / 1000:.0f} s, "
              f"{r['office_kept_waiting_ms'] / 1000:.0f} s; {r['checking_ms'] / 1000:.0f} s |")
        for one in r["spreads"]:
            print(f"| release {one['release']}: boards; half, last; most in a second | {one['boards']}; {one['half_s']} s, {one['last_s']} s; {one['most_in_a_second']} |")
        for table, rows, size in database_parts(folder / "state/office.db"):
            print(f"| table {table}: rows, bytes | {rows}, {size if size is not None else 'not known'} |")
        for line in r["differences"][:20]:
            print("differs:", line)
        raise SystemExit(done.returncode)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
