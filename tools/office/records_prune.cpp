#include "tools/office/records_prune.hpp"

#include <spdlog/spdlog.h>

#include "tools/office/database.hpp"
#include "tools/office/records_lock.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

using std::chrono::local_days;

constexpr int records_at_once = 2000;

/// The airings of a piece of a prune: ?1 the day, ids from behind ?2 up to ?3, ?4 the instant from which on
/// what is said of a time may touch a day that stays.
const std::string pruned_airings =
    " FROM airing WHERE day<?1 AND id>?2 AND id<=?3 AND NOT EXISTS(SELECT 1 FROM time_span s WHERE "
    "s.id=airing.id AND s.until_us>?4)";

/// A day begins first at UTC+14.
std::int64_t earliest_of(local_days day) {
    const auto begin = std::chrono::sys_days(day.time_since_epoch()) - std::chrono::hours(14);
    return std::chrono::duration_cast<std::chrono::microseconds>(begin.time_since_epoch()).count();
}

void add_all(Rows rows, Unsettled why, std::vector<PruneObstacle>& out) {
    while (rows.next()) out.push_back({why, rows.text(0)});
}

std::vector<PruneObstacle> obstacles_of(const Database& db, local_days before, Instant now) {
    std::vector<PruneObstacle> out;
    const auto day = to_iso(before);
    const auto newest = std::chrono::floor<std::chrono::days>(now) - youngest_pruned;
    if (std::chrono::sys_days(before.time_since_epoch()) > newest)
        out.push_back({Unsettled::too_young, to_iso(local_days(newest.time_since_epoch()))});
    add_all(db.query("SELECT board FROM board WHERE state<>'retired' AND enrolled<?1 AND NOT EXISTS(SELECT 1 "
                     "FROM airing WHERE airing.board=board.board AND airing.day>=?1) ORDER BY 1",
                     {day}),
            Unsettled::board_behind, out);
    add_all(db.query("SELECT DISTINCT place FROM airing WHERE country='' AND day<? ORDER BY 1", {day}),
            Unsettled::not_filed, out);
    add_all(
        db.query("SELECT place || ' on ' || day FROM place_day WHERE (zone='' OR knows_kinds=0) AND day<? "
                 "ORDER BY place, day",
                 {day}),
        Unsettled::not_counted, out);
    return out;
}

/// One prune, piece by piece.
class Prune {
  public:
    Prune(Database& db, local_days before) : db_(db), day_(to_iso(before)), earliest_(earliest_of(before)) {}

    /// The days' sums are final once their plans are gone.
    void begin(Instant now) {
        at_ = to_rfc3339(now);
        db_.run("INSERT INTO pruned VALUES(?,?,0) ON CONFLICT(at) DO UPDATE SET before=excluded.before",
                {at_, day_});
        for (const auto* table : {"kept_plan", "silent", "outlet_day"})
            db_.run(std::string("DELETE FROM ") + table + " WHERE day<?", {day_});
    }

    /// False: nothing is left.
    bool remove_some() {
        const auto until = db_.integer(
            "SELECT MAX(id) FROM (SELECT id FROM airing WHERE day<? AND id>? ORDER BY id LIMIT ?) AS next",
            {day_, last_, records_at_once});
        if (!until || *until <= last_) return false;
        Transaction piece(db_);
        const auto run = [&](const std::string& sql) {
            return db_.run(sql, {day_, last_, *until, earliest_});
        };
        take_from_counts(run);
        run("INSERT INTO carried_over(board, epoch, seq, hash) SELECT board, epoch, seq, hash" +
            pruned_airings);
        for (const std::string table : {"placed", "start", "on_air", "time_span"})
            run("DELETE FROM " + table + " WHERE id IN (SELECT id" + pruned_airings + ')');
        const auto removed = run("DELETE" + pruned_airings);
        db_.run("UPDATE pruned SET records=records+? WHERE at=?", {removed, at_});
        piece.commit();
        removed_ += removed;
        last_ = *until;
        return true;
    }

    [[nodiscard]] std::int64_t removed() const { return removed_; }

  private:
    template <class Run>
    void take_from_counts(const Run& run) {
        const auto take = [&](const std::string& table, const std::string& board) {
            const auto from_subject = " JOIN subject USING(campaign, segment, locale)";
            auto from = pruned_airings;
            from.insert(from.find(" WHERE"), from_subject);
            for (const std::string column : {"id>?2", "id<=?3"})
                from.replace(from.find(' ' + column) + 1, column.size(), "airing." + column);
            run("INSERT INTO " + table + " SELECT " + board +
                "day, country, subject.id, assessed, overclaims, doubt, -COUNT(*)" + from + " GROUP BY " +
                board + "day, country, subject.id, assessed, overclaims, doubt ON CONFLICT(" + board +
                "day, country, subject, status, overclaims, doubt) DO UPDATE SET count=" + table +
                ".count+excluded.count");
            db_.run("DELETE FROM " + table + " WHERE count=0 AND day<?", {day_});
        };
        take("airing_count", "");
        take("board_airing_count", "board, ");
    }

    Database& db_;
    const std::string day_;
    const std::int64_t earliest_;
    std::string at_;
    std::int64_t last_ = 0;
    std::int64_t removed_ = 0;
};

/// A month's table without rows goes; one that lost some is written again without them.
void shrink_months(Database& db, const std::string& day) {
    std::vector<std::string> months;
    {
        auto q = db.query(
            "SELECT quote_ident(c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid=i.inhrelid WHERE "
            "i.inhparent='airing'::regclass AND c.relname<='airing_' || replace(substr(?, 1, 7), '-', '_') "
            "ORDER BY 1",
            {day});
        while (q.next()) months.push_back(q.text(0));
    }
    for (const auto& month : months) {
        Transaction drop(db);
        const bool is_empty = !db.integer("SELECT 1 FROM " + month + " LIMIT 1");
        if (is_empty) db.run_all("DROP TABLE " + month);
        drop.commit();
        if (!is_empty) db.run_all("VACUUM FULL " + month);
    }
}

void give_space_back(Database& db, const std::string& day) {
    if (db.kind() == DatabaseKind::sqlite) {
        db.run_all("VACUUM");
        db.run_all("PRAGMA wal_checkpoint(TRUNCATE)");
        return;
    }
    shrink_months(db, day);
    for (const std::string table : {"kept_plan", "placed", "start", "on_air", "time_span", "silent",
                                    "outlet_day", "airing_count", "board_airing_count"})
        db.run_all("VACUUM (FULL, ANALYZE) " + table);
}

}  // namespace

PrunedRecords prune_records(const std::string& folder, local_days before, Instant now) {
    const auto lock = RecordsLock::shared(folder);
    Database db(RecordsAddress::in_folder(folder));
    PrunedRecords out;
    {
        const OneMoment moment(db);
        for (const auto& fault : verify_records(db))
            out.obstacles.push_back({Unsettled::not_intact, fault.board + ", epoch " + fault.epoch +
                                                                ", seq " + std::to_string(fault.seq)});
        if (const auto entry = verify_list(db))
            out.obstacles.push_back(
                {Unsettled::not_intact, "entry " + std::to_string(*entry) + " of the list of records"});
    }
    Prune prune(db, before);
    {
        Transaction begin(db);
        for (auto& obstacle : obstacles_of(db, before, now)) out.obstacles.push_back(std::move(obstacle));
        if (!out.obstacles.empty()) return out;
        prune.begin(now);
        begin.commit();
    }
    while (prune.remove_some()) {
    }
    out.records = prune.removed();
    try {
        give_space_back(db, to_iso(before));
    } catch (const Error& e) {  // somebody reads for long
        spdlog::warn(
            "the space of what was pruned is not given back yet: prune again when nobody exports ({})",
            e.what());
    }
    return out;
}

std::optional<local_days> pruned_before(const Database& db) {
    const auto day = db.text("SELECT MAX(before) FROM pruned");
    return day ? date_from_iso(*day) : std::nullopt;
}

}  // namespace riverlight::office
