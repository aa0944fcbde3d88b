#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

/// Pieces of TUF metadata as the publisher writes them (specification 1.0.34, section 4).
namespace riverlight::publisher {

/// `_type`, `spec_version`, `version`, `expires` and the time of creation (`x-riverlight-made`). The caller
/// adds the role's own fields.
[[nodiscard]] boost::json::object metadata_head(std::string_view type, std::int64_t version, Instant now,
                                                std::chrono::days term);
/// Prepares a former body to be signed again: sets version, expiry and time of creation, keeps all else.
void renew(boost::json::object& body, std::int64_t version, Instant now, std::chrono::days term);

/// An ed25519 public key as metadata lists it (section 4.2), with its holder if known.
[[nodiscard]] boost::json::object key_object(const std::string& public_hex, const std::string& holder = {});
/// Its id: SHA-256 of the canonical form.
[[nodiscard]] std::string key_id(const boost::json::object& key);

}  // namespace riverlight::publisher
