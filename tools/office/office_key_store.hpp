#pragma once
#include <string>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::office {

class Database;

/// Which keys sign for these records: receipts, proofs and the list's heads.
class OfficeKeyStore {
  public:
    explicit OfficeKeyStore(Database& db) : db_(db) {}

    /// Public keys in hex, the latest last; empty: no office has served these records yet.
    [[nodiscard]] std::vector<std::string> all() const;
    /// From now on this one signs.
    void add(const std::string& public_key, Instant now);

  private:
    Database& db_;
};

}  // namespace riverlight::office
