#pragma once
#include <boost/json.hpp>

#include "content/base/json.hpp"
#include "player/cue/cue.hpp"

/// A cue as a JSON object: the body of the commands `cue` and `takeover`.
namespace riverlight::player {

/// `type` is the command that carries the cue.
[[nodiscard]] boost::json::object write_cue(const Cue& cue, const char* type);
/// Reads what is left of `fields` after its `type`. Throws Error for a member that is missing, unknown, of
/// the wrong shape or outside its range.
[[nodiscard]] Cue read_cue(JsonFields& fields);

}  // namespace riverlight::player
