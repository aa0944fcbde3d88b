#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/office_load.hpp"

/// What a database alone costs that keeps what the office keeps.
namespace riverlight::office {

// More than 12 members: a statement for each table.
/// A file with the office's own tables and indexes, into which the rows of records are written that the
/// office makes of them, and its sums: the same rows, the same index entries, durable alike. Nothing is read,
/// checked, signed, hashed or worked out.
class SameRowsDatabase {
  public:
    /// `folder`: an empty one, or none yet.
    explicit SameRowsDatabase(const std::string& folder) : db_(with_tables(folder)) {}

    /// One transaction: uploads of `size` records each.
    void insert(const std::vector<AiringRecord>& records, std::size_t begin, std::size_t end,
                std::size_t size, bool has_plan) {
        SQLite::Transaction transaction(db_);
        for (auto i = begin; i < end; ++i) {
            insert(records[i], texts_[i]);
            if ((i + 1) % size == 0) add_to_sums(records[i], static_cast<std::int64_t>(size), has_plan);
        }
        transaction.commit();
    }
    /// What a row holds beside the record's own texts. Before the measurement.
    void prepare(const std::vector<AiringRecord>& records) {
        for (const auto& r : records)
            texts_.push_back(
                {to_rfc3339(*r.started), content::record_json(r), to_rfc3339(*r.started).substr(0, 10)});
    }

  private:
    struct Texts {
        std::string at, json, day;
    };
    static SQLite::Database with_tables(const std::string& folder) {
        std::filesystem::create_directories(folder);
        { const OfficeStore made(folder); }
        SQLite::Database db(folder + "/office.db", SQLite::OPEN_READWRITE);
        db.exec("PRAGMA journal_mode=WAL");
        db.exec("PRAGMA synchronous=FULL");
        return db;
    }
    template <class... Values>
    static void run(SQLite::Statement& statement, const Values&... values) {
        int at = 0;
        const auto bind = [&](const auto& value) {
            if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>)
                statement.bind(++at, static_cast<std::int64_t>(value));
            else
                statement.bindNoCopy(++at, value);
        };
        (bind(values), ...);
        statement.exec();
        statement.reset();
    }
    void insert(const AiringRecord& r, const Texts& t) {
        ++id_;
        const auto start = r.started->time_since_epoch().count();
        const auto monotonic = r.monotonic_start->time_since_epoch().count();
        run(airing_, id_, r.board, r.epoch, r.seq, r.hash, r.place, country_, t.day, t.at, r.airing,
            r.locale_aired, r.campaign, r.segment, aired_, t.json, r.outlet, r.booking, r.reason, r.boot_id,
            t.at, t.at, aired_, 10'000, 10'000, 0);
        run(start_, id_, r.board, r.boot_id, clock_, monotonic, start);
        run(on_air_, id_, r.board, r.outlet, r.boot_id, monotonic, 10'000'000, t.day, start);
        run(outlet_day_, r.board, r.outlet, t.day, 10'000'000);
        run(entry_, r.board, r.epoch, r.seq, id_);
        run(node_, 0, id_, hash_);
        if (id_ % 2 == 0) run(node_, 1, id_ / 2, hash_);
        if (id_ % 4 == 0) run(node_, 2, id_ / 4, hash_);
    }
    /// Of an upload that ends with this record.
    void add_to_sums(const AiringRecord& r, std::int64_t count, bool has_plan) {
        const auto& day = texts_[static_cast<std::size_t>(id_ - 1)].day;
        run(count_, day, country_, 1, aired_, count);
        run(board_count_, r.board, day, country_, 1, aired_, count);
        run(signature_, r.board, r.epoch, r.seq, r.seq - count + 1, r.hash);
        run(heard_, day, r.board);
        if (!has_plan) return;
        run(day_sum_, day, r.place, 1, count);
        run(country_sum_, day, country_, 1, count);
    }

    SQLite::Database db_;
    std::vector<Texts> texts_;
    std::int64_t id_ = 0;
    const std::string country_ = "KH", aired_ = "aired", clock_ = "synchronised",
                      hash_ = std::string(32, 'h');
    SQLite::Statement airing_{
        db_,
        "INSERT INTO airing(id, board, epoch, seq, hash, place, country, day, at, airing, locale, campaign, "
        "segment, status, json, outlet, booking, reason, boot, planned, received, assessed, length_ms, "
        "shown_ms, "
        "overclaims) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
    SQLite::Statement start_{db_, "INSERT INTO start VALUES(?,?,?,?,?,?,NULL,NULL)"};
    SQLite::Statement on_air_{db_, "INSERT INTO on_air VALUES(?,?,?,?,?,?,?,?)"};
    SQLite::Statement outlet_day_{db_,
                                  "INSERT INTO outlet_day VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET "
                                  "on_air_us=on_air_us+excluded.on_air_us"};
    SQLite::Statement entry_{db_, "INSERT INTO tree_entry VALUES(?,?,?,?)"};
    SQLite::Statement node_{db_, "INSERT INTO tree_node VALUES(?,?,?)"};
    SQLite::Statement count_{db_,
                             "INSERT INTO airing_count VALUES(?,?,?,?,0,'',?) ON CONFLICT DO UPDATE SET "
                             "count=count+excluded.count"};
    SQLite::Statement board_count_{
        db_,
        "INSERT INTO board_airing_count VALUES(?,?,?,?,?,0,'',?) ON CONFLICT DO UPDATE SET "
        "count=count+excluded.count"};
    SQLite::Statement signature_{db_, "INSERT INTO batch_signature VALUES(?,?,?,?,?)"};
    SQLite::Statement heard_{db_, "UPDATE board SET heard=? WHERE board=?"};
    SQLite::Statement day_sum_{
        db_,
        "INSERT INTO day_sum VALUES(?,?,?,?,0,0,0,0,0,0,0,0,0,0,0) ON CONFLICT DO UPDATE SET "
        "aired=aired+excluded.aired"};
    SQLite::Statement country_sum_{
        db_,
        "INSERT INTO country_sum VALUES(?,?,?,?,0,0,0,0,0,0,0,0,0,0,0) ON CONFLICT DO UPDATE SET "
        "aired=aired+excluded.aired"};
};

}  // namespace riverlight::office
