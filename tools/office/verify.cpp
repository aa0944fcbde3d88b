#include "tools/office/verify.hpp"

#include <algorithm>
#include <map>

#include "content/airing/record.hpp"
#include "content/audit/tree_head.hpp"
#include "content/base/json.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/office/database.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight::office {
namespace {

/// Rows by board, epoch and seq; what is held by its hash alone has no record.
constexpr auto rows =
    "SELECT board, epoch, seq, hash, json, place, airing, campaign, segment, status FROM airing UNION ALL "
    "SELECT board, epoch, seq, hash, NULL, '', '', '', '', '' FROM carried_over ORDER BY 1, 2, 3";

/// Whether a row holds the record that its board wrote, behind the one with the hash `previous`.
bool is_as_written(const Rows& q, const std::string& previous) {
    const auto text = [&](int column) { return q.text(column); };
    if (q.is_null(4)) return true;
    try {
        const auto r = content::parse_record(text(4), "record");
        return r.board == text(0) && r.epoch == text(1) && r.seq == q.integer(2) && r.hash == text(3) &&
               r.hash == content::record_hash(r) && r.previous == previous && r.place == text(5) &&
               content::record_id(r) == text(6) && r.campaign == text(7) && r.segment == text(8) &&
               std::string(r.status ? content::to_text(*r.status) : "") == text(9);
    } catch (const Error&) {
        return false;
    }
}

/// The list's entries with the hash of their record, NULL where there is none.
constexpr auto entries =
    "SELECT t.idx, t.board, t.epoch, t.seq, COALESCE(a.hash, c.hash) FROM tree_entry t LEFT JOIN airing a "
    "USING(board, epoch, seq) LEFT JOIN carried_over c USING(board, epoch, seq) ORDER BY t.idx";

/// Computes the tree of a list again, entry by entry, and compares it with the stored one.
class TreeCheck {
  public:
    explicit TreeCheck(const Database& db) : db_(db) {}
    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Whether what is stored for the next entry is right.
    bool add(const std::string& entry) {
        const auto nodes = merkle::append(size_++, merkle::leaf_hash(entry),
                                          [&](merkle::Position at) { return last_.at(at.level).hash; });
        for (const auto& node : nodes) last_[node.position.level] = node;
        return std::all_of(nodes.begin(), nodes.end(),
                           [&](const merkle::Node& node) { return is_stored(node); });
    }

  private:
    [[nodiscard]] bool is_stored(const merkle::Node& node) const {
        try {
            return tree_node(db_, node.position) == node.hash;
        } catch (const Error&) {
            return false;
        }
    }

    const Database& db_;
    std::uint64_t size_ = 0;
    std::map<int, merkle::Node> last_;  ///< by level
};

/// The size of the first kept head that is not the stored tree's.
std::optional<std::uint64_t> bad_head(const Database& db, std::uint64_t size) {
    auto q = db.query("SELECT json FROM tree_head ORDER BY day");
    while (q.next()) {
        const auto head = content::parse_any_tree_head(q.text(0), "a head of the list");
        const auto node = [&](merkle::Position at) { return tree_node(db, at); };
        if (head.size > size || merkle::root(head.size, node) != head.root) return head.size;
    }
    return std::nullopt;
}

}  // namespace

std::vector<ChainFault> verify_records(const std::string& folder) {
    const Database db(RecordsAddress::in_folder(folder));
    const OneMoment moment(db);
    return verify_records(db);
}

std::vector<ChainFault> verify_records(const Database& db) {
    std::vector<ChainFault> faults;
    ChainFault now;  // the epoch that is read, and how far it is
    std::string previous;
    auto q = db.scan(rows);
    while (q.next()) {
        const auto board = q.text(0), epoch = q.text(1);
        if (board != now.board || epoch != now.epoch) {
            now = {board, epoch, 0};
            previous = content::first_previous(board, epoch);
        }
        if (!faults.empty() && faults.back().board == board && faults.back().epoch == epoch) continue;
        ++now.seq;
        if (q.integer(2) != now.seq || !is_as_written(q, previous)) faults.push_back(now);
        previous = q.text(3);
    }
    return faults;
}

std::optional<std::uint64_t> verify_list(const std::string& folder) {
    const Database db(RecordsAddress::in_folder(folder));
    const OneMoment moment(db);
    return verify_list(db);
}

std::optional<std::uint64_t> verify_list(const Database& db) {
    TreeCheck tree(db);
    auto q = db.scan(entries);
    while (q.next()) {
        const auto index = static_cast<std::uint64_t>(q.integer(0));
        if (index != tree.size() || q.is_null(4)) return tree.size();
        const auto entry = content::tree_entry(q.text(1), q.text(2), q.integer(3), q.text(4));
        if (!tree.add(entry)) return index;
    }
    const auto stored =
        db.integer("SELECT (SELECT COUNT(*) FROM airing) + (SELECT COUNT(*) FROM carried_over)").value_or(0);
    if (static_cast<std::uint64_t>(stored) != tree.size()) return tree.size();
    return bad_head(db, tree.size());
}

std::vector<RestoreNote> restores_of(const std::string& folder) {
    const Database db(RecordsAddress::in_folder(folder));
    std::vector<RestoreNote> out;
    auto q = db.query("SELECT at, made, size, had FROM restored ORDER BY at");
    while (q.next()) {
        RestoreNote note{from_rfc3339(q.text(0)).value_or(Instant{}),
                         from_rfc3339(q.text(1)).value_or(Instant{}),
                         static_cast<std::uint64_t>(q.integer(2)),
                         {}};
        if (!q.is_null(3)) note.had = static_cast<std::uint64_t>(q.integer(3));
        out.push_back(note);
    }
    return out;
}

std::string describe(const RestoreNote& note) {
    return "on " + to_rfc3339(note.at) + " these records were restored from the backup of " +
           to_rfc3339(note.made) + ": the list had " +
           (note.had ? std::to_string(*note.had) : std::string("an unknown number of")) +
           " records before and " + std::to_string(note.size) +
           " after it; heads signed in between are not of this list";
}

}  // namespace riverlight::office
