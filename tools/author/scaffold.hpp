#pragma once
#include <string>
#include <vector>

namespace riverlight::author {

/// Makes `folder` (which must not be there, or be empty) a segment source that is ready to fill and that
/// examine() accepts as it is: segment.toml, cards.toml and a strings.toml for each of `locales` (BCP 47, the
/// first is the fallback), each with comments that say what belongs where. `id`: empty for the folder's name.
/// Throws Error naming what is no id or no language.
void new_segment(const std::string& folder, const std::string& id, const std::vector<std::string>& locales);

}  // namespace riverlight::author
