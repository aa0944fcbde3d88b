#pragma once
#include <string>
#include <vector>

namespace riverlight::author {

/// Writes a template segment source into `folder`, which must not exist or be empty: segment.toml, cards.toml
/// and a strings.toml for each of `locales` (BCP 47; the first is the fallback), each with comments that
/// explain its keys. examine() accepts the template unchanged. `id`: empty for the folder's name. Throws
/// Error naming an invalid id or language; nothing is written then.
void new_segment(const std::string& folder, const std::string& id, const std::vector<std::string>& locales);

}  // namespace riverlight::author
