#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"

namespace riverlight::content {

/// Why a channel's metadata are not accepted, or a file that they name.
enum class TrustFault : std::uint8_t {
    signatures,         ///< fewer good ones than its role needs
    former_signatures,  ///< a new root lacks those of the root before it
    expired,
    rollback,     ///< older than what was seen before
    replaced,     ///< other content under a version that was seen before
    vanished,     ///< a snapshot leaves out a role that it named before
    version,      ///< another version than the one that was signed
    bytes,        ///< not the signed length or hashes, or no hash that can be checked
    absent,       ///< the source has no such file
    undelegated,  ///< no role that is trusted names it
    too_many,     ///< more roles than a client takes
};
using TrustError = Refused<TrustFault>;

class TooFewSignatures : public TrustError {
  public:
    TooFewSignatures(TrustFault of, Where at, int is, int threshold)
        : TrustError(of, std::move(at),
                     std::to_string(is) + " of the " + std::to_string(threshold) +
                         " signatures it needs are good; it was changed on its way, or signed with other "
                         "keys. It is not taken, what was there stays"),
          good(is),
          needed(threshold) {}
    int good, needed;
};

/// The metadata have expired: nothing new is accepted. What was accepted before continues to play.
class Expired : public TrustError {
  public:
    Expired(Where at, const std::string& why, Instant moment)
        : TrustError(TrustFault::expired, std::move(at), why), since(moment) {}
    Instant since;  ///< when it expired
};

/// The metadata are older than what was seen before, or have other content under the same version. Somebody
/// may be offering an old release as new.
class Rollback : public TrustError {
  public:
    using TrustError::TrustError;
};

}  // namespace riverlight::content
