#include "tools/office/tree_store.hpp"

#include "tools/office/database.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight::office {
namespace {

/// The UTC day, as 2026-11-29.
std::string day_of(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

}  // namespace

std::uint64_t TreeStore::size() const {
    return tree_size(db_);
}

merkle::NodeReader TreeStore::nodes() const {
    return [this](merkle::Position position) { return tree_node(db_, position); };
}

void TreeStore::append(const std::vector<Entry>& entries) {
    TreeAppender tree(db_);
    for (const auto& entry : entries) tree.append(entry);
}

std::optional<std::uint64_t> TreeStore::index_of(const std::string& board, const std::string& epoch,
                                                 std::int64_t seq) const {
    const auto index =
        db_.integer("SELECT idx FROM tree_entry WHERE board=? AND epoch=? AND seq=?", {board, epoch, seq});
    if (!index) return std::nullopt;
    return static_cast<std::uint64_t>(*index);
}

content::TreeHead TreeStore::head(Instant now) const {
    content::TreeHead head;
    head.at = now;
    head.size = size();
    head.root = merkle::root(head.size, nodes());
    return head;
}

void TreeStore::keep_head(const content::TreeHead& head) {
    db_.run("INSERT INTO tree_head VALUES(?,?) ON CONFLICT(day) DO NOTHING",
            {day_of(head.at), content::write_tree_head(head)});
}

std::optional<std::string> TreeStore::kept_head(Instant now) const {
    return db_.text("SELECT json FROM tree_head WHERE day=?", {day_of(now)});
}

}  // namespace riverlight::office
