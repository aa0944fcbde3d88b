#pragma once
#include <chrono>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::office {

class Database;

/// Who tries a password or a claim code: whatever is counted against it slows it alone.
enum class Guesser {
    user_name,      ///< a name that somebody signs in with, from a device that is not known
    address,        ///< the address of such a device
    known_device,   ///< a device from which the user signed in before
    claim_address,  ///< the address of a device that enrols
};

/// Failed tries in a sliding window, counted for all offices that share these records, across restarts. What
/// is kept of a guesser is a hash: people type passwords where names belong.
class FailureStore {
  public:
    explicit FailureStore(Database& db) : db_(db) {}

    /// How long until it may try again; zero: now.
    [[nodiscard]] std::chrono::seconds wait(Guesser guesser, const std::string& id, Instant now) const;
    /// At most 100,000 are kept: the oldest go first.
    void add(Guesser guesser, const std::string& id, Instant now);
    /// It was right: none of its failures counts any more.
    void forget(Guesser guesser, const std::string& id);

  private:
    Database& db_;
};

}  // namespace riverlight::office
