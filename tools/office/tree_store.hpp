#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/audit/tree_head.hpp"

/// The list of all records that the office accepted, as a Merkle tree (content/audit).
namespace riverlight::office {

class Database;

/// Who holds a signed head of the list can tell later whether the office changed, dropped or added a record.
/// The list has every record that stands in a chain, also one that is known by its hash alone, in the order
/// in which the office accepted them.
class TreeStore {
  public:
    /// A record that was accepted.
    struct Entry {
        std::string board, epoch;
        std::int64_t seq = 0;
        std::string hash;  ///< hex
    };

    explicit TreeStore(Database& db) : db_(db) {}

    [[nodiscard]] std::uint64_t size() const;
    /// Adds records at the end, in the caller's transaction.
    void append(const std::vector<Entry>& entries);
    /// Where a record stands in the list; nothing if it is not in it.
    [[nodiscard]] std::optional<std::uint64_t> index_of(const std::string& board, const std::string& epoch,
                                                        std::int64_t seq) const;
    /// The head of the list as it is, not signed.
    [[nodiscard]] content::TreeHead head(Instant now) const;
    /// For proofs (content/merkle/proofs.hpp). Refers to this store.
    [[nodiscard]] merkle::NodeReader nodes() const;

    /// Keeps a signed head: the first of each UTC day stays.
    void keep_head(const content::TreeHead& head);
    /// The head that is kept of that moment's UTC day, as it was signed; nothing if there is none.
    [[nodiscard]] std::optional<std::string> kept_head(Instant now) const;

  private:
    Database& db_;
};

}  // namespace riverlight::office
