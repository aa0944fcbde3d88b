#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/resource.h>

#include <chrono>
#include <string>
#include <utility>

#include "content/airing/batch.hpp"
#include "content/http/gzip.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/reception.hpp"

/// Boards and a bare database, for what measures the office.
namespace riverlight::office {

using namespace std::chrono_literals;

inline Instant now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Of this process, or of this thread: RUSAGE_SELF, RUSAGE_THREAD.
inline double processor_seconds(int whose) {
    rusage used{};
    ::getrusage(whose, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// A board that has enrolled, and its journal.
class Board {
  public:
    Board(OfficeStore& store, int number) : id_("board-" + std::to_string(number)) {
        BoardRow row;
        row.board = id_;
        row.place = "kh-pp-01";
        row.public_key = key_.public_hex();
        row.enrolled = now();
        const auto code = issue_claim_code(store, "kh-pp-01", id_, now());
        store.boards.enrol(claim_code_hash(code), row);
        store.boards.set_state(id_, BoardState::active);
    }
    content::AiringRecord next_record() {
        content::AiringRecord r;
        r.board = id_;
        r.epoch = "0123456789abcdef";
        r.seq = ++seq_;
        r.outlet = "screen";
        r.place = "kh-pp-01";
        r.airing = id_ + '-' + std::to_string(seq_);
        r.campaign = "always";
        r.segment = "fair-work";
        r.locale_aired = "km";
        r.status = content::AiringStatus::aired;
        r.started = r.planned_start = begin_ + std::chrono::seconds(10 * seq_);
        r.ended = r.planned_end = *r.started + 10s;
        r.boot_id = "boot-1";
        r.clock = content::ClockState::synchronised;
        r.monotonic_start = MonotonicTime{std::chrono::seconds(10 * seq_)};
        r.monotonic_end = *r.monotonic_start + 10s;
        r.frames = 250;
        r.samples = 480'000;
        r.sha256 = std::string(64, 'a');
        r.previous = previous_.empty() ? content::first_previous(r.board, r.epoch) : previous_;
        r.hash = content::record_hash(r);
        previous_ = r.hash;
        return r;
    }
    /// A batch as it travels.
    struct Upload {
        Reception::UploadPath path;
        std::string body, digest;
    };
    Upload next_upload(int records) {
        content::Batch batch;
        for (int i = 0; i < records; ++i) batch.airings.push_back(next_record());
        batch.board = id_;
        batch.epoch = batch.airings.front().epoch;
        batch.first = batch.airings.front().seq;
        batch.last = seq_;
        batch.head = previous_;
        const auto range = std::to_string(batch.first) + '-' + std::to_string(batch.last);
        auto body = http::gzip(write_batch(batch, key_));
        auto digest = "sha-256=:" + to_base64(sha256_raw(body)) + ':';
        return {{id_, batch.epoch, range}, std::move(body), std::move(digest)};
    }
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] std::string sign(const std::string& text) const { return key_.sign(text); }

  private:
    std::string id_;
    SigningKey key_ = SigningKey::generate();
    std::int64_t seq_ = 0;
    std::string previous_;
    Instant begin_ = now() - 24h * 300;
};

struct Rate {
    double a_second = 0;
    double microseconds = 0;  ///< of processor time for each, in the threads that did it
};

/// The same rows in bare SQLite, as durable as the office's.
struct BareDatabase {
    explicit BareDatabase(const std::string& file)
        : db(prepared(SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE))),
          insert_row(db, "INSERT INTO airing VALUES(NULL,?,?,?,?,?,?,?,?)") {}
    void insert(const AiringRecord& r) {
        int at = 0;
        insert_row.reset();
        insert_row.bind(++at, r.seq);
        const auto started = to_rfc3339(*r.started);
        for (const auto& text :
             {r.board, r.epoch, r.hash, r.place, started.substr(0, 10), started, content::record_json(r)})
            insert_row.bind(++at, text);
        insert_row.exec();
    }
    SQLite::Database db;
    SQLite::Statement insert_row;

  private:
    static SQLite::Database prepared(SQLite::Database db) {
        db.exec("PRAGMA journal_mode=WAL");
        db.exec("PRAGMA synchronous=FULL");
        db.exec(
            "CREATE TABLE airing(id INTEGER PRIMARY KEY, seq INTEGER, board TEXT, epoch TEXT, hash TEXT, "
            "place TEXT, day TEXT, at TEXT, json TEXT, UNIQUE(board, epoch, seq)); CREATE INDEX d ON "
            "airing(place, day)");
        return db;
    }
};

}  // namespace riverlight::office
