#include "tools/office/airing_store.hpp"

#include <cassert>

#include "content/base/plain_text.hpp"
#include "tools/office/airing_days.hpp"
#include "tools/office/airing_filer.hpp"
#include "tools/office/airing_list.hpp"
#include "tools/office/database.hpp"
#include "tools/office/report_rows.hpp"
#include "tools/office/tree_store.hpp"

namespace riverlight::office {
namespace {

constexpr std::int64_t records_a_signature = 64;

Instant instant(const std::string& text) {
    return from_rfc3339(text).value_or(Instant{});
}

/// From the counts: as many rows as there are values.
std::string select_values(AiringColumn column) {
    const auto of_subject = [](const std::string& name) {
        return "SELECT DISTINCT " + name + " FROM subject WHERE " + name +
               "<>'' AND EXISTS(SELECT 1 FROM airing_count WHERE airing_count.subject=subject.id AND "
               "count>0) "
               "ORDER BY 1 LIMIT 1000";
    };
    switch (column) {
        case AiringColumn::country:
            return "SELECT DISTINCT country FROM airing_count WHERE country<>'' AND count>0 ORDER BY 1 LIMIT "
                   "1000";
        case AiringColumn::locale:
            return of_subject("locale");
        case AiringColumn::campaign:
            return of_subject("campaign");
        case AiringColumn::segment:
            return of_subject("segment");
    }
    assert(false && "a column of the enumeration");
    return "";
}

}  // namespace

std::optional<Instant> AiringRow::ended() const {
    if (placed) return placed->ended;
    const auto length = content::duration_of(record);
    if (!record.started || !record.ended || !length) return record.ended;
    return *record.started + *length;
}

Instant time_of(const AiringRecord& record) {
    return record.planned_start.value_or(record.started.value_or(Instant{}));
}

Cursor cursor_after(const AiringRow& row) {
    return {row.at, row.id};
}

EpochHead AiringStore::held(const std::string& board, const std::string& epoch) const {
    auto q = db_.query(
        "SELECT seq, hash FROM airing WHERE board=?1 AND epoch=?2 UNION ALL SELECT seq, hash FROM "
        "carried_over WHERE board=?1 AND epoch=?2 ORDER BY seq DESC LIMIT 1",
        {board, epoch});
    if (!q.next()) return EpochHead{};
    return EpochHead{q.integer(0), q.text(1)};
}

std::optional<std::string> AiringStore::hash_of(const std::string& board, const std::string& epoch,
                                                std::int64_t seq) const {
    return db_.text(
        "SELECT hash FROM airing WHERE board=?1 AND epoch=?2 AND seq=?3 UNION ALL SELECT hash FROM "
        "carried_over WHERE board=?1 AND epoch=?2 AND seq=?3",
        {board, epoch, seq});
}

std::optional<std::string> AiringStore::last_epoch(const std::string& board) const {
    return db_.text("SELECT epoch FROM airing WHERE board=? ORDER BY id DESC LIMIT 1", {board});
}

std::map<Doubt, int> AiringStore::add(const std::vector<AiringRecord>& records, const PlaceFacts& place,
                                      const std::optional<Instant>& received) {
    Transaction t(db_);
    AiringFiler filer(db_, plans_);
    std::map<Doubt, int> doubts;
    std::vector<TreeStore::Entry> entries;
    for (const auto& record : records) {
        assert(record.seq > 0);
        entries.push_back({record.board, record.epoch, record.seq, record.hash});
        if (is_held_from_before(record))
            db_.run("INSERT INTO carried_over VALUES(?,?,?,?)",
                    {record.board, record.epoch, record.seq, record.hash});
        else if (const auto doubt = filer.add(record, place, received))
            ++doubts[*doubt];
    }
    filer.finish(place);
    TreeStore(db_).append(entries);
    t.commit();
    return doubts;
}

void AiringStore::keep_signature(const content::BatchHead& batch) {
    // What is held by its hash alone ends what a signature covers.
    db_.run(
        "DELETE FROM batch_signature WHERE board=?1 AND epoch=?2 AND last>?3 AND last>(SELECT "
        "COALESCE(MAX(seq), 0) FROM carried_over WHERE board=?1 AND epoch=?2)",
        {batch.board, batch.epoch, (batch.last - 1) / records_a_signature * records_a_signature});
    db_.run("INSERT INTO batch_signature VALUES(?,?,?,?,?) ON CONFLICT(board, epoch, last) DO NOTHING",
            {batch.board, batch.epoch, batch.last, batch.first, batch.signature});
}

void AiringStore::set_aside(const RefusedRecord& record) {
    Transaction t(db_);
    db_.run("INSERT INTO carried_over VALUES(?,?,?,?)",
            {record.board, record.epoch, record.seq, record.hash});
    db_.run("INSERT INTO refused VALUES(?,?,?,?,?,?)",
            {record.board, record.epoch, record.seq, record.hash, record.why, to_rfc3339(record.at)});
    TreeStore(db_).append({{record.board, record.epoch, record.seq, record.hash}});
    t.commit();
}

/// True if a board carried the record over from the journal before, and the office holds it from there.
bool AiringStore::is_held_from_before(const AiringRecord& record) const {
    const auto before = record.evidence.find(content::evidence_journal_before);
    return before != record.evidence.end() &&
           db_.text("SELECT hash FROM airing WHERE hash=? AND board=?", {before->second, record.board});
}

void AiringStore::file(const std::string& place, const PlaceFacts& facts) {
    Transaction t(db_);
    std::vector<std::int64_t> rows;
    auto q = db_.query("SELECT id FROM airing WHERE place=? AND country='' ORDER BY id", {place});
    while (q.next()) rows.push_back(q.integer(0));
    AiringFiler filer(db_, plans_);
    for (const auto id : rows) filer.file_again(id, facts);
    filer.finish(facts);
    t.commit();
}

std::vector<AiringRow> AiringStore::list(const AiringFilter& filter, const std::optional<Cursor>& after,
                                         std::size_t count, AiringOrder order) const {
    return AiringList(db_, filter, order).rows(after, count);
}

std::int64_t AiringStore::count(const AiringFilter& filter, std::int64_t at_most) const {
    return AiringDays(db_).count(filter, at_most);
}

std::vector<std::string> AiringStore::values_of(AiringColumn column) const {
    std::vector<std::string> out;
    auto q = db_.query(select_values(column));
    while (q.next()) out.push_back(plain_text(q.text(0), 128));
    return out;
}

std::map<Doubt, std::int64_t> AiringStore::doubts() const {
    std::map<Doubt, std::int64_t> out;
    auto q = db_.query("SELECT doubt, count(*) FROM airing WHERE doubt<>'' GROUP BY doubt");
    while (q.next())
        if (const auto doubt = parse_doubt(q.text(0))) out[*doubt] = q.integer(1);
    return out;
}

std::vector<RefusedRecord> AiringStore::refused(std::size_t count) const {
    std::vector<RefusedRecord> out;
    auto q =
        db_.query("SELECT board, epoch, seq, hash, why, at FROM refused ORDER BY at DESC, seq DESC LIMIT ?",
                  {static_cast<std::int64_t>(count)});
    while (q.next())
        out.push_back({q.text(0), q.text(1), q.integer(2), q.text(3), q.text(4), instant(q.text(5))});
    return out;
}

std::int64_t AiringStore::refused_count() const {
    return db_.integer("SELECT count(*) FROM refused").value_or(0);
}

std::vector<Reported> AiringStore::reports(const std::string& place, std::chrono::local_days day) const {
    return ReportRows(db_).of_day(place, day);
}

ReportedTimes AiringStore::times_of(const DayFacts& day) const {
    return ReportRows(db_).times_of(day);
}

}  // namespace riverlight::office
