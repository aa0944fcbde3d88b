#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <string>

#include "content/base/crypto.hpp"
#include "content/base/instant.hpp"

namespace riverlight::publisher {

/// `_type`, `spec_version`, `version` and `expires` of a role's metadata, ready for its own fields.
[[nodiscard]] boost::json::object metadata_head(const char* type, std::int64_t version, Instant now,
                                                std::chrono::days term);
/// The public key as metadata lists it (section 4.2).
[[nodiscard]] boost::json::object key_object(const std::string& public_hex);
/// The whole file: `signed`, and one signature by `key`. A newline at the end.
[[nodiscard]] std::string signed_file(const boost::json::object& body, const SigningKey& key);

}  // namespace riverlight::publisher
